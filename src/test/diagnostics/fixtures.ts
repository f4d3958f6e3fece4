import {
  dateTime,
  EventBusSrv,
  FieldType,
  LoadingState,
  toDataFrame,
  type DataFrame,
  type DataQueryError,
  type FieldConfig,
  type PanelData,
  type PanelProps,
  type QueryResultMetaNotice,
} from '@grafana/data';
import { DEFAULT_OPTIONS, type DiagnosticsOptions } from '../../panels/diagnostics/options.ts';

export const NOW_MS = Date.parse('2026-01-31T12:00:00.000Z');
export const UID = 'live-1';

interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly config?: FieldConfig;
}
const string = (name: string): Column => ({ name, type: FieldType.string });
const number = (name: string, config: FieldConfig = {}): Column => ({ name, type: FieldType.number, config });
const boolean = (name: string): Column => ({ name, type: FieldType.boolean });
const time = (name: string): Column => ({ name, type: FieldType.time });

export interface FrameMore {
  readonly refId?: string;
  readonly notices?: QueryResultMetaNotice[];
  readonly path?: string;
}

type Values = Readonly<Record<string, unknown>>;

function frame(name: string, columns: readonly Column[], rows: readonly Values[], more: FrameMore = {}): DataFrame {
  return toDataFrame({
    name,
    refId: more.refId ?? name,
    meta: { notices: more.notices, ...(more.path && { custom: { live: { path: more.path, action: 'replace' } } }) },
    fields: columns.map(({ name: field, type, config = {} }) => ({
      name: field,
      type,
      config,
      values: rows.map((row) => row[field] ?? null),
    })),
  });
}

const SECONDS: FieldConfig = { unit: 's' };

export const connection = (row: Values = {}, more?: FrameMore): DataFrame =>
  frame(
    'connection',
    [
      string('state'),
      string('overall_health'),
      ...['data_age_s', 'snapshot_age_s', 'seq', 'reconnects', 'failed_attempts', 'next_attempt_in_s'].map((name) =>
        number(name),
      ),
      string('epoch'),
      boolean('warming_up'),
      ...['topology', 'metrics'].flatMap((source) =>
        ['source', 'state', 'error'].map((name) => string(`${source}_${name}`)),
      ),
      ...['last_error', 'last_error_code', 'action'].map(string),
      time('since'),
      time('updated'),
    ],
    [
      {
        state: 'websocket',
        overall_health: 'healthy',
        data_age_s: 4,
        snapshot_age_s: 2,
        seq: 812,
        reconnects: 0,
        failed_attempts: 0,
        epoch: 'e7f3',
        warming_up: false,
        topology_source: 'neo4j',
        topology_state: 'fresh',
        metrics_source: 'prometheus',
        metrics_state: 'fresh',
        since: NOW_MS - 600_000,
        updated: NOW_MS,
        ...row,
      },
    ],
    more,
  );

export interface ServiceRow {
  readonly id: string;
  readonly name?: string;
  readonly type?: string;
  readonly status: string;
  readonly health_score?: number | null;
  readonly anomaly?: string;
}

export const services = (rows: readonly ServiceRow[], more?: FrameMore): DataFrame =>
  frame(
    'services',
    [
      ...['id', 'name', 'type', 'status'].map(string),
      number('health_score', { decimals: 0, min: 0, max: 100 }),
      number('request_rate', { unit: 'reqps' }),
      number('error_rate', { unit: 'percentunit' }),
      number('latency_p95', SECONDS),
      number('anomaly_count'),
      string('anomaly'),
      time('updated'),
    ],
    rows.map((row) => ({
      name: row.id,
      type: 'pod',
      request_rate: 12.5,
      error_rate: 0.01,
      latency_p95: 0.12,
      anomaly_count: row.anomaly === undefined ? 0 : 1,
      updated: NOW_MS,
      ...row,
    })),
    more,
  );

