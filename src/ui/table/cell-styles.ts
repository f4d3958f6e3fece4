import type { CSSProperties } from 'react';
import type { TableColumn } from './column.ts';

export interface TableLayout {
  readonly cellStyles: readonly CSSProperties[];
  /** Of a row, CSS pixels. */
  readonly minWidth: number;
  /** Wider than the table, so that the first column stays while the others are scrolled. */
  readonly isScrolled: boolean;
}

/** A column that stays must leave room for those that move. */
const STICKY_SHARE = 0.45;

export function tableLayout<Row>(columns: readonly TableColumn<Row>[], width: number): TableLayout {
  const wanted = columns.reduce((sum, column) => sum + column.width, 0);
  const isScrolled = wanted > width;
  const widths = columns.map((column, index) =>
    isScrolled && index === 0 ? Math.min(column.width, Math.round(width * STICKY_SHARE)) : column.width,
  );
  return {
    cellStyles: columns.map(({ flex = 0 }, index) => ({ flex: `${isScrolled ? 0 : flex} 0 ${widths[index]}px` })),
    minWidth: widths.reduce((sum, next) => sum + next, 0),
    isScrolled,
  };
}
