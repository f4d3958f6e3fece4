import { useCallback, useMemo, useRef, useState } from 'react';
import type { Sort, TableColumn } from './column.ts';
import { nextSort, sortedOrder } from './sorting.ts';

interface SortedParts<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}

interface Sorted<Row> {
  readonly rows: readonly Row[];
  readonly sort: Sort | undefined;
  readonly sortBy: (column: TableColumn<Row>) => void;
}

/** Sorted as the owner says where it listens, else as the table remembers by itself. */
export function useSorted<Row>({ rows, columns, sort, onSort }: SortedParts<Row>): Sorted<Row> {
  const [own, setOwn] = useState(sort);
  const lastOrder = useRef<readonly number[] | undefined>(undefined);
  const current = onSort ? sort : own;
  const sorted = useMemo(() => {
    const sortValue = columns.find(({ id }) => id === current?.columnId)?.sortValue;
    if (current === undefined || sortValue === undefined) return rows;
    const order = sortedOrder({ rows, sortValue, direction: current.direction, start: lastOrder.current });
    lastOrder.current = order;
    return order.map((index) => rows[index]);
  }, [rows, columns, current]);
  const sortBy = useCallback(
    (column: TableColumn<Row>) => (onSort ?? setOwn)(nextSort(column, current)),
    [onSort, current],
  );
  return { rows: sorted, sort: current, sortBy };
}