export interface AnomalyRow {
  readonly alert_id: string;
  readonly resource_id?: string;
  readonly target_id?: string | null;
  readonly severity?: string;
  readonly score?: number;
  readonly age_s?: number;
  readonly message?: string;
}

export const anomalies = (rows: readonly AnomalyRow[], more?: FrameMore): DataFrame =>
  frame(
    'anomalies',
    [
      ...['severity', 'resource_name', 'metric_name', 'message'].map(string),
      number('score', { decimals: 2 }),
      number('current_value'),
      number('expected_value'),
      number('deviation_percentage', { unit: 'percent', decimals: 1 }),
      number('age_s', SECONDS),
      time('detected_at'),
      ...['potential_causes', 'resource_id', 'target_id', 'detector', 'alert_id'].map(string),
    ],
    rows.map((row) => {
      const { resource_id = 'cart', age_s = 600 } = row;
      return {
        severity: 'high',
        resource_id,
        resource_name: resource_id.toUpperCase(),
        metric_name: 'latency_p95',
        message: `latency_p95 of ${resource_id} is 2 s, expected 0.5 s`,
        score: 0.7,
        current_value: 2,
        expected_value: 0.5,
        deviation_percentage: 300,
        age_s,
        detected_at: NOW_MS - age_s * 1000,
        potential_causes: 'db',
        ...row,
      };
    }),
    more,
  );

export interface EdgeValues extends Values {
  readonly source_id: string;
  readonly target_id: string;
}
const ENDS = ['source_id', 'source_name', 'source_type', 'target_id', 'target_name', 'target_type'].map(string);
const ended = ({ source_id, target_id }: EdgeValues): Values => ({
  source_id,
  source_name: source_id.toUpperCase(),
  target_id,
  target_name: target_id.toUpperCase(),
});

export const traffic = (rows: readonly EdgeValues[], more?: FrameMore & { name?: string }): DataFrame =>
  frame(
    more?.name ?? 'traffic',
    [
      ...ENDS,
      number('request_rate', { unit: 'reqps' }),
      number('error_rate', { unit: 'percentunit' }),
      number('latency_p95', SECONDS),
      boolean('is_abnormal'),
      number('anomaly_score', { decimals: 2 }),
      string('trend'),
    ],
    rows.map((row) => ({
      ...ended(row),
      request_rate: 10,
      error_rate: 0.01,
      latency_p95: 0.2,
      is_abnormal: false,
      anomaly_score: 0.1,
      trend: 'stable',
      ...row,
    })),
    more,
  );

export const failing = (rows: readonly EdgeValues[], more?: FrameMore): DataFrame =>
  frame(
    'failing-dependencies',
    [...ENDS, string('target_status'), number('target_health_score'), number('anomaly_count'), string('anomaly')],
    rows.map((row) => ({ ...ended(row), target_status: 'failed', target_health_score: 20, ...row })),
    more,
  );

export const events = (rows: readonly Values[], more?: FrameMore): DataFrame =>
  frame(
    'events',
    [time('timestamp'), string('body'), string('severity'), string('id'), { name: 'labels', type: FieldType.other }],
    rows.map((row, index) => ({ id: `h${index}`, severity: 'info', timestamp: NOW_MS, ...row })),
    more,
  );

/** The queries that a panel has, by type; the refId of each is its type. */
export const ALL_TYPES = ['connection', 'services', 'anomalies', 'traffic', 'failing-dependencies', 'events'] as const;

export interface DataParts {
  readonly series?: DataFrame[];
  readonly state?: LoadingState;
  readonly errors?: DataQueryError[];
  readonly types?: readonly string[];
  /** The frames are those of another data source. */
  readonly isForeign?: boolean;
}

const from = dateTime(NOW_MS - 3_600_000);
const to = dateTime(NOW_MS);
export const RANGE = { from, to, raw: { from: 'now-1h', to: 'now' } };

