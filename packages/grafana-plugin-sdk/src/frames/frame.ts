import type { FieldConfig, FrameMeta } from './frame-meta.ts';
import type { FieldType, ValueOf } from './field-types.ts';
import { FrameError } from './frame-error.ts';

export type Labels = Readonly<Record<string, string>>;

/** Typed arrays are copied as they are where their element is that of the column. */
export type Values<T extends FieldType> =
  | ArrayLike<ValueOf[T]>
  | (T extends 'int64' | 'time' ? BigInt64Array : never)
  | (T extends 'uint64' ? BigUint64Array : never);

interface FieldBase {
  readonly name: string;
  /** Part of the series' identity: Grafana tells series of one name apart by them. */
  readonly labels?: Labels;
  readonly config?: FieldConfig;
}
type FieldOf<T extends FieldType> = FieldBase &
  (
    | { readonly type: T; readonly nullable: false; readonly values: Values<T> }
    | { readonly type: T; readonly nullable: true; readonly values: ArrayLike<ValueOf[T] | null> }
  );

/** One column. */
export type Field = { [T in FieldType]: FieldOf<T> }[FieldType];

/** A table of columns of equal length. Names need not be unique. */
export interface Frame {
  readonly name?: string;
  /** Set to the query's own by the SDK when it is absent. */
  readonly refId?: string;
  readonly meta?: FrameMeta;
  readonly fields: readonly Field[];
}

/** Number of rows; 0 without fields. Throws a {@link FrameError} when columns differ in length. */
export function rowCount({ fields, name }: Frame): number {
  const rows = fields[0]?.values.length ?? 0;
  const odd = fields.find((field) => field.values.length !== rows);
  if (odd === undefined) return rows;
  throw new FrameError(
    `frame "${name ?? ''}": field "${odd.name}" has ${odd.values.length} rows, "${fields[0]?.name ?? ''}" has ${rows}`,
  );
}
