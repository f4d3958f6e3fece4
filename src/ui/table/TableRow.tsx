import { memo } from 'react';
import { TEST_IDS } from '../test-ids.ts';
import type { TableColumn } from './column.ts';
import type { Looks } from './looks.ts';

export interface TableRowProps<Row> {
  readonly id: string;
  readonly row: Row;
  readonly columns: readonly TableColumn<Row>[];
  readonly looks: Looks;
  readonly index: number;
  /** CSS pixels from the top of the body. */
  readonly top: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
}

function PlainRow<Row>({ id, row, columns, looks, index, top, isActive, isSelected }: TableRowProps<Row>) {
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
      className={isSelected ? looks.selectedRow : looks.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ id: columnId, render }, at) => {
        const content = render(row);
        return (
          <div key={columnId} role="gridcell" aria-colindex={at + 1} {...looks.cells[at]}>
            {typeof content === 'string' ? (
              <span className={looks.text} title={content}>
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

/** Drawn again only when something of its own has changed, not when the table is scrolled. */
export const TableRow = memo(PlainRow) as typeof PlainRow;
