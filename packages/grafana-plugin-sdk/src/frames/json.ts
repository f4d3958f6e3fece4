import { FIELD_TYPES } from './field-types.ts';
import { rowCount, type Field, type Frame } from './frame.ts';
import { splitNanoseconds } from './time.ts';
import { typedColumn, type TypedColumn } from './typed-values.ts';

/** Which halves of a frame to write. The browser merges data without a schema into the last schema it was sent. */
export type FrameParts = 'schema and data' | 'schema' | 'data';

interface JsonColumn {
  /** An array in JSON. */
  readonly values: string;
  /** What JSON has no number for, by rows; absent where there is nothing of it. */
  readonly entities?: { NaN?: number[]; Inf?: number[]; NegInf?: number[] };
  /** Nanoseconds beyond the millisecond, one a row. */
  readonly nanos?: readonly number[];
}

function array(rows: number, write: (row: number) => string): string {
  let text = '[';
  for (let row = 0; row < rows; row += 1) text += row === 0 ? write(row) : `,${write(row)}`;
  return `${text}]`;
}

function floatColumn(values: Float32Array | Float64Array, nulls: Uint8Array | undefined): JsonColumn {
  const special: Required<NonNullable<JsonColumn['entities']>> = { NaN: [], Inf: [], NegInf: [] };
  const text = array(values.length, (row) => {
    const value = values[row];
    if (nulls?.[row] === 1) return 'null';
    if (Number.isFinite(value)) return String(value);
    special[Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : 'NegInf'].push(row);
    return 'null';
  });
  const entities = Object.fromEntries(Object.entries(special).filter(([, rows]) => rows.length > 0));
  return { values: text, ...(Object.keys(entities).length > 0 && { entities }) };
}

function timeColumn(values: BigInt64Array, nulls: Uint8Array | undefined): JsonColumn {
  const { ms, rest, hasRest } = splitNanoseconds(values);
  const text = array(values.length, (row) => (nulls?.[row] === 1 ? 'null' : String(ms[row])));
  return { values: text, ...(hasRest && { nanos: [...rest] }) };
}

function jsonColumn(field: Field, { column, nulls }: TypedColumn): JsonColumn {
  const { values } = column;
  const orNull = (write: (row: number) => string): JsonColumn => ({
    values: array(values.length, (row) => (nulls?.[row] === 1 ? 'null' : write(row))),
  });
  if (field.type === 'time') return timeColumn(values as BigInt64Array, nulls);
  if (values instanceof Float32Array || values instanceof Float64Array) return floatColumn(values, nulls);
  if (field.type === 'string') return orNull((row) => JSON.stringify(values[row]));
  return orNull((row) => String(values[row]));
}

function fieldSchema({ name, type, nullable, labels, config }: Field): object {
  const { tsType, frameType } = FIELD_TYPES[type];
  return {
    ...(name !== '' && { name }),
    type: tsType,
    typeInfo: { frame: frameType, ...(nullable && { nullable }) },
    ...(labels && { labels }),
    ...(config && { config }),
  };
}

function schemaJson({ name, refId, meta, fields }: Frame): string {
  return JSON.stringify({
    ...(name && { name }),
    ...(refId && { refId }),
    ...(meta && { meta }),
    fields: fields.map(fieldSchema),
  });
}

function dataJson(frame: Frame): string {
  rowCount(frame);
  const columns = frame.fields.map((field) => jsonColumn(field, typedColumn(field)));
  const parts = [`"values":[${columns.map(({ values }) => values).join(',')}]`];
  const extra = (key: 'entities' | 'nanos'): void => {
    if (!columns.some((column) => column[key] !== undefined)) return;
    parts.push(`"${key}":${JSON.stringify(columns.map((column) => column[key] ?? null))}`);
  };
  extra('entities');
  extra('nanos');
  return `{${parts.join(',')}}`;
}

/** The frame as Grafana Live and the HTTP API carry it. 64-bit integers are written with all their digits. */
export function frameToJson(frame: Frame, parts: FrameParts = 'schema and data'): string {
  switch (parts) {
    case 'schema':
      return `{"schema":${schemaJson(frame)}}`;
    case 'data':
      return `{"data":${dataJson(frame)}}`;
    case 'schema and data':
      return `{"schema":${schemaJson(frame)},"data":${dataJson(frame)}}`;
  }
}
