import type { FieldConfig } from './frame-meta.ts';
import type { FieldType, ValueOf } from './field-types.ts';
import type { Field, Frame, Labels, Values } from './frame.ts';

export interface FieldOptions {
  readonly labels?: Labels;
  readonly config?: FieldConfig;
}

type Make = { readonly [T in FieldType]: (name: string, values: Values<T>, options?: FieldOptions) => Field };
type MakeNullable = {
  readonly [T in FieldType]: (name: string, values: ArrayLike<ValueOf[T] | null>, options?: FieldOptions) => Field;
};

const TYPES: readonly FieldType[] = [
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'] as const),
  ...(['string', 'bool', 'time', 'json', 'enum'] as const),
];

// One cast where the maker of a type is looked up by its name; the types above hold for callers.
const makers = (nullable: boolean): unknown =>
  Object.fromEntries(
    TYPES.map((type) => [
      type,
      (name: string, values: ArrayLike<unknown>, { labels, config }: FieldOptions = {}) => ({
        name,
        type,
        nullable,
        values,
        ...(labels && { labels }),
        ...(config && { config }),
      }),
    ]),
  );

/** Columns from values: `field.float64('score', [98.5, 70])`, `field.nullable.time('seen', [null, new Date(0)])`. */
export const field: Make & { readonly nullable: MakeNullable } = {
  ...(makers(false) as Make),
  nullable: makers(true) as MakeNullable,
};

/** A column and where each row's value comes from. */
export interface Column<Row> {
  readonly fill: (rows: readonly Row[]) => Field;
}
type MakeColumn = {
  readonly [T in FieldType]: <Row>(name: string, read: (row: Row) => ValueOf[T], options?: FieldOptions) => Column<Row>;
};
type MakeNullableColumn = {
  readonly [T in FieldType]: <Row>(
    name: string,
    read: (row: Row) => ValueOf[T] | null,
    options?: FieldOptions,
  ) => Column<Row>;
};

const columnMakers = (make: Make | MakeNullable): unknown =>
  Object.fromEntries(
    TYPES.map((type) => [
      type,
      (name: string, read: (row: unknown) => unknown, options?: FieldOptions): Column<unknown> => ({
        fill: (rows) => (make as Record<FieldType, (...args: unknown[]) => Field>)[type](name, rows.map(read), options),
      }),
    ]),
  );

/** Columns for {@link frameFromRows}. */
export const column: MakeColumn & { readonly nullable: MakeNullableColumn } = {
  ...(columnMakers(field) as MakeColumn),
  nullable: columnMakers(field.nullable) as MakeNullableColumn,
};

/**
 * A frame from records:
 * `frameFromRows(services, [column.string('name', (s) => s.name), column.nullable.float64('score', (s) => s.score)])`.
 */
export function frameFromRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<NoInfer<Row>>[],
  frame: Omit<Frame, 'fields'> = {},
): Frame {
  return { ...frame, fields: columns.map(({ fill }) => fill(rows)) };
}
