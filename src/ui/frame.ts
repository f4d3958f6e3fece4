import type { DataFrame, Field } from '@grafana/data';

/** Columns that a frame lacks read as not known. */
export const fieldNamed = (frame: DataFrame | undefined, name: string): Field | undefined =>
  frame?.fields.find((field) => field.name === name);

export const valueAt = (frame: DataFrame | undefined, name: string, row: number): unknown =>
  (fieldNamed(frame, name)?.values as readonly unknown[] | undefined)?.[row];

export function textAt(frame: DataFrame | undefined, name: string, row: number): string | undefined {
  const value = valueAt(frame, name, row);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(frame: DataFrame | undefined, name: string, row: number): number | undefined {
  const value = valueAt(frame, name, row);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export const rowsOf = (frame: DataFrame | undefined): number[] => [...Array(frame?.length ?? 0).keys()];
