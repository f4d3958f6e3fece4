import { useId, useMemo } from 'react';
import type { QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Combobox, InlineField, Stack } from '@grafana/ui';
import { VARIABLE_KINDS, type VariableKind } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../ui/test-ids.ts';
import { FilterBuilder } from './components/FilterBuilder.tsx';
import { useChoice } from './components/use-choice.ts';
import { useValueOptions } from './components/use-options.ts';
import type { DataSource } from './datasource.ts';
import type { FilterPart } from './query/type-options.ts';
import type { Options, Query, VariableDataQuery } from './types.ts';

const KIND_LABELS: Readonly<Record<VariableKind, () => string>> = {
  services: () => t('datasource.variable.services', 'Services'),
  types: () => t('datasource.variable.types', 'Types of services'),
  namespaces: () => t('datasource.variable.namespaces', 'Namespaces'),
  teams: () => t('datasource.variable.teams', 'Teams'),
  'label-keys': () => t('datasource.variable.label-keys', 'Names of labels'),
  'label-values': () => t('datasource.variable.label-values', 'Values of a label'),
  metrics: () => t('datasource.variable.metrics', 'Metrics of services'),
  'edge-metrics': () => t('datasource.variable.edge-metrics', 'Metrics of dependencies'),
};

const FILTERS: readonly FilterPart[] = ['ids', 'name', 'types', 'statuses', 'around', 'labels'];
/** Metrics are those that the bridge collects, whichever services there are. */
const UNFILTERED: ReadonlySet<VariableKind> = new Set(['metrics', 'edge-metrics']);

interface FieldProps {
  readonly dataSource: DataSource;
  readonly query: VariableDataQuery;
  readonly onChange: (change: Partial<VariableDataQuery>) => void;
}

function KindField({ query, onChange }: FieldProps) {
  const id = useId();
  // The same objects at each drawing: a Combobox takes another object for another choice, and passes it on anew.
  const choose = useChoice(query.kind, (kind) => kind && onChange({ kind, label: undefined }));
  const options = useMemo(() => VARIABLE_KINDS.map((value) => ({ value, label: KIND_LABELS[value]() })), []);
  return (
    <InlineField label={t('datasource.variable.kind', 'List')} htmlFor={id}>
      <Combobox
        id={id}
        data-testid={TEST_IDS.variableEditor.kind}
        options={options}
        value={query.kind}
        width={30}
        onChange={choose}
      />
    </InlineField>
  );
}

function LabelField({ dataSource, query, onChange }: FieldProps) {
  const id = useId();
  const choose = useChoice(query.label ?? null, (label) => onChange({ label: label ?? undefined }));
  const isMissing = !query.label;
  return (
    <InlineField
      label={t('datasource.variable.label', 'Label')}
      htmlFor={id}
      invalid={isMissing}
      error={isMissing ? t('datasource.variable.label-missing', 'Choose a label') : undefined}
    >
      <Combobox
        id={id}
        data-testid={TEST_IDS.variableEditor.label}
        options={useValueOptions(dataSource, { kind: 'label-keys' })}
        value={query.label ?? null}
        createCustomValue
        width={24}
        onChange={choose}
      />
    </InlineField>
  );
}

type Props = QueryEditorProps<DataSource, Query, Options, VariableDataQuery>;

/** What a dashboard's variable can be chosen from. */
export function VariableEditor({ datasource, query: saved, onChange }: Props) {
  // A new variable starts with an empty text in place of a query.
  const given: Partial<VariableDataQuery> = typeof saved === 'object' ? saved : {};
  const query: VariableDataQuery = { refId: 'LiveDiagnosticsVariable', kind: 'services', ...given };
  const field: FieldProps = {
    dataSource: datasource,
    query,
    onChange: (change) => onChange({ ...query, ...change }),
  };
  return (
    <div data-testid={TEST_IDS.variableEditor.root}>
      <Stack direction="column" gap={0.5}>
        <Stack wrap="wrap" gap={0} rowGap={0.5}>
          <KindField {...field} />
          {query.kind === 'label-values' && <LabelField {...field} />}
        </Stack>
        {!UNFILTERED.has(query.kind) && (
          <FilterBuilder
            dataSource={datasource}
            parts={FILTERS}
            filter={query.filter}
            onChange={(filter) => field.onChange({ filter })}
          />
        )}
      </Stack>
    </div>
  );
}
