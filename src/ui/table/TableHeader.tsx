import { memo } from 'react';
import { Icon, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import type { Sort, TableColumn } from './column.ts';
import type { Looks } from './looks.ts';
import { getTableStyles } from './styles.ts';

export interface TableHeaderProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly looks: Looks;
  readonly sort: Sort | undefined;
  readonly onSort: (column: TableColumn<Row>) => void;
}

const SORTED = { asc: 'ascending', desc: 'descending' } as const;

function PlainHeader<Row>({ columns, looks, sort, onSort }: TableHeaderProps<Row>) {
  const styles = useStyles2(getTableStyles);
  return (
    <div role="rowgroup" className={styles.header}>
      <div role="row" aria-rowindex={1} className={styles.headerRow}>
        {columns.map((column, index) => {
          const { id, header, sortValue } = column;
          const direction = sort?.columnId === id ? sort.direction : undefined;
          return (
            <div
              key={id}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={sortValue && (direction ? SORTED[direction] : 'none')}
              {...looks.cells[index]}
            >
              {sortValue ? (
                <button
                  type="button"
                  className={styles.sort}
                  onClick={() => onSort(column)}
                  data-testid={TEST_IDS.table.header(id)}
                >
                  <span className={styles.text}>{header}</span>
                  {direction && <Icon name={direction === 'asc' ? 'arrow-up' : 'arrow-down'} size="sm" />}
                </button>
              ) : (
                <span className={styles.text}>{header}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

export const TableHeader = memo(PlainHeader) as typeof PlainHeader;
