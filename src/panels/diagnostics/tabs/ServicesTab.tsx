import { useCallback, useMemo } from 'react';
import { t } from '@grafana/i18n';
import { Age } from '../../../ui/Age.tsx';
import { healthOf, statusText } from '../../../ui/status.ts';
import { StatusIcon } from '../../../ui/StatusIcon.tsx';
import { StatusText } from '../../../ui/StatusText.tsx';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { badness, statusOf, WORST_FIRST } from '../health.ts';
import { PillToggle } from '../PillToggle.tsx';
import { partName } from '../parts.ts';
import { numberColumn, textColumn } from './cells.tsx';
import { List } from './List.tsx';
import { toggled } from './list-view.ts';
import { rateName, RATES, type Rate } from './rates.ts';
import { fitting, rowsOf, type Row, type TabProps, type WideColumn } from './tab.ts';

type Service = Row<'services'>;

const columns = (rates: readonly Rate[]): WideColumn<Service>[] => [
  {
    id: 'status',
    header: t('diagnostics.column.status', 'Status'),
    width: 106,
    firstDirection: 'desc',
    render: ({ table, row }) => <StatusText status={healthOf(table.text('status', row))} />,
    sortValue: ({ table, row }) => badness(table.text('status', row), table.number('health_score', row)),
  },
  textColumn('name', { header: t('diagnostics.column.name', 'Name'), width: 110, flex: 2 }),
  { ...textColumn<'services'>('type', { header: t('diagnostics.column.type', 'Type'), width: 110 }), from: 620 },
  numberColumn('health_score', {
    header: t('diagnostics.column.score', 'Score'),
    width: 66,
    firstDirection: 'asc',
  }),
  ...rates.map((rate) => ({ ...numberColumn<'services'>(rate, { header: rateName(rate), width: 100 }), from: 960 })),
  {
    ...numberColumn<'services'>('anomaly_count', {
      header: t('diagnostics.column.anomalies', 'Anomalies'),
      width: 96,
    }),
    from: 460,
  },
  {
    ...textColumn<'services'>('anomaly', {
      header: t('diagnostics.column.anomaly', 'What is wrong'),
      width: 160,
      flex: 3,
    }),
    from: 720,
  },
  {
    id: 'updated',
    header: t('diagnostics.column.age', 'Age'),
    width: 70,
    align: 'right',
    from: 1100,
    render: ({ table, row }) => <Age atMs={table.number('updated', row)} />,
    sortValue: ({ table, row }) => table.number('updated', row),
  },
];

const key = ({ table, row }: Service): string => table.text('id', row);
const textOf = ({ table, row }: Service): string =>
  `${table.text('name', row)} ${table.text('id', row)} ${table.text('type', row)} ${table.text('anomaly', row)}`;

interface ServicesTabProps extends TabProps<'services'> {
  /** Where the counts in the head are these filters. */
  readonly hasCounts: boolean;
}

export function ServicesTab({ table, view, onView, onOpen, selectedId, width, hasCounts }: ServicesTabProps) {
  const { only } = view;
  const rates = RATES.filter((rate) => table.field(rate) !== undefined).join();
  const shown = useMemo(() => fitting(columns(RATES.filter((rate) => rates.includes(rate))), width), [rates, width]);
  const rows = useMemo(() => {
    const every = rowsOf(table);
    return only.size === 0 ? every : every.filter(({ row }) => only.has(statusOf(table.text('status', row))));
  }, [table, only]);
  const open = useCallback(
    (row: Service) => onOpen({ id: key(row), subject: { kind: 'service', id: key(row) } }),
    [onOpen],
  );
  return (
    <List
      part="services"
      label={partName('services')}
      {...{ rows, view, onView, textOf }}
      columns={shown}
      rowKey={key}
      worstFirst={{ columnId: 'status', direction: 'desc' }}
      onOpen={open}
      selectedKey={selectedId}
      emptyText={t('diagnostics.services.empty', 'No service matches the query')}
      filters={
        !hasCounts &&
        WORST_FIRST.map((status) => (
          <PillToggle
            key={status}
            isOn={only.has(status)}
            onToggle={() => onView(toggled(view, status))}
            testId={TEST_IDS.diagnostics.filter(status)}
          >
            <StatusIcon status={status} size={12} isNamed={false} />
            {statusText(status)}
          </PillToggle>
        ))
      }
    />
  );
}
