import { FieldColorModeId, FieldType, type Field } from '@grafana/data';
import type { Arc } from '../graph.ts';
import { displayOf, type Formatting, type GraphFields } from './frame-fields.ts';
import type { Palette } from './palette.ts';

export type ColorOf = (row: number) => string | undefined;

const fixedColor = ({ config: { color } }: Field): string | undefined =>
  color?.mode === FieldColorModeId.Fixed ? color.fixedColor : undefined;

/** Texts are colours; numbers have that of the field's own scale. */
export function colorOf(field: Field | undefined, palette: Palette, formatting: Formatting): ColorOf {
  if (field === undefined) return () => undefined;
  const fixed = fixedColor(field);
  if (fixed !== undefined) return () => palette.resolve(fixed);
  if (field.type === FieldType.number) {
    const display = displayOf(field, formatting);
    return (row) => (Number.isFinite(field.values[row]) ? display(field.values[row]).color : undefined);
  }
  return (row) => {
    const value: unknown = field.values[row];
    return typeof value === 'string' && value !== '' ? palette.resolve(value) : undefined;
  };
}

export type ArcsOf = (row: number) => readonly Arc[];
const NO_ARCS: readonly Arc[] = [];

export interface ArcColumn {
  readonly label: string;
  readonly color: string;
  readonly values: readonly unknown[];
}

export const arcColumns = ({ arcs }: GraphFields, palette: Palette): readonly ArcColumn[] =>
  arcs.map(({ label, field }, index) => {
    const color = field.config.color?.fixedColor;
    return {
      label,
      color: color === undefined || color === '' ? palette.series(index) : palette.resolve(color),
      values: field.values,
    };
  });

/** Sections that are not empty; what goes beyond the whole ring is cut off. */
export function arcsOf(columns: readonly ArcColumn[]): ArcsOf {
  if (columns.length === 0) return () => NO_ARCS;
  return (row) => {
    const arcs: Arc[] = [];
    let left = 1;
    for (const { label, color, values } of columns) {
      const share = Math.min(left, Number(values[row] ?? 0));
      if (!(share > 0)) continue;
      arcs.push({ share, color, label });
      left -= share;
    }
    return arcs;
  };
}
