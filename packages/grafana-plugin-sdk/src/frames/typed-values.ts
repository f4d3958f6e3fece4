import { inspect } from 'node:util';
import type { Field } from './frame.ts';
import { FIELD_TYPES, type Layout, type TimeValue } from './field-types.ts';
import { FrameError } from './frame-error.ts';
import { toNanoseconds } from './time.ts';

export type FixedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A column in the form that both encodings write; null rows hold a zero, an empty string or an empty document. */
export type TypedValues =
  | { readonly kind: 'fixed'; readonly values: FixedArray }
  | { readonly kind: 'bool'; readonly values: readonly boolean[] }
  | { readonly kind: 'text'; readonly values: readonly string[] };
export interface TypedColumn {
  readonly column: TypedValues;
  /** One entry a row, set where the row has no value; absent when each row has one. */
  readonly nulls: Uint8Array | undefined;
  readonly nullCount: number;
}

type FixedLayout = Extract<Layout, { kind: 'int' | 'float' | 'timestamp' }>;

function arrayFor(layout: FixedLayout, length: number): FixedArray {
  if (layout.kind === 'timestamp') return new BigInt64Array(length);
  if (layout.kind === 'float') return layout.bits === 32 ? new Float32Array(length) : new Float64Array(length);
  switch (layout.bits) {
    case 8:
      return layout.signed ? new Int8Array(length) : new Uint8Array(length);
    case 16:
      return layout.signed ? new Int16Array(length) : new Uint16Array(length);
    case 32:
      return layout.signed ? new Int32Array(length) : new Uint32Array(length);
    case 64:
      return layout.signed ? new BigInt64Array(length) : new BigUint64Array(length);
  }
}

const is64 = (array: FixedArray): array is BigInt64Array | BigUint64Array =>
  array.BYTES_PER_ELEMENT === 8 && !(array instanceof Float64Array);

const isSafe = (value: unknown): value is number | bigint => typeof value === 'bigint' || Number.isSafeInteger(value);

type Write = (row: number, value: unknown) => boolean;

/** Writes one value; false when the array's type cannot hold it as it is. */
function writer(array: FixedArray, layout: FixedLayout): Write {
  if (is64(array)) {
    const isTime = layout.kind === 'timestamp';
    return (row, value) => {
      const integer = isSafe(value) ? BigInt(value) : undefined;
      const exact = isTime ? toNanoseconds(value as TimeValue) : integer;
      if (exact === undefined) return false;
      array[row] = exact;
      return array[row] === exact;
    };
  }
  const isFloat = layout.kind === 'float';
  return (row, value) => {
    if (typeof value !== 'number') return false;
    array[row] = value;
    return isFloat || array[row] === value;
  };
}

const refuse = (field: Field, row: number): never => {
  const shown = inspect(field.values[row], { depth: 0 });
  throw new FrameError(
    `field "${field.name}", row ${row}: ${shown} is no ${field.nullable ? 'nullable ' : ''}${field.type}`,
  );
};

function fixedColumn(field: Field, layout: FixedLayout, nulls: Uint8Array | undefined): FixedArray {
  const { values } = field;
  const array = arrayFor(layout, values.length);
  if (values.constructor === array.constructor) return values as FixedArray;
  const write = writer(array, layout);
  for (let row = 0; row < values.length; row += 1) {
    if (nulls?.[row] === 1) continue;
    if (!write(row, values[row])) refuse(field, row);
  }
  return array;
}

function boolColumn(field: Field): boolean[] {
  return Array.from(field.values as ArrayLike<boolean | null>, (value, row) => {
    if (typeof value !== 'boolean' && value !== null && value !== undefined) refuse(field, row);
    return value ?? false;
  });
}

function textColumn(field: Field, nulls: Uint8Array | undefined): string[] {
  const isJson = field.type === 'json';
  return Array.from(field.values as ArrayLike<unknown>, (value, row) => {
    if (nulls?.[row] === 1) return '';
    if (isJson) return JSON.stringify(value) ?? 'null';
    return typeof value === 'string' ? value : refuse(field, row);
  });
}

function findNulls(field: Field): { readonly nulls: Uint8Array | undefined; readonly nullCount: number } {
  let nulls: Uint8Array | undefined;
  let nullCount = 0;
  // JSON has a null of its own: only a nullable column tells it from "no value".
  if (ArrayBuffer.isView(field.values) || (field.type === 'json' && !field.nullable)) return { nulls, nullCount };
  const values = field.values as ArrayLike<unknown>;
  for (let row = 0; row < values.length; row += 1) {
    if (values[row] !== null && values[row] !== undefined) continue;
    if (!field.nullable) refuse(field, row);
    nulls ??= new Uint8Array(values.length);
    nulls[row] = 1;
    nullCount += 1;
  }
  return { nulls, nullCount };
}

/** Checks each value against the column's type. Throws a {@link FrameError} that names field, row and value. */
export function typedColumn(field: Field): TypedColumn {
  const { nulls, nullCount } = findNulls(field);
  const { layout } = FIELD_TYPES[field.type];
  switch (layout.kind) {
    case 'bool':
      return { column: { kind: 'bool', values: boolColumn(field) }, nulls, nullCount };
    case 'utf8':
    case 'binary':
      return { column: { kind: 'text', values: textColumn(field, nulls) }, nulls, nullCount };
    default:
      return { column: { kind: 'fixed', values: fixedColumn(field, layout, nulls) }, nulls, nullCount };
  }
}
