import { cx } from '@emotion/css';
import { memo, type CSSProperties } from 'react';
import { useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import type { TableColumn } from './column.ts';
import { getTableStyles } from './styles.ts';

export interface TableRowProps<Row> {
  readonly id: string;
  readonly row: Row;
  readonly columns: readonly TableColumn<Row>[];
  readonly cellStyles: readonly CSSProperties[];
  readonly firstIsSticky: boolean;
  readonly index: number;
  /** CSS pixels from the top of the body. */
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly opens: boolean;
}

function PlainRow<Row>({
  id,
  row,
  columns,
  cellStyles,
  index,
  top,
  isActive,
  isSelected,
  ...looks
}: TableRowProps<Row>) {
  const styles = useStyles2(getTableStyles);
  return (
    <div
      id={id}
      role="row"
      // The header is the first.
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      data-active={isActive || undefined}
      data-testid={TEST_IDS.table.row}
      className={cx(styles.row, looks.opens && styles.opens, isSelected && styles.selected)}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ id: columnId, align = 'left', render }, at) => {
        const content = render(row);
        return (
          <div
            key={columnId}
            role="gridcell"
            aria-colindex={at + 1}
            className={cx(styles.cell, styles[align], at === 0 && looks.firstIsSticky && styles.sticky)}
            style={cellStyles[at]}
          >
            {typeof content === 'string' ? (
              <span className={styles.text} title={content}>
                {content}
              </span>
            ) : (
              content
            )}
          </div>
        );
      })}
    </div>
  );
}

export const TableRow = memo(PlainRow) as typeof PlainRow;
