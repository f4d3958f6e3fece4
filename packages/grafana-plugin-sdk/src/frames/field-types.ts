/** What a time column holds: a Date or a number counts milliseconds since 1970, a bigint counts nanoseconds. */
export type TimeValue = Date | number | bigint;

/** The values of each field type. 64-bit integers given as numbers must be safe integers. */
export interface ValueOf {
  int8: number;
  int16: number;
  int32: number;
  int64: number | bigint;
  uint8: number;
  uint16: number;
  uint32: number;
  uint64: number | bigint;
  float32: number;
  float64: number;
  string: string;
  bool: boolean;
  time: TimeValue;
  /** Anything that JSON.stringify takes; undefined becomes null. */
  json: unknown;
  /** Index into `config.type.enum.text`. */
  enum: number;
}
export type FieldType = keyof ValueOf;

/** How the values of a type lie in an Arrow column. */
export type Layout =
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 32 | 64; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'utf8' }
  | { readonly kind: 'binary' };

export interface TypeEntry {
  readonly layout: Layout;
  /** The type's name in the browser. */
  readonly tsType: 'number' | 'string' | 'boolean' | 'time' | 'enum' | 'other';
  /** The type's name in `typeInfo.frame` of a JSON frame. */
  readonly frameType: string;
}

const int = (bits: 8 | 16 | 32 | 64, signed: boolean): TypeEntry => ({
  layout: { kind: 'int', bits, signed },
  tsType: 'number',
  frameType: `${signed ? '' : 'u'}int${bits}`,
});

export const FIELD_TYPES: Readonly<Record<FieldType, TypeEntry>> = {
  int8: int(8, true),
  int16: int(16, true),
  int32: int(32, true),
  int64: int(64, true),
  uint8: int(8, false),
  uint16: int(16, false),
  uint32: int(32, false),
  uint64: int(64, false),
  float32: { layout: { kind: 'float', bits: 32 }, tsType: 'number', frameType: 'float32' },
  float64: { layout: { kind: 'float', bits: 64 }, tsType: 'number', frameType: 'float64' },
  string: { layout: { kind: 'utf8' }, tsType: 'string', frameType: 'string' },
  bool: { layout: { kind: 'bool' }, tsType: 'boolean', frameType: 'bool' },
  time: { layout: { kind: 'timestamp' }, tsType: 'time', frameType: 'time.Time' },
  json: { layout: { kind: 'binary' }, tsType: 'other', frameType: 'json.RawMessage' },
  // Arrow knows no enum: Grafana tells it from uint16 by the browser's type.
  enum: { layout: { kind: 'int', bits: 16, signed: false }, tsType: 'enum', frameType: 'enum' },
};
