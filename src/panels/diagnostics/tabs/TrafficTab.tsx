import { useCallback, useMemo } from 'react';
import type { IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { PillToggle } from '../PillToggle.tsx';
import { partName } from '../parts.ts';
import { numberColumn } from './cells.tsx';
import { edgeKey, edgeOpening, edgeText, endColumns } from './edges.ts';
import { List } from './List.tsx';
import { toggled } from './list-view.ts';
import { Mark } from './Mark.tsx';
import { rateName } from './rates.ts';
import { fitting, rowsOf, type Row, type TabProps, type WideColumn } from './tab.ts';

type Edge = Row<'traffic'>;

const ABNORMAL = 'abnormal';

/** Abnormal edges first, and by score; those without data last. */
function badness({ table, row }: Edge): number | null {
  const isAbnormal = table.flag('is_abnormal', row);
  return isAbnormal === null ? null : Number(isAbnormal) + (table.number('anomaly_score', row) ?? 0);
}

function State({ table, row }: Edge) {
  switch (table.flag('is_abnormal', row)) {
    case true:
      return <Mark icon="exclamation-triangle" color="warning" text={t('diagnostics.traffic.abnormal', 'Abnormal')} />;
    case false:
      return <Mark icon="check" color="secondary" text={t('diagnostics.traffic.normal', 'Normal')} />;
    case null:
      return <Mark icon="question-circle" color="secondary" text={t('diagnostics.traffic.no-data', 'No data')} />;
  }
}

const TRENDS: Readonly<Record<string, { readonly icon: IconName; readonly text: () => string }>> = {
  increasing: { icon: 'arrow-up', text: () => t('diagnostics.traffic.increasing', 'Increasing') },
  decreasing: { icon: 'arrow-down', text: () => t('diagnostics.traffic.decreasing', 'Decreasing') },
  stable: { icon: 'arrow-right', text: () => t('diagnostics.traffic.stable', 'Stable') },
};

function Trend({ table, row }: Edge) {
  const name = table.text('trend', row);
  if (!Object.hasOwn(TRENDS, name)) return null;
  const { icon, text } = TRENDS[name];
  return <Mark icon={icon} color="secondary" text={text()} />;
}

const columns = (): WideColumn<Edge>[] => [
  {
    id: 'state',
    header: t('diagnostics.column.state', 'State'),
    width: 104,
    firstDirection: 'desc',
    render: ({ table, row }) => <State table={table} row={row} />,
    sortValue: badness,
  },
  ...endColumns(),
  { ...numberColumn<'traffic'>('request_rate', { header: rateName('request_rate'), width: 100 }), from: 420 },
  numberColumn('error_rate', { header: rateName('error_rate'), width: 76 }),
  { ...numberColumn<'traffic'>('latency_p95', { header: rateName('latency_p95'), width: 90 }), from: 640 },
  {
    ...numberColumn<'traffic'>('anomaly_score', { header: t('diagnostics.column.score', 'Score'), width: 70 }),
    from: 760,
  },
  {
    id: 'trend',
    header: t('diagnostics.column.trend', 'Trend'),
    width: 112,
    from: 860,
    render: ({ table, row }) => <Trend table={table} row={row} />,
    sortValue: ({ table, row }) => table.text('trend', row) || null,
  },
];

export function TrafficTab({ table, view, onView, onOpen, width }: TabProps<'traffic'>) {
  const isAbnormalOnly = view.only.has(ABNORMAL);
  const shown = useMemo(() => fitting(columns(), width), [width]);
  const rows = useMemo(() => {
    const every = rowsOf(table);
    return isAbnormalOnly ? every.filter(({ row }) => table.flag('is_abnormal', row) === true) : every;
  }, [table, isAbnormalOnly]);
  const open = useCallback((edge: Edge) => onOpen(edgeOpening(edge)), [onOpen]);
  return (
    <List
      part="traffic"
      label={partName('traffic')}
      {...{ rows, view, onView }}
      textOf={edgeText}
      columns={shown}
      rowKey={edgeKey}
      worstFirst={{ columnId: 'state', direction: 'desc' }}
      onOpen={open}
      emptyText={t('diagnostics.traffic.empty', 'No traffic matches the query')}
      filters={
        <PillToggle
          isOn={isAbnormalOnly}
          onToggle={() => onView(toggled(view, ABNORMAL))}
          testId={TEST_IDS.diagnostics.filter(ABNORMAL)}
        >
          {t('diagnostics.traffic.abnormal-only', 'Abnormal only')}
        </PillToggle>
      }
    />
  );
}
