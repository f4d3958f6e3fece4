import { css } from '@emotion/css';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Checkbox, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { SEVERITIES, STATUSES } from '@topdeck/protocol';
import { severityText, statusText } from '../../../ui/status.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { filterChoices, type FilterChoices, type GraphFilter } from '../model/filter-graph.ts';
import type { Graph } from '../graph.ts';
import type { Direction } from '../model/neighbourhood.ts';
import { toggled } from '../toggled.ts';

export interface FilterFormProps {
  readonly filter: GraphFilter;
  readonly onFilter: (patch: Partial<GraphFilter>) => void;
  readonly onClear: () => void;
  /** Title of the node that the graph can be cut down to what is around of: the selected one, or that of the filter. */
  readonly centre: { readonly id: string; readonly title: string } | undefined;
}

/** What is filtered. Only an open form reads it, so that the toolbar around it is not drawn again with each update. */
export const FilteredGraph = createContext<Graph | undefined>(undefined);

const NO_CHOICES: FilterChoices = { types: [], statuses: [], severities: [] };
const ids = TEST_IDS.topology;
const DEPTHS = [1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }));

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ border: 'none', margin: 0, padding: 0, minWidth: 0 }),
  legend: css({
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    margin: theme.spacing(0, 0, 0.5),
    border: 'none',
  }),
  choices: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2), maxHeight: 160, overflow: 'auto' }),
  column: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), alignItems: 'flex-start' }),
  hint: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, margin: 0 }),
});

function Group({ legend, children }: { readonly legend: string; readonly children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{legend}</legend>
      {children}
    </fieldset>
  );
}

interface ChecksProps<T extends string> {
  readonly legend: string;
  readonly chosen: readonly T[];
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (chosen: readonly T[]) => void;
  readonly testId: (value: T) => string;
}

function Checks<T extends string>({ legend, chosen, choices, onChange, testId }: ChecksProps<T>) {
  const styles = useStyles2(getStyles);
  if (choices.length === 0) return null;
  return (
    <Group legend={legend}>
      <div className={styles.choices}>
        {choices.map(({ value, label }) => (
          <Checkbox
            key={value}
            label={label}
            value={chosen.includes(value)}
            onChange={() => onChange(toggled(chosen, value))}
            data-testid={testId(value)}
          />
        ))}
      </div>
    </Group>
  );
}

function AroundFields({ filter: { around }, centre, onFilter }: FilterFormProps) {
  const styles = useStyles2(getStyles);
  if (centre === undefined) {
    return (
      <p className={styles.hint}>
        {t('topology.filter.around-hint', 'Select a node first, or hold Shift and click one.')}
      </p>
    );
  }
  const change = (patch: Partial<NonNullable<GraphFilter['around']>>): void =>
    onFilter({ around: { id: centre.id, depth: 1, direction: 'both', ...around, ...patch } });
  const directions: { value: Direction; label: string }[] = [
    { value: 'upstream', label: t('topology.filter.upstream', 'Callers') },
    { value: 'both', label: t('topology.filter.both', 'Both') },
    { value: 'downstream', label: t('topology.filter.downstream', 'Called') },
  ];
  return (
    <div className={styles.column}>
      <Checkbox
        label={t('topology.filter.around-node', 'What is around {{title}}', { title: centre.title })}
        value={around !== undefined}
        onChange={() => (around === undefined ? change({}) : onFilter({ around: undefined }))}
        data-testid={ids.around}
      />
      {around !== undefined && (
        <>
          <div role="group" aria-label={t('topology.filter.depth', 'Edges away')} data-testid={ids.depth}>
            <RadioButtonGroup size="sm" options={DEPTHS} value={around.depth} onChange={(depth) => change({ depth })} />
          </div>
          <div role="group" aria-label={t('topology.filter.direction', 'Direction')} data-testid={ids.direction}>
            <RadioButtonGroup
              size="sm"
              options={directions}
              value={around.direction}
              onChange={(direction) => change({ direction })}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** What of the graph is shown. Lists that nothing is chosen in let everything pass. */
export function FilterForm(props: FilterFormProps) {
  const { filter, onFilter, onClear } = props;
  const graph = useContext(FilteredGraph);
  const choices = useMemo(() => (graph === undefined ? NO_CHOICES : filterChoices(graph)), [graph]);
  const statuses = STATUSES.flatMap((status) => choices.statuses.find(({ value }) => value === status) ?? []);
  const severities = SEVERITIES.filter((one) => choices.severities.some(({ value }) => value === one));
  return (
    <>
      <Checks
        legend={t('topology.filter.status', 'Status')}
        chosen={filter.statuses}
        choices={statuses.map(({ value, count }) => ({ value, label: `${statusText(value)} (${count})` }))}
        onChange={(statuses) => onFilter({ statuses })}
        testId={ids.filterStatus}
      />
      <Checks
        legend={t('topology.filter.severity', 'Severity')}
        chosen={filter.severities}
        choices={severities.map((value) => ({ value, label: severityText(value) }))}
        onChange={(chosen) => onFilter({ severities: chosen })}
        testId={ids.filterSeverity}
      />
      <Checks
        legend={t('topology.filter.type', 'Type')}
        chosen={filter.types}
        choices={choices.types.map(({ value, count }) => ({ value, label: `${value} (${count})` }))}
        onChange={(types) => onFilter({ types })}
        testId={ids.filterType}
      />
      <Group legend={t('topology.filter.neighbourhood', 'Neighbourhood')}>
        <AroundFields {...props} />
      </Group>
      <div>
        <Button size="sm" variant="secondary" onClick={onClear} data-testid={ids.clearFilter}>
          {t('topology.filter.clear', 'Show everything')}
        </Button>
      </div>
    </>
  );
}
