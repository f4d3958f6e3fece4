import type { DataFrame, Field, QueryResultMetaNotice } from '@grafana/data';

/** Kinds of frames that the panel shows, by the query types that give them. */
export const FRAME_KINDS = [
  'connection',
  'services',
  'anomalies',
  'traffic',
  'failing-dependencies',
  'events',
] as const;
export type FrameKind = (typeof FRAME_KINDS)[number];

/** Columns that the panel reads of each kind. */
interface Columns {
  connection: 'state';
  services: ('id' | 'name' | 'type' | 'status' | 'health_score' | 'anomaly_count' | 'anomaly' | 'updated') | RateColumn;
  anomalies:
    | ('alert_id' | 'resource_id' | 'resource_name' | 'target_id' | 'metric_name' | 'severity' | 'message' | 'score')
    | ('current_value' | 'expected_value' | 'deviation_percentage' | 'age_s' | 'detected_at' | 'potential_causes');
  traffic: EdgeColumn | RateColumn | 'is_abnormal' | 'anomaly_score' | 'trend';
  'failing-dependencies': EdgeColumn | 'target_status' | 'target_health_score' | 'anomaly' | 'anomaly_count';
  events: 'timestamp' | 'body' | 'severity' | 'id' | 'labels';
}
type RateColumn = 'request_rate' | 'error_rate' | 'latency_p95';
type EdgeColumn = 'source_id' | 'source_name' | 'target_id' | 'target_name';
export type ColumnOf<K extends FrameKind> = K extends 'connection' ? string : Columns[K];

/** A frame of another format has the name of its kind, and not these. */
const REQUIRED: Readonly<Record<FrameKind, readonly string[]>> = {
  connection: ['state', 'updated'],
  services: ['id', 'name', 'status'],
  anomalies: ['alert_id', 'resource_name', 'severity', 'message'],
  traffic: ['source_id', 'target_id', 'request_rate', 'is_abnormal'],
  'failing-dependencies': ['source_id', 'target_id', 'target_status'],
  events: ['timestamp', 'body'],
};

/** By the type of a query, which its frames have for their name; an edge of the topology carries all that traffic does. */
const KINDS: ReadonlyMap<string, FrameKind> = new Map([
  ...FRAME_KINDS.map((kind) => [kind, kind] as const),
  ['dependencies', 'traffic'],
]);
export const kindOf = (queryType = ''): FrameKind | undefined => KINDS.get(queryType);

/** Rows of a frame by index. Columns that the frame lacks read as empty, or as not known. */
export class Table<K extends FrameKind = FrameKind> {
  readonly kind: K;
  readonly frame: DataFrame;
  readonly length: number;
  readonly #fields: ReadonlyMap<string, Field>;

  constructor(kind: K, frame: DataFrame) {
    this.kind = kind;
    this.frame = frame;
    this.length = frame.length;
    this.#fields = new Map(frame.fields.map((field) => [field.name, field]));
  }

  /** Another one when the rows are others. Frames and fields are made anew each time Grafana draws, their values are not. */
  get version(): unknown {
    return this.frame.fields[0]?.values as unknown;
  }

  get notices(): readonly QueryResultMetaNotice[] {
    return this.frame.meta?.notices ?? [];
  }

  field(name: ColumnOf<K>): Field | undefined {
    return this.#fields.get(name);
  }

  column(name: ColumnOf<K>): readonly unknown[] {
    return (this.#fields.get(name)?.values ?? []) as readonly unknown[];
  }

  text(name: ColumnOf<K>, row: number): string {
    const value = this.column(name)[row];
    return typeof value === 'string' ? value : '';
  }

  number(name: ColumnOf<K>, row: number): number | null {
    const value = this.column(name)[row];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  flag(name: ColumnOf<K>, row: number): boolean | null {
    const value = this.column(name)[row];
    return typeof value === 'boolean' ? value : null;
  }
}

export type Reading<K extends FrameKind> =
  | { readonly state: 'absent' }
  /** A frame of that name without the columns of a table, such as one in the numeric format. */
  | { readonly state: 'unreadable'; readonly refId: string | undefined }
  | { readonly state: 'ready'; readonly table: Table<K> };

export type Readings = { readonly [K in FrameKind]: Reading<K> };

function read<K extends FrameKind>(kind: K, series: readonly DataFrame[]): Reading<K> {
  const frames = series.filter(({ name }) => kindOf(name) === kind);
  const found = frames.find(({ fields }) =>
    REQUIRED[kind].every((name) => fields.some((field) => field.name === name)),
  );
  if (found) return { state: 'ready', table: new Table(kind, found) };
  if (frames.length === 0) return { state: 'absent' };
  return { state: 'unreadable', refId: frames[0].refId };
}

/** The first frame of each kind. Takes no more time for many rows than for few. */
export const readFrames = (series: readonly DataFrame[]): Readings => ({
  connection: read('connection', series),
  services: read('services', series),
  anomalies: read('anomalies', series),
  traffic: read('traffic', series),
  'failing-dependencies': read('failing-dependencies', series),
  events: read('events', series),
});

export const tableOf = <K extends FrameKind>(reading: Reading<K>): Table<K> | undefined =>
  reading.state === 'ready' ? reading.table : undefined;
