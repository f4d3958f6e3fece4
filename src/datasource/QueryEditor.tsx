import { useId, useMemo } from 'react';
import type { QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineSwitch, Stack, Text } from '@grafana/ui';
import { QUERY_TYPES, type QueryType } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../ui/test-ids.ts';
import { DraftInput } from './components/DraftInput.tsx';
import { FilterBuilder } from './components/FilterBuilder.tsx';
import {
  BandsField,
  ComparedMetricField,
  FormatField,
  MetricFields,
  ValueField,
  type FieldProps,
} from './components/KindFields.tsx';
import { numberProblem } from './components/problems.ts';
import { useChoice } from './components/use-choice.ts';
import type { DataSource } from './datasource.ts';
import { defaultQuery, isAlerting } from './query/default-query.ts';
import { fittingFilter, TYPE_OPTIONS } from './query/type-options.ts';
import type { Options, Query } from './types.ts';

const LIMIT = { min: 1, max: 100_000, whole: true } as const;

const UNKNOWN_ELSEWHERE = { value: undefined, metric: undefined, scope: undefined, bands: undefined } as const;

/** The query with another type: what the new type does not know goes, so that nothing hidden restricts it. */
function withType(query: Query, queryType: QueryType): Query {
  const { filters, values, isSeries } = TYPE_OPTIONS[queryType];
  const filter = fittingFilter(query.filter, filters);
  const format = values && !isSeries ? (query.format ?? 'table') : undefined;
  return { ...query, queryType, filter, format, ...UNKNOWN_ELSEWHERE };
}

interface TypeFieldProps {
  readonly queryType: QueryType;
  readonly forAlert: boolean;
  readonly onChange: (queryType: QueryType) => void;
}

function TypeField({ queryType, forAlert, onChange }: TypeFieldProps) {
  const id = useId();
  // The same objects at each drawing: a Combobox takes another object for another choice, and passes it on anew.
  const all = useMemo(
    () =>
      QUERY_TYPES.map((value) => {
        const { label, description } = TYPE_OPTIONS[value];
        return { value, label: label(), description: description() };
      }),
    [],
  );
  const choose = useChoice(queryType, (type) => type && onChange(type));
  const options = all.filter(({ value }) => !forAlert || TYPE_OPTIONS[value].alerts || value === queryType);
  return (
    <InlineField label={t('datasource.query.type', 'Query type')} htmlFor={id}>
      <Combobox
        id={id}
        data-testid={TEST_IDS.queryEditor.type}
        options={options}
        value={queryType}
        width={28}
        onChange={choose}
      />
    </InlineField>
  );
}

function LimitField({ query, onChange }: FieldProps) {
  const id = useId();
  return (
    <DraftInput
      id={id}
      data-testid={TEST_IDS.queryEditor.limit}
      label={t('datasource.query.limit', 'Limit')}
      tooltip={t('datasource.query.limit-tooltip', 'At most so many rows, or series; the most urgent stay')}
      type="number"
      {...{ min: LIMIT.min, max: LIMIT.max }}
      width={12}
      placeholder={t('datasource.query.limit-placeholder', 'default')}
      value={query.limit === undefined ? '' : String(query.limit)}
      problemOf={(text) => numberProblem(text, LIMIT)}
      onCommit={(text) => onChange({ limit: text === '' ? undefined : Number(text) })}
    />
  );
}

function StreamingField({ query, onChange }: FieldProps) {
  const id = useId();
  return (
    <InlineField
      label={t('datasource.query.streaming', 'Live')}
      tooltip={t('datasource.query.streaming-tooltip', 'Goes on changing by itself, without a refresh')}
      htmlFor={id}
      disabled={query.bands === true}
    >
      <InlineSwitch
        id={id}
        data-testid={TEST_IDS.queryEditor.streaming}
        value={query.streaming !== false && query.bands !== true}
        onChange={({ currentTarget }) => onChange({ streaming: currentTarget.checked ? undefined : false })}
      />
    </InlineField>
  );
}

function AlertNote() {
  return (
    <div data-testid={TEST_IDS.queryEditor.alertNote}>
      <Text color="secondary" variant="bodySmall">
        {t(
          'datasource.query.alert-note',
          'Rules get numbers: one a row, with the texts of the row as labels. Without data, or with data that is too old, the query gives no numbers rather than good ones.',
        )}
      </Text>
    </div>
  );
}

type Props = QueryEditorProps<DataSource, Query, Options>;

/** Used in panels, Explore and alert rules. */
export function QueryEditor({ datasource, query: saved, onChange, onRunQuery, app }: Props) {
  const forAlert = isAlerting(app);
  // Explore and rules start with a query that has only a refId.
  const query: Query = saved.queryType === undefined ? { ...saved, ...defaultQuery(app ?? '') } : saved;
  const { filters, values, isSeries, hasLimit, needsService, isStill } = TYPE_OPTIONS[query.queryType];
  const change = (next: Query) => {
    onChange(next);
    onRunQuery();
  };
  const field: FieldProps = { dataSource: datasource, query, onChange: (part) => change({ ...query, ...part }) };
  const isNumeric = forAlert || isSeries || (query.format ?? 'numeric') === 'numeric';
  return (
    <div data-testid={TEST_IDS.queryEditor.root}>
      <Stack direction="column" gap={0.5}>
        <Stack wrap="wrap" gap={0} rowGap={0.5}>
          <TypeField
            queryType={query.queryType}
            forAlert={forAlert}
            onChange={(type) => change(withType(query, type))}
          />
          {values && !isSeries && !forAlert && <FormatField {...field} />}
          {values && isNumeric && <ValueField {...field} />}
          {query.queryType === 'metric' && <MetricFields {...field} />}
          {query.queryType === 'metric' && !forAlert && <BandsField {...field} />}
          {query.queryType === 'comparison' && <ComparedMetricField {...field} />}
          {hasLimit && <LimitField {...field} />}
          {!forAlert && !isStill && <StreamingField {...field} />}
        </Stack>
        <FilterBuilder
          dataSource={datasource}
          parts={filters}
          filter={query.filter}
          needsService={needsService}
          onChange={(filter) => field.onChange({ filter })}
        />
        {forAlert && <AlertNote />}
      </Stack>
    </div>
  );
}
