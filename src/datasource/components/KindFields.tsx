import { useId } from 'react';
import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineSwitch, RadioButtonGroup, type ComboboxOption } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import type { DataSource } from '../datasource.ts';
import { TYPE_OPTIONS } from '../query/type-options.ts';
import type { Query } from '../types.ts';
import { useChoice } from './use-choice.ts';
import { useValueOptions } from './use-options.ts';

export interface FieldProps {
  readonly dataSource: DataSource;
  readonly query: Query;
  /** What changes of the query. */
  readonly onChange: (change: Partial<Query>) => void;
}

export function FormatField({ query, onChange }: FieldProps) {
  const id = useId();
  return (
    <InlineField
      label={t('datasource.query.format', 'Format')}
      tooltip={t(
        'datasource.query.format-tooltip',
        'A table of everything, or one number a row with texts as its labels',
      )}
    >
      <div id={id} data-testid={TEST_IDS.queryEditor.format}>
        <RadioButtonGroup<'table' | 'numeric'>
          options={[
            { value: 'table', label: t('datasource.query.format-table', 'Table') },
            { value: 'numeric', label: t('datasource.query.format-numeric', 'Numeric') },
          ]}
          value={query.format ?? 'numeric'}
          onChange={(format) => onChange({ format })}
        />
      </div>
    </InlineField>
  );
}

/** Which number a numeric frame carries; the first is the default. */
export function ValueField({ dataSource, query, onChange }: FieldProps) {
  const id = useId();
  const { values = [], metrics } = TYPE_OPTIONS[query.queryType];
  const listMetrics = useValueOptions(dataSource, { kind: metrics ?? 'metrics' });
  const chosen = query.value ?? values[0] ?? null;
  const choose = useChoice(chosen, (value) => onChange({ value: value ?? undefined }));
  const options = async (input: string): Promise<ComboboxOption[]> => {
    const own = values.filter((value) => value.includes(input.toLowerCase())).map((value) => ({ value }));
    const known = metrics === undefined ? [] : await listMetrics(input);
    return [...own, ...known.filter(({ value }) => !values.includes(value))];
  };
  return (
    <InlineField label={t('datasource.query.value', 'Value')} htmlFor={id}>
      <Combobox
        id={id}
        data-testid={TEST_IDS.queryEditor.value}
        options={options}
        value={chosen}
        createCustomValue
        width={24}
        onChange={choose}
      />
    </InlineField>
  );
}

export function MetricFields({ dataSource, query, onChange }: FieldProps) {
  const id = useId();
  const scope = query.scope ?? 'service';
  const metrics = useValueOptions(dataSource, { kind: scope === 'edge' ? 'edge-metrics' : 'metrics' });
  const choose = useChoice(query.metric ?? null, (metric) => onChange({ metric: metric ?? undefined }));
  const isMissing = !query.metric;
  return (
    <>
      <InlineField label={t('datasource.query.scope', 'Of')}>
        <div data-testid={TEST_IDS.queryEditor.scope}>
          <RadioButtonGroup<'service' | 'edge'>
            options={[
              { value: 'service', label: t('datasource.query.scope-service', 'Services') },
              { value: 'edge', label: t('datasource.query.scope-edge', 'Dependencies') },
            ]}
            value={scope}
            onChange={(next) => onChange({ scope: next, metric: undefined })}
          />
        </div>
      </InlineField>
      <InlineField
        label={t('datasource.query.metric', 'Metric')}
        htmlFor={id}
        invalid={isMissing}
        error={isMissing ? t('datasource.query.metric-missing', 'Choose a metric') : undefined}
      >
        <Combobox
          id={id}
          data-testid={TEST_IDS.queryEditor.metric}
          placeholder={t('datasource.query.metric-placeholder', 'choose a metric')}
          options={metrics}
          value={query.metric ?? null}
          createCustomValue
          width={28}
          onChange={choose}
        />
      </InlineField>
    </>
  );
}

/** Which metric alone is compared; without one, all that there is room for. */
export function ComparedMetricField({ dataSource, query, onChange }: FieldProps) {
  const id = useId();
  const metrics = useValueOptions(dataSource, { kind: 'metrics' });
  const choose = useChoice(query.metric ?? null, (metric) => onChange({ metric: metric ?? undefined }));
  return (
    <InlineField label={t('datasource.query.metric', 'Metric')} htmlFor={id}>
      <Combobox
        id={id}
        data-testid={TEST_IDS.queryEditor.comparedMetric}
        placeholder={t('datasource.query.metric-all', 'all')}
        options={metrics}
        value={query.metric ?? null}
        createCustomValue
        isClearable
        width={28}
        onChange={choose}
      />
    </InlineField>
  );
}

export function BandsField({ query, onChange }: FieldProps) {
  const id = useId();
  return (
    <InlineField
      label={t('datasource.query.bands', 'Expected band')}
      tooltip={t(
        'datasource.query.bands-tooltip',
        'Shows with each line what the detectors expected, from the values before. Renewed when the panel is refreshed, not live. At most 50 lines',
      )}
      htmlFor={id}
    >
      <InlineSwitch
        id={id}
        data-testid={TEST_IDS.queryEditor.bands}
        value={query.bands === true}
        onChange={({ currentTarget }) => onChange({ bands: currentTarget.checked || undefined })}
      />
    </InlineField>
  );
}
