import Type, { type Static } from 'typebox';
import { ResourceId, Severity, Status } from '../primitives.ts';

/**
 * What the data source can be asked for. Each is one entry of the tables in backend-datasource (how it is answered) and in
 * the query editor (how it is put together).
 */
export const QUERY_TYPES = [
  'services',
  'dependencies',
  'topology',
  'anomalies',
  'failing-dependencies',
  'traffic',
  'events',
  'health-history',
  'metric',
  'comparison',
  'connection',
] as const;
export type QueryType = (typeof QUERY_TYPES)[number];

export const LABEL_OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type LabelOperator = (typeof LABEL_OPERATORS)[number];
export const LabelMatcher = Type.Object({
  key: Type.String({ minLength: 1 }),
  op: Type.Enum([...LABEL_OPERATORS]),
  value: Type.String({ description: 'For =~ and !~ an RE2 expression that must match the whole value' }),
});
export type LabelMatcher = Static<typeof LabelMatcher>;

/**
 * All that is given must hold. Lists are alternatives; an empty list or text is as good as absent. An edge passes when
 * either end does.
 */
export const QueryFilter = Type.Object({
  ids: Type.Optional(Type.Array(ResourceId)),
  name: Type.Optional(Type.String({ description: 'RE2 expression, found anywhere in the id or name of a resource' })),
  types: Type.Optional(Type.Array(Type.String(), { description: 'resource_type' })),
  labels: Type.Optional(Type.Array(LabelMatcher)),
  statuses: Type.Optional(Type.Array(Status)),
  severities: Type.Optional(Type.Array(Severity)),
  min_score: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Score of an anomaly or an edge' })),
  abnormal_only: Type.Optional(Type.Boolean({ description: 'Edges with abnormal traffic' })),
  around: Type.Optional(
    Type.Object({
      id: ResourceId,
      depth: Type.Integer({ minimum: 0, maximum: 5, description: 'Edges away, in either direction' }),
    }),
  ),
});
export type QueryFilter = Static<typeof QueryFilter>;

export const FRAME_FORMATS = ['table', 'numeric'] as const;

/** A query as the editor saves it and as it reaches the executable, variables replaced. */
export const DiagnosticsQuery = Type.Object({
  queryType: Type.Enum([...QUERY_TYPES]),
  filter: Type.Optional(QueryFilter),
  format: Type.Optional(
    Type.Enum([...FRAME_FORMATS], {
      description: 'table: every column; numeric: one number a row, text columns as labels. Alert rules get numeric',
    }),
  ),
  value: Type.Optional(
    Type.String({ description: 'Which number: one of VALUES or HISTORY_VALUES, or the name of a metric' }),
  ),
  metric: Type.Optional(
    Type.String({ description: 'Of the query types metric and comparison, where it may be absent' }),
  ),
  scope: Type.Optional(Type.Enum(['service', 'edge'], { description: 'Of the query type metric' })),
  bands: Type.Optional(
    Type.Boolean({
      description: 'Of the query type metric: each line with what was expected. Such a query is not live',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  streaming: Type.Optional(Type.Boolean({ default: true, description: 'false: the panel wants no live updates' })),
  live: Type.Optional(
    Type.Boolean({ description: 'Set by the front end when it can go on from a channel; never saved' }),
  ),
});
export type DiagnosticsQuery = Static<typeof DiagnosticsQuery>;

/** Numbers that a numeric frame can carry, the default first. `services` and `dependencies` also know every metric. */
export const VALUES = {
  services: ['health_score', 'status_code', 'anomaly_count'],
  dependencies: ['request_rate', 'error_rate', 'latency_p95', 'target_health_score', 'target_status_code'],
  anomalies: ['score', 'current_value', 'expected_value', 'deviation_percentage', 'age_s'],
  'failing-dependencies': ['target_status_code', 'target_health_score'],
  traffic: ['anomaly_score', 'request_rate', 'error_rate', 'latency_p95', 'is_abnormal'],
  comparison: ['z', 'change'],
  connection: ['data_age_s', 'state_code', 'snapshot_age_s', 'seq', 'reconnects', 'overall_code'],
} as const satisfies Partial<Record<QueryType, readonly [string, ...string[]]>>;

/** What the lines of `health-history` can tell, the default first. */
export const HISTORY_VALUES = ['health_score', 'status_code'] as const;
export type HistoryValue = (typeof HISTORY_VALUES)[number];

/** Numbers for alert rules and value mappings; null where the status is unknown. */
export const STATUS_CODES = { healthy: 0, degraded: 1, failed: 2, unknown: null } as const;
export const OVERALL_CODES = { healthy: 0, degraded: 1, critical: 2, unknown: null } as const;
export const CONNECTION_STATES = ['websocket', 'polling', 'disconnected'] as const;
export type ConnectionStateName = (typeof CONNECTION_STATES)[number];
export const CONNECTION_CODES = { websocket: 0, polling: 1, disconnected: 2 } as const;

/**
 * `meta.custom` of a frame that a channel goes on with: the front end subscribes to `path` below `ds/<uid>/` and sends
 * the query along as the subscription's data, which the executable needs where the path holds only a digest of it.
 */
export interface LiveMark {
  readonly live: {
    readonly path: string;
    /** replace: each message is the whole table. append: each message adds rows. */
    readonly action: 'replace' | 'append';
  };
}
/** Streams of a query; a channel carries one frame, and a topology is two. */
export type StreamPart = 'main' | 'nodes' | 'edges';
