import { useCallback, useMemo } from 'react';
import { t } from '@grafana/i18n';
import { healthOf } from '../../../ui/status.ts';
import { StatusText } from '../../../ui/StatusText.tsx';
import { badness } from '../health.ts';
import { partName } from '../parts.ts';
import { numberColumn, textColumn } from './cells.tsx';
import { edgeKey, edgeOpening, edgeText, endColumns } from './edges.ts';
import { List } from './List.tsx';
import { fitting, rowsOf, type Row, type TabProps, type WideColumn } from './tab.ts';

type Failing = Row<'failing-dependencies'>;

const columns = (): WideColumn<Failing>[] => [
  {
    id: 'status',
    header: t('diagnostics.column.status', 'Status'),
    width: 106,
    firstDirection: 'desc',
    render: ({ table, row }) => <StatusText status={healthOf(table.text('target_status', row))} />,
    sortValue: ({ table, row }) => badness(table.text('target_status', row), table.number('target_health_score', row)),
  },
  ...endColumns(),
  {
    ...numberColumn<'failing-dependencies'>('target_health_score', {
      header: t('diagnostics.column.score', 'Score'),
      width: 66,
      firstDirection: 'asc',
    }),
    from: 400,
  },
  {
    ...textColumn<'failing-dependencies'>('anomaly', {
      header: t('diagnostics.column.anomaly', 'What is wrong'),
      width: 160,
      flex: 2,
    }),
    from: 640,
  },
];

const textOf = (edge: Failing): string => `${edgeText(edge)} ${edge.table.text('anomaly', edge.row)}`;

export function FailingTab({ table, view, onView, onOpen, width }: TabProps<'failing-dependencies'>) {
  const shown = useMemo(() => fitting(columns(), width), [width]);
  const rows = useMemo(() => rowsOf(table), [table]);
  const open = useCallback((edge: Failing) => onOpen(edgeOpening(edge)), [onOpen]);
  return (
    <List
      part="failing-dependencies"
      label={partName('failing-dependencies')}
      {...{ rows, view, onView, textOf }}
      columns={shown}
      rowKey={edgeKey}
      worstFirst={{ columnId: 'status', direction: 'desc' }}
      onOpen={open}
      emptyText={t('diagnostics.failing.empty', 'No dependency fails')}
    />
  );
}
