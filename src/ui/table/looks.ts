import { cx } from '@emotion/css';
import { useMemo, type CSSProperties } from 'react';
import { useStyles2 } from '@grafana/ui';
import { tableLayout } from './cell-styles.ts';
import type { TableColumn } from './column.ts';
import { getTableStyles } from './styles.ts';

/** What all rows of a table look like, made once: joining class names is dear beside drawing a row. */
export interface Looks {
  /** Of a row, CSS pixels. */
  readonly minWidth: number;
  readonly text: string;
  readonly row: string;
  readonly selectedRow: string;
  /** One for each column. */
  readonly cells: readonly { readonly className: string; readonly style: CSSProperties }[];
}

interface LooksParts<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly width: number;
  /** Rows can be opened. */
  readonly opens: boolean;
}

export function useLooks<Row>({ columns, width, opens }: LooksParts<Row>): Looks {
  const styles = useStyles2(getTableStyles);
  return useMemo(() => {
    const { cellStyles, minWidth, isScrolled } = tableLayout(columns, width);
    return {
      minWidth,
      text: styles.text,
      row: cx(styles.row, opens && styles.opens),
      selectedRow: cx(styles.row, opens && styles.opens, styles.selected),
      cells: columns.map(({ align = 'left' }, index) => ({
        className: cx(styles.cell, styles[align], index === 0 && isScrolled && styles.sticky),
        style: cellStyles[index],
      })),
    };
  }, [columns, width, opens, styles]);
}
