import { useId, type ReactNode } from 'react';
import { t } from '@grafana/i18n';
import { InlineField, InlineSwitch, Stack } from '@grafana/ui';
import { SEVERITIES, STATUSES } from '@topdeck/protocol';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../ui/test-ids.ts';
import type { DataSource } from '../datasource.ts';
import { compactFilter } from '../query/wire-query.ts';
import type { FilterPart } from '../query/type-options.ts';
import { AroundField } from './AroundField.tsx';
import { DraftInput } from './DraftInput.tsx';
import { LabelMatchers } from './LabelMatchers.tsx';
import { ListField } from './ListField.tsx';
import { numberProblem, regexProblem } from './problems.ts';
import { useServiceOptions, useValueOptions } from './use-options.ts';

interface PartProps {
  readonly dataSource: DataSource;
  readonly filter: QueryFilter;
  /** What changes of the filter. */
  readonly onChange: (change: Partial<QueryFilter>) => void;
  /** Whether nothing is answered of all services. */
  readonly needsService: boolean;
}

const STATUS_OPTIONS = STATUSES.map((value) => ({ value }));
const SEVERITY_OPTIONS = SEVERITIES.map((value) => ({ value }));
const SCORE = { min: 0, max: 1, whole: false } as const;

function Ids({ dataSource, filter, onChange, needsService }: PartProps) {
  const isMissing = needsService && (filter.ids ?? []).length === 0;
  return (
    <ListField
      label={t('datasource.filter.services', 'Services')}
      placeholder={
        needsService ? t('datasource.filter.choose-services', 'choose up to ten') : t('datasource.filter.all', 'all')
      }
      problem={isMissing ? t('datasource.filter.service-missing', 'Choose a service') : undefined}
      data-testid={TEST_IDS.filter.ids}
      options={useServiceOptions(dataSource)}
      value={filter.ids}
      onChange={(ids) => onChange({ ids })}
    />
  );
}

function Name({ filter, onChange }: PartProps) {
  const id = useId();
  return (
    <DraftInput
      id={id}
      data-testid={TEST_IDS.filter.name}
      label={t('datasource.filter.name', 'Name')}
      tooltip={t('datasource.filter.name-tooltip', 'A regular expression (RE2), found anywhere in the id or name')}
      placeholder={t('datasource.filter.name-placeholder', 'regular expression')}
      width={22}
      value={filter.name ?? ''}
      problemOf={regexProblem}
      onCommit={(name) => onChange({ name: name === '' ? undefined : name })}
    />
  );
}

function Types({ dataSource, filter, onChange }: PartProps) {
  return (
    <ListField
      label={t('datasource.filter.types', 'Types')}
      placeholder={t('datasource.filter.all', 'all')}
      data-testid={TEST_IDS.filter.types}
      options={useValueOptions(dataSource, { kind: 'types' })}
      value={filter.types}
      onChange={(types) => onChange({ types })}
    />
  );
}

function Statuses({ filter, onChange }: PartProps) {
  return (
    <ListField
      label={t('datasource.filter.statuses', 'Status')}
      placeholder={t('datasource.filter.all', 'all')}
      data-testid={TEST_IDS.filter.statuses}
      options={STATUS_OPTIONS}
      value={filter.statuses}
      onChange={(statuses) => onChange({ statuses })}
    />
  );
}

function Severities({ filter, onChange }: PartProps) {
  return (
    <ListField
      label={t('datasource.filter.severities', 'Severity')}
      placeholder={t('datasource.filter.all', 'all')}
      data-testid={TEST_IDS.filter.severities}
      options={SEVERITY_OPTIONS}
      value={filter.severities}
      onChange={(severities) => onChange({ severities })}
    />
  );
}

function MinScore({ filter, onChange }: PartProps) {
  const id = useId();
  return (
    <DraftInput
      id={id}
      data-testid={TEST_IDS.filter.minScore}
      label={t('datasource.filter.min-score', 'Score ≥')}
      tooltip={t('datasource.filter.min-score-tooltip', 'How unusual, from 0 to 1')}
      placeholder="0"
      type="number"
      {...{ min: SCORE.min, max: SCORE.max, step: 0.05 }}
      width={10}
      value={filter.min_score === undefined ? '' : String(filter.min_score)}
      problemOf={(text) => numberProblem(text, SCORE)}
      onCommit={(text) => onChange({ min_score: text === '' ? undefined : Number(text) })}
    />
  );
}

function AbnormalOnly({ filter, onChange }: PartProps) {
  const id = useId();
  return (
    <InlineField label={t('datasource.filter.abnormal-only', 'Only abnormal')} htmlFor={id}>
      <InlineSwitch
        id={id}
        data-testid={TEST_IDS.filter.abnormalOnly}
        value={filter.abnormal_only ?? false}
        onChange={({ currentTarget }) => onChange({ abnormal_only: currentTarget.checked || undefined })}
      />
    </InlineField>
  );
}

/** One entry a part, in the order in which they are shown. */
const PARTS: Readonly<Record<FilterPart, (props: PartProps) => ReactNode>> = {
  ids: Ids,
  name: Name,
  types: Types,
  statuses: Statuses,
  severities: Severities,
  min_score: MinScore,
  abnormal_only: AbnormalOnly,
  around: ({ dataSource, filter, onChange }) => (
    <AroundField dataSource={dataSource} around={filter.around} onChange={(around) => onChange({ around })} />
  ),
  labels: ({ dataSource, filter, onChange }) => (
    <LabelMatchers dataSource={dataSource} matchers={filter.labels ?? []} onChange={(labels) => onChange({ labels })} />
  ),
};

interface FilterBuilderProps {
  readonly dataSource: DataSource;
  readonly parts: readonly FilterPart[];
  readonly filter: QueryFilter | undefined;
  readonly needsService?: boolean | undefined;
  readonly onChange: (filter: QueryFilter | undefined) => void;
}

/** What must hold of a row. */
export function FilterBuilder({ dataSource, parts, filter = {}, needsService = false, onChange }: FilterBuilderProps) {
  const change = (part: Partial<QueryFilter>) => onChange(compactFilter({ ...filter, ...part }));
  return (
    <Stack wrap="wrap" gap={0} rowGap={0.5}>
      {(Object.keys(PARTS) as FilterPart[])
        .filter((name) => parts.includes(name))
        .map((name) => {
          const Part = PARTS[name];
          return <Part key={name} {...{ dataSource, filter, needsService }} onChange={change} />;
        })}
    </Stack>
  );
}
