import { column, field, type Column, type Frame, type Notice } from '@topdeck/grafana-plugin-sdk/frames';
import {
  SEVERITIES,
  STATUSES,
  type LayoutResponse,
  type ServiceHealth,
  type Severity,
  type Snapshot,
} from '@topdeck/protocol';
import { dataTime } from './ages.ts';
import { HEALTH_SCORE, ROLE_TEXT, SEVERITY_TEXT, STATUS_COLORS, STATUS_TEXT } from './display.ts';
import { tableFrame } from './frame-kinds.ts';
import { labelOf, remembered } from './graph.ts';
import { labelNames } from './labels.ts';
import { positionsOf } from './positions.ts';
import { knownMetrics } from './preset.ts';
import { rolesOf } from './roles.ts';
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
const OWN_DETAILS = ['status', 'role', 'severity', 'anomaly', 'anomaly_count', 'updated'];

/** The node graph writes a unit behind the number as it stands; others know this one as a suffix too. */
const RATE_UNIT = 'req/s';

const arcs = STATUSES.map((status) =>
  column.float64<ServiceHealth>(`arc__${status}`, (s) => Number(s.status === status), {
    config: { displayName: status, color: { mode: 'fixed', fixedColor: STATUS_COLORS[status] } },
  }),
);

/** Of each resource's own open anomalies, the gravest severity. */
const severitiesOf = remembered((anomalies: Snapshot['anomalies']) => {
  const worst = new Map<string, Severity>();
  for (const { resource_id, target_id, severity } of anomalies) {
    const before = worst.get(resource_id);
    const isWorse = before === undefined || SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(before);
    if (target_id === undefined && isWorse) worst.set(resource_id, severity);
  }
  return worst;
});

function details(snapshot: Snapshot): Column<ServiceHealth>[] {
  const metrics = knownMetrics(snapshot, 'service');
  const taken = [...OWN_DETAILS, ...metrics.map(({ name }) => name)];
  const { roleOf } = rolesOf(snapshot);
  const severities = severitiesOf(snapshot.anomalies);
  return [
    column.string(`${DETAIL}status`, (s) => s.status, { config: { ...STATUS_TEXT, displayName: 'Status' } }),
    column.nullable.string(`${DETAIL}role`, (s) => roleOf.get(s.resource_id) ?? null, {
      config: { ...ROLE_TEXT, displayName: 'Role' },
    }),
    column.nullable.string(`${DETAIL}severity`, (s) => severities.get(s.resource_id) ?? null, {
      config: { ...SEVERITY_TEXT, displayName: 'Severity' },
    }),
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
  const { roleOf } = rolesOf(snapshot);
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
      // The node graph fills such a node with red and leaves the others as they are, so that only causes are.
      column.bool('highlighted', (s) => roleOf.get(s.resource_id) === 'cause'),
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
