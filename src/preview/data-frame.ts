import { FieldType, toDataFrame, type DataFrame, type FieldConfig, type QueryResultMeta } from '@grafana/data';
import type { Field, Frame, FieldType as WireType } from '@topdeck/grafana-plugin-sdk/frames';

const NS_PER_MS = 1_000_000n;

/** The types that Grafana gives to the columns of a frame that it reads from its server. */
const TYPES: Readonly<Record<WireType, FieldType>> = {
  int8: FieldType.number,
  int16: FieldType.number,
  int32: FieldType.number,
  int64: FieldType.number,
  uint8: FieldType.number,
  uint16: FieldType.number,
  uint32: FieldType.number,
  uint64: FieldType.number,
  float32: FieldType.number,
  float64: FieldType.number,
  string: FieldType.string,
  bool: FieldType.boolean,
  time: FieldType.time,
  json: FieldType.other,
  enum: FieldType.enum,
};

/** Milliseconds. */
const timeOf = (value: Date | number | bigint): number =>
  typeof value === 'bigint' ? Number(value / NS_PER_MS) : Number(value);

function valueOf(type: WireType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'time') return timeOf(value as Date | number | bigint);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Each frame has configs of its own, for Grafana writes into them; by way of JSON, as they come from a server. */
const fieldOf = ({ name, type, labels, config, values }: Field) => ({
  name,
  type: TYPES[type],
  config: JSON.parse(JSON.stringify(config ?? {})) as FieldConfig,
  ...(labels && { labels: { ...labels } }),
  values: Array.from(values as ArrayLike<unknown>, (value) => valueOf(type, value)),
});

/** The frame as Grafana's browser side would have it after it came over the wire. */
export function dataFrame({ name, meta, fields }: Frame, refId: string): DataFrame {
  return toDataFrame({ name, refId, meta: meta as QueryResultMeta | undefined, fields: fields.map(fieldOf) });
}
