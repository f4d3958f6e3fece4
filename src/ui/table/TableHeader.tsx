import { cx } from '@emotion/css';
import type { CSSProperties } from 'react';
import { Icon, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import type { Sort, TableColumn } from './column.ts';
import { getTableStyles } from './styles.ts';

export interface TableHeaderProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly cellStyles: readonly CSSProperties[];
  readonly firstIsSticky: boolean;
  readonly sort: Sort | undefined;
  readonly onSort: (column: TableColumn<Row>) => void;
}

const SORTED = { asc: 'ascending', desc: 'descending' } as const;

export function TableHeader<Row>({ columns, cellStyles, firstIsSticky, sort, onSort }: TableHeaderProps<Row>) {
  const styles = useStyles2(getTableStyles);
  return (
    <div role="rowgroup" className={styles.header}>
      <div role="row" aria-rowindex={1} className={styles.headerRow}>
        {columns.map((column, index) => {
          const { id, header, align = 'left', sortValue } = column;
          const direction = sort?.columnId === id ? sort.direction : undefined;
          return (
            <div
              key={id}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={sortValue && (direction ? SORTED[direction] : 'none')}
              className={cx(styles.cell, styles[align], index === 0 && firstIsSticky && styles.sticky)}
              style={cellStyles[index]}
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
