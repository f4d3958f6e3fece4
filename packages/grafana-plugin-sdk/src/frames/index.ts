/** Frames without their encodings: runs anywhere, a browser included. */
export { column, field, frameFromRows, type Column, type FieldOptions } from './field.ts';
export { FrameError } from './frame-error.ts';
export { rowCount, type Field, type Frame, type Labels } from './frame.ts';
export type { FieldType, TimeValue, ValueOf } from './field-types.ts';
export type {
  DataLink,
  FieldConfig,
  FrameKind,
  FrameMeta,
  MappingResult,
  Notice,
  Threshold,
  ValueMapping,
} from './frame-meta.ts';
