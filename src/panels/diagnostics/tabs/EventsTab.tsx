import { useCallback, useMemo } from 'react';
import { dateTimeFormat, systemDateFormats, type IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { partName } from '../parts.ts';
import { textColumn } from './cells.tsx';
import { List } from './List.tsx';
import { Mark, Marked, type MarkColor } from './Mark.tsx';
import { fitting, rowsOf, type Opening, type Row, type TabProps, type WideColumn } from './tab.ts';

type EventRow = Row<'events'>;

/** Below it the kind is an icon in front of the event. */
const KIND_FROM_PX = 480;

interface EventLabels {
  readonly type?: string;
  readonly resource_id?: string;
  readonly resource_name?: string;
  readonly target_id?: string;
}

/** What the event is about; nothing where the frame lacks it. */
function labelsOf({ table, row }: EventRow): EventLabels {
  const value = table.column('labels')[row];
  return typeof value === 'object' && value !== null ? value : {};
}

const KINDS: Readonly<Record<string, KindLook>> = {
  health_change: { icon: 'heart', text: () => t('diagnostics.event.health-change', 'Health') },
  anomaly_detected: { icon: 'exclamation-triangle', text: () => t('diagnostics.event.anomaly', 'Anomaly') },
  anomaly_resolved: { icon: 'check-circle', text: () => t('diagnostics.event.resolved', 'Resolved') },
  traffic_anomaly: { icon: 'exchange-alt', text: () => t('diagnostics.event.traffic', 'Traffic') },
};

interface KindLook {
  readonly icon: IconName;
  readonly text: () => string;
}
const OTHER_KIND: KindLook = { icon: 'circle', text: () => t('diagnostics.event.other', 'Other') };
function kindOf(event: EventRow): KindLook {
  const { type = '' } = labelsOf(event);
  return Object.hasOwn(KINDS, type) ? KINDS[type] : OTHER_KIND;
}

/** Words of Grafana's logs, the gravest first. */
const LEVELS = ['critical', 'error', 'warning', 'info'] as const;
type Level = (typeof LEVELS)[number];
interface LevelLook {
  readonly icon: IconName;
  readonly color: MarkColor;
  readonly text: () => string;
}
const LEVEL_LOOKS: Readonly<Record<Level, LevelLook>> = {
  critical: { icon: 'times-circle', color: 'error', text: () => t('diagnostics.event.critical', 'Critical') },
  error: { icon: 'exclamation-circle', color: 'error', text: () => t('diagnostics.event.error', 'Error') },
  warning: { icon: 'exclamation-triangle', color: 'warning', text: () => t('diagnostics.event.warning', 'Warning') },
  info: { icon: 'info-circle', color: 'info', text: () => t('diagnostics.event.info', 'Info') },
};
const levelOf = ({ table, row }: EventRow): Level =>
  LEVELS.find((level) => level === table.text('severity', row)) ?? 'info';

function LevelMark({ event }: { readonly event: EventRow }) {
  const { icon, color, text } = LEVEL_LOOKS[levelOf(event)];
  return <Mark icon={icon} color={color} text={text()} />;
}

/** Rows of one time stand in the order in which they came. */
const newness = ({ table, row }: EventRow): number | null => {
  const time = table.number('timestamp', row);
  return time === null ? null : time + row / table.length / 2;
};

function columns(timeZone: string): WideColumn<EventRow>[] {
  const time = (id: string, format: string | undefined, width: number): WideColumn<EventRow> => ({
    id,
    header: t('diagnostics.column.time', 'Time'),
    width,
    firstDirection: 'desc',
    render: ({ table, row }) => {
      const atMs = table.number('timestamp', row);
      return atMs === null ? null : (
        <span title={dateTimeFormat(atMs, { timeZone })}>{dateTimeFormat(atMs, { timeZone, format })}</span>
      );
    },
    sortValue: newness,
  });
  const body = textColumn<'events'>('body', {
    header: t('diagnostics.column.event', 'What happened'),
    width: 150,
    flex: 1,
  });
  return [
    { ...time('time', undefined, 160), from: 560 },
    { ...time('time', systemDateFormats.interval.second, 76), upTo: 560 },
    {
      id: 'kind',
      header: t('diagnostics.column.kind', 'Kind'),
      width: 106,
      from: KIND_FROM_PX,
      render: (event) => {
        const { icon, text } = kindOf(event);
        return <Mark icon={icon} color="secondary" text={text()} />;
      },
      sortValue: (event) => labelsOf(event).type,
    },
    {
      id: 'severity',
      header: t('diagnostics.column.severity', 'Severity'),
      width: 100,
      from: 700,
      firstDirection: 'desc',
      render: (event) => <LevelMark event={event} />,
      sortValue: (event) => -LEVELS.indexOf(levelOf(event)),
    },
    { ...body, from: KIND_FROM_PX },
    {
      ...body,
      upTo: KIND_FROM_PX,
      render: (event) => {
        const { icon, text } = kindOf(event);
        return <Marked icon={icon} color="secondary" name={text()} text={event.table.text('body', event.row)} />;
      },
    },
  ];
}

const key = ({ table, row }: EventRow): string => table.text('id', row) || String(row);
const textOf = (event: EventRow): string => {
  const { resource_name = '', resource_id = '', target_id = '' } = labelsOf(event);
  return `${event.table.text('body', event.row)} ${resource_name} ${resource_id} ${target_id}`;
};

function opening(event: EventRow): Opening | undefined {
  const { resource_id: id, target_id: targetId } = labelsOf(event);
  if (id === undefined) return undefined;
  return { id, subject: targetId === undefined ? { kind: 'service', id } : { kind: 'edge', sourceId: id, targetId } };
}

export function EventsTab({ table, view, onView, onOpen, width, timeZone }: TabProps<'events'>) {
  const shown = useMemo(() => fitting(columns(timeZone), width), [width, timeZone]);
  const rows = useMemo(() => rowsOf(table), [table]);
  const open = useCallback(
    (event: EventRow) => {
      const to = opening(event);
      if (to) onOpen(to);
    },
    [onOpen],
  );
  return (
    <List
      part="events"
      label={partName('events')}
      {...{ rows, view, onView, textOf }}
      columns={shown}
      rowKey={key}
      worstFirst={{ columnId: 'time', direction: 'desc' }}
      onOpen={open}
      emptyText={t('diagnostics.events.empty', 'Nothing happened in this time range')}
    />
  );
}
