import {
  dataFrameFromJSON,
  FieldType,
  type DataFrame,
  type DataFrameJSON,
  type Field,
  type FieldConfig,
  type Labels,
} from '@grafana/data';

type Schema = NonNullable<DataFrameJSON['schema']>;

/** Rows are dropped from the old end. */
export interface AppendLimits {
  readonly maxRows: number;
  /** Between the newest row and the oldest. */
  readonly maxSpanMs: number;
}

export type StreamRule = { readonly action: 'replace' } | { readonly action: 'append'; readonly limits: AppendLimits };

/** What is shown, and the schema in which messages without one come. */
export interface Followed {
  readonly frame: DataFrame;
  readonly schema: Schema | undefined;
}

export const schemaOf = (frame: DataFrame): Schema => ({
  name: frame.name,
  meta: frame.meta,
  fields: frame.fields.map(({ name, type, labels, config }) => ({ name, type, labels, config })),
});

/** Grafana sorts the labels of a query's answer, and not those of a stream. */
function sameLabels(a: Labels = {}, b: Labels = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

const sameField = (a: Field, b: Field): boolean =>
  a.name === b.name && a.type === b.type && sameLabels(a.labels, b.labels);

/** Undefined when the message's columns are not those of the schema. */
function decode({ data }: DataFrameJSON, schema: Schema): DataFrame | undefined {
  const values = data?.values ?? [];
  if (values.length > 0 && values.length !== schema.fields.length) return undefined;
  // Decoding writes into the columns, which all subscribers of the channel share.
  const own = values.length === 0 ? undefined : { ...data, values: values.map((column) => column.slice()) };
  return dataFrameFromJSON({ schema, data: own });
}

/** Notices tell of the moment of a query; a message that comes with a schema brings its own meta. */
function dressed(next: DataFrame, { frame }: Followed, withMeta: boolean): DataFrame {
  const meta =
    withMeta && next.meta ? { ...next.meta, custom: { ...frame.meta?.custom, ...next.meta.custom } } : frame.meta;
  return { ...next, name: frame.name ?? next.name, refId: frame.refId, meta: meta && { ...meta, notices: undefined } };
}

const valuesOf = (field: Field): unknown[] => field.values as unknown[];
const timesOf = (frame: DataFrame, index: number): number[] => frame.fields[index].values as number[];

/** An event that is read from the history has another id there than it had in the stream. */
const rowKey = (fields: readonly Field[], row: number): string =>
  JSON.stringify(fields.filter(({ name }) => name !== 'id').map((field) => valuesOf(field)[row]));

/** Rows of `next` that are not held yet: a subscription starts with rows that the query's own answer may have brought. */
function newRows(held: DataFrame, next: DataFrame, timeIndex: number): number[] {
  const times = timesOf(next, timeIndex);
  const since = times.reduce((least, time) => Math.min(least, time), Infinity);
  const known = new Set<string>();
  timesOf(held, timeIndex).forEach((time, row) => {
    if (time >= since) known.add(rowKey(held.fields, row));
  });
  return [...times.keys()].filter((row) => !known.has(rowKey(next.fields, row)));
}

/** Rows by time, in the direction in which the held ones run; no more than the limits allow. */
function ordered(times: readonly number[], newestFirst: boolean, { maxRows, maxSpanMs }: AppendLimits): number[] {
  const rows = [...times.keys()].sort((a, b) => times[a] - times[b]);
  const newest = times[rows[rows.length - 1]];
  const kept = rows.slice(-maxRows).filter((row) => newest - times[row] <= maxSpanMs);
  return newestFirst ? kept.reverse() : kept;
}

/**
 * The query's rows stand at fixed steps, which its time field tells as `interval`, and those of the stream do not: a graph
 * would break the line before each of them.
 */
const unstepped = (config: FieldConfig): FieldConfig => ({ ...config, interval: undefined });

function append(held: DataFrame, next: DataFrame, limits: AppendLimits): DataFrame | undefined {
  if (held.fields.length === 0) return next;
  if (next.fields.length === 0) return held;
  const isSame =
    held.fields.length === next.fields.length && held.fields.every((field, i) => sameField(field, next.fields[i]));
  const timeIndex = next.fields.findIndex(({ type }) => type === FieldType.time);
  if (!isSame || timeIndex < 0) return undefined;
  const added = newRows(held, next, timeIndex);
  if (added.length === 0) return held;
  const columns = held.fields.map((field, i) => [
    ...valuesOf(field),
    ...added.map((row) => valuesOf(next.fields[i])[row]),
  ]);
  const heldTimes = timesOf(held, timeIndex);
  const newestFirst = heldTimes.length > 1 && heldTimes[0] > heldTimes[heldTimes.length - 1];
  const order = ordered(columns[timeIndex] as number[], newestFirst, limits);
  const fields = held.fields.map((field, i): Field => {
    const values = order.map((row) => columns[i][row]);
    return { ...field, config: unstepped(field.config), values, state: undefined };
  });
  return { ...held, fields, length: order.length };
}

/** What is shown after a message; undefined when it does not fit what is held, so that the query must be asked anew. */
export function applyMessage(followed: Followed, message: DataFrameJSON, rule: StreamRule): Followed | undefined {
  const schema = message.schema ?? followed.schema;
  if (schema === undefined) return undefined;
  const next = decode(message, schema);
  if (next === undefined) return undefined;
  if (rule.action === 'replace') return { schema, frame: dressed(next, followed, message.schema !== undefined) };
  const frame = append(followed.frame, next, rule.limits);
  return frame && { schema, frame: frame === followed.frame ? frame : dressed(frame, followed, false) };
}
