import { useCallback, useMemo } from 'react';
import type { IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { SEVERITIES, type Severity } from '@topdeck/protocol';
import { Age } from '../../../ui/Age.tsx';
import { SeverityBadge } from '../../../ui/SeverityBadge.tsx';
import { severityOf, severityRank } from '../../../ui/status.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { isNew, type AnomalyItem, type AnomalyLife } from '../anomaly-life.ts';
import { PillToggle } from '../PillToggle.tsx';
import { partName } from '../parts.ts';
import { numberColumn, textColumn } from './cells.tsx';
import { List } from './List.tsx';
import { toggled } from './list-view.ts';
import { Mark, Marked, type MarkColor } from './Mark.tsx';
import { fitting, type Opening, type TabProps, type WideColumn } from './tab.ts';

const WORST_FIRST: readonly Severity[] = [...SEVERITIES].reverse();
const RESOLVED = -1;
/** Below it the state is an icon in front of the service. */
const LIFE_FROM_PX = 420;

const severity = ({ table, row }: AnomalyItem): Severity => severityOf(table.text('severity', row)) ?? 'low';

/** Of an edge, both of its ends. */
function whose({ table, row }: AnomalyItem): string {
  const targetId = table.text('target_id', row);
  const name = table.text('resource_name', row);
  return targetId === '' ? name : `${name} → ${targetId}`;
}

/** By severity, and within one by score; what is over comes after all that is not. */
function badness(item: AnomalyItem): number {
  if (item.resolvedMs !== undefined) return RESOLVED;
  return severityRank(severity(item)) + (item.table.number('score', item.row) ?? 0) / 2;
}

interface LifeLook {
  readonly icon: IconName;
  readonly color: MarkColor;
  readonly text: string;
}
function lifeOf(item: AnomalyItem): LifeLook {
  if (item.resolvedMs !== undefined) {
    return { icon: 'check', color: 'success', text: t('diagnostics.anomaly.resolved', 'Resolved') };
  }
  if (isNew(item)) return { icon: 'plus-circle', color: 'warning', text: t('diagnostics.anomaly.new', 'New') };
  return { icon: 'circle', color: 'secondary', text: t('diagnostics.anomaly.open', 'Open') };
}

function lifeRank(item: AnomalyItem): number {
  if (item.resolvedMs !== undefined) return RESOLVED;
  return isNew(item) ? 1 : 0;
}

const text = (name: 'metric_name' | 'message' | 'potential_causes', header: string) => ({ header, name });

function columns(): WideColumn<AnomalyItem>[] {
  const wide = (from: number, { header, name }: ReturnType<typeof text>, width: number): WideColumn<AnomalyItem> => ({
    ...textColumn<'anomalies'>(name, { header, width, flex: name === 'message' ? 3 : 1 }),
    from,
  });
  const number = (
    name: 'current_value' | 'expected_value' | 'deviation_percentage',
    header: string,
    from: number,
  ): WideColumn<AnomalyItem> => ({ ...numberColumn<'anomalies'>(name, { header, width: 96 }), from });
  const service = textColumn<'anomalies'>('resource_name', {
    header: t('diagnostics.column.service', 'Service'),
    width: 100,
    flex: 1,
  });
  return [
    {
      id: 'severity',
      header: t('diagnostics.column.severity', 'Severity'),
      width: 92,
      firstDirection: 'desc',
      render: (item) => <SeverityBadge severity={severity(item)} />,
      sortValue: badness,
    },
    {
      id: 'life',
      header: t('diagnostics.column.state', 'State'),
      width: 96,
      from: LIFE_FROM_PX,
      firstDirection: 'desc',
      render: (item) => <Mark {...lifeOf(item)} />,
      sortValue: lifeRank,
    },
    { ...service, from: LIFE_FROM_PX, render: whose },
    {
      ...service,
      upTo: LIFE_FROM_PX,
      render: (item) => {
        const { icon, color, text: name } = lifeOf(item);
        return <Marked {...{ icon, color, name }} text={whose(item)} />;
      },
    },
    wide(460, text('metric_name', t('diagnostics.column.metric', 'Metric')), 98),
    wide(700, text('message', t('diagnostics.column.message', 'What is wrong')), 160),
    number('current_value', t('diagnostics.column.current', 'Now'), 1000),
    number('expected_value', t('diagnostics.column.expected', 'Expected'), 1000),
    number('deviation_percentage', t('diagnostics.column.deviation', 'Deviation'), 860),
    wide(1200, text('potential_causes', t('diagnostics.column.causes', 'Possible causes')), 120),
    {
      id: 'since',
      header: t('diagnostics.column.since', 'Since'),
      width: 70,
      align: 'right',
      firstDirection: 'desc',
      render: ({ table, row }) => <Age atMs={table.number('detected_at', row)} />,
      sortValue: ({ table, row }) => table.number('detected_at', row),
    },
  ];
}

const key = ({ table, row }: AnomalyItem): string => table.text('alert_id', row);
const textOf = ({ table, row }: AnomalyItem): string =>
  (['resource_name', 'resource_id', 'metric_name', 'message', 'potential_causes'] as const)
    .map((name) => table.text(name, row))
    .join(' ');

function opening({ table, row }: AnomalyItem): Opening {
  const id = table.text('resource_id', row);
  const targetId = table.text('target_id', row);
  return { id, subject: targetId === '' ? { kind: 'service', id } : { kind: 'edge', sourceId: id, targetId } };
}

interface AnomaliesTabProps extends Omit<TabProps<'anomalies'>, 'selectedId'> {
  readonly life: AnomalyLife;
}

export function AnomaliesTab({ life, view, onView, onOpen, width }: AnomaliesTabProps) {
  const { only } = view;
  const shown = useMemo(() => fitting(columns(), width), [width]);
  const rows = useMemo(() => {
    const every = [...life.open.values(), ...life.resolved];
    return only.size === 0 ? every : every.filter((item) => only.has(severity(item)));
  }, [life, only]);
  const open = useCallback((item: AnomalyItem) => onOpen(opening(item)), [onOpen]);
  return (
    <List
      part="anomalies"
      label={partName('anomalies')}
      {...{ rows, view, onView, textOf }}
      columns={shown}
      rowKey={key}
      worstFirst={{ columnId: 'severity', direction: 'desc' }}
      onOpen={open}
      emptyText={t('diagnostics.anomalies.empty', 'No anomalies: everything is as expected')}
      filters={WORST_FIRST.map((level) => (
        <PillToggle
          key={level}
          isOn={only.has(level)}
          onToggle={() => onView(toggled(view, level))}
          testId={TEST_IDS.diagnostics.filter(level)}
        >
          <SeverityBadge severity={level} />
        </PillToggle>
      ))}
    />
  );
}