export const panelData = ({
  series = [],
  state = LoadingState.Streaming,
  errors,
  types = ALL_TYPES,
  isForeign = false,
}: DataParts = {}): PanelData => ({
  state,
  series,
  errors,
  timeRange: RANGE,
  request: {
    targets: types.map((queryType) => ({
      refId: queryType,
      queryType,
      datasource: { uid: UID, type: isForeign ? 'csv' : 'topdeck-livediagnostics-datasource' },
    })),
    scopedVars: {},
  } as never,
});

/** Three services in trouble among five, with what goes with them. */
export const shopFrames = (): DataFrame[] => [
  connection({ overall_health: 'critical' }),
  services([
    { id: 'cart', name: 'Cart', status: 'degraded', health_score: 55, anomaly: 'latency_p95 is 2 s' },
    { id: 'db', name: 'Database', type: 'database', status: 'failed', health_score: 12, anomaly: 'error_rate is 40 %' },
    { id: 'mail', name: 'Mail', status: 'unknown', health_score: null },
    { id: 'search', name: 'Search', status: 'healthy', health_score: 99 },
    { id: 'web', name: 'Web', status: 'healthy', health_score: 88 },
  ]),
  anomalies([
    { alert_id: 'a1', resource_id: 'cart', severity: 'high', score: 0.7, age_s: 20 },
    { alert_id: 'a2', resource_id: 'db', severity: 'critical', score: 0.95, age_s: 4000 },
    { alert_id: 'a3', resource_id: 'web', target_id: 'cart', severity: 'low', score: 0.2 },
  ]),
  traffic([
    { source_id: 'web', target_id: 'search' },
    { source_id: 'web', target_id: 'cart', is_abnormal: true, anomaly_score: 0.6, trend: 'increasing' },
    { source_id: 'cart', target_id: 'db', is_abnormal: true, anomaly_score: 0.9, error_rate: 0.4, trend: 'decreasing' },
  ]),
  failing([
    { source_id: 'web', target_id: 'cart', target_status: 'degraded', target_health_score: 55 },
    { source_id: 'cart', target_id: 'db', anomaly: 'error_rate is 40 %' },
  ]),
  events([
    {
      timestamp: NOW_MS - 120_000,
      body: 'Database is failed, was healthy',
      severity: 'critical',
      labels: { type: 'health_change', resource_id: 'db' },
    },
    {
      timestamp: NOW_MS - 60_000,
      body: 'latency of web → cart is high',
      severity: 'warning',
      labels: { type: 'traffic_anomaly', resource_id: 'web', target_id: 'cart' },
    },
    {
      timestamp: NOW_MS - 30_000,
      body: 'cpu of Search is back to normal after 40 s',
      severity: 'info',
      labels: { type: 'anomaly_resolved', resource_id: 'search' },
    },
  ]),
];

export interface PanelParts extends DataParts {
  readonly options?: Partial<DiagnosticsOptions>;
  readonly width?: number;
  readonly height?: number;
  readonly data?: PanelData;
  readonly timeZone?: string;
  readonly replaceVariables?: (text: string) => string;
}

export const panelProps = ({
  options,
  width = 900,
  height = 600,
  data,
  timeZone = 'utc',
  replaceVariables = (text) => text,
  ...parts
}: PanelParts = {}) =>
  ({
    id: 1,
    data: data ?? panelData(parts),
    timeRange: RANGE,
    timeZone,
    options: { ...DEFAULT_OPTIONS, ...options },
    fieldConfig: { defaults: {}, overrides: [] },
    width,
    height,
    transparent: false,
    renderCounter: 0,
    title: 'Diagnostics',
    eventBus: new EventBusSrv(),
    replaceVariables,
    onOptionsChange: () => undefined,
    onFieldConfigChange: () => undefined,
    onChangeTimeRange: () => undefined,
  }) as unknown as PanelProps<DiagnosticsOptions>;
