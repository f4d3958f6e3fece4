import { column, field, type Column, type Frame, type Notice } from '@topdeck/grafana-plugin-sdk/frames';
import { STATUSES, type LayoutResponse, type ServiceHealth, type Snapshot } from '@topdeck/protocol';
import { dataTime } from './ages.ts';
import { HEALTH_SCORE, STATUS_COLORS, STATUS_TEXT } from './display.ts';
import { tableFrame } from './frame-kinds.ts';
import { labelOf } from './graph.ts';
import { labelNames } from './labels.ts';
import { positionsOf } from './positions.ts';
import { knownMetrics } from './preset.ts';
import { healthScore } from './services.ts';

/** By resource_type; a node with an icon shows it instead of its numbers, so that plain services have none. */
const ICONS: Readonly<Record<string, string>> = {
  database: 'database',
  cache: 'bolt',
  queue: 'envelope',
  topic: 'envelope',
  storage: 'archive-alt',
  external: 'cloud',
  gateway: 'sitemap',
  frontend: 'browser-alt',
};
const iconOf = (type: string): string | null => (Object.hasOwn(ICONS, type) ? ICONS[type] : null);

/** Of the node graph's own columns: labels and metrics come behind the prefix. */
const DETAIL = 'detail__';
const OWN_DETAILS = ['status', 'anomaly', 'anomaly_count', 'updated'];

/** The node graph writes a unit behind the number as it stands; others know this one as a suffix too. */
const RATE_UNIT = 'req/s';

const arcs = STATUSES.map((status) =>
  column.float64<ServiceHealth>(`arc__${status}`, (s) => Number(s.status === status), {
    config: { displayName: status, color: { mode: 'fixed', fixedColor: STATUS_COLORS[status] } },
  }),
);

function details(snapshot: Snapshot): Column<ServiceHealth>[] {
  const metrics = knownMetrics(snapshot, 'service');
  const taken = [...OWN_DETAILS, ...metrics.map(({ name }) => name)];
  return [
    column.string(`${DETAIL}status`, (s) => s.status, { config: { ...STATUS_TEXT, displayName: 'Status' } }),
    column.float64(`${DETAIL}anomaly_count`, (s) => s.anomalies.length, { config: { displayName: 'Anomalies' } }),
    column.nullable.string(`${DETAIL}anomaly`, (s) => s.anomalies[0] ?? null, { config: { displayName: 'Anomaly' } }),
    ...metrics
      .filter(({ name }) => !OWN_DETAILS.includes(name))
      .map(({ name, display }) =>
        column.nullable.float64<ServiceHealth>(`${DETAIL}${name}`, (s) => s.metrics[name] ?? null, {
          config: { ...display, displayName: name },
        }),
      ),
    ...labelNames(snapshot, taken).map(({ key, name }) =>
      column.nullable.string<ServiceHealth>(`${DETAIL}${name}`, (s) => labelOf(s, key) ?? null, {
        config: { displayName: key },
      }),
    ),
    // As text: the node graph would write the milliseconds of a time.
    column.string(`${DETAIL}updated`, (s) => dataTime(s, snapshot), { config: { displayName: 'Updated' } }),
  ];
}

export interface NodesParts {
  readonly snapshot: Snapshot;
  readonly nodes: readonly ServiceHealth[];
  readonly layout: LayoutResponse | undefined;
  readonly notices: readonly Notice[];
}

export function nodesFrame({ snapshot, nodes, layout, notices }: NodesParts): Frame {
  const positions = positionsOf(nodes, layout);
  const frame = tableFrame<ServiceHealth>({
    name: 'nodes',
    rows: nodes,
    shownAs: 'nodeGraph',
    notices,
    columns: [
      column.string('id', (s) => s.resource_id),
      column.string('title', (s) => s.resource_name),
      column.string('subtitle', (s) => s.resource_type),
      column.nullable.float64('mainstat', healthScore, {
        config: { ...HEALTH_SCORE, decimals: 1, displayName: 'Health score' },
      }),
      column.nullable.float64('secondarystat', (s) => s.metrics['request_rate'] ?? null, {
        config: { unit: RATE_UNIT, decimals: 1, displayName: 'Requests' },
      }),
      column.string('color', (s) => STATUS_COLORS[s.status]),
      column.nullable.string('icon', (s) => iconOf(s.resource_type)),
      ...arcs,
      ...details(snapshot),
    ],
  });
  const place = (name: string, values: number[]) => field.float64(name, Float64Array.from(values));
  return {
    ...frame,
    fields: [
      ...frame.fields,
      place(
        'fixedx',
        positions.map(({ x }) => x),
      ),
      place(
        'fixedy',
        positions.map(({ y }) => y),
      ),
    ],
  };
}
