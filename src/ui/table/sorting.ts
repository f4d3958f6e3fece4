import type { Sort, SortDirection, SortValue, TableColumn } from './column.ts';

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const isAbsent = (value: SortValue): boolean => value === null || value === undefined || Number.isNaN(value);

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

export interface SortParts<Row> {
  readonly rows: readonly Row[];
  readonly sortValue: (row: Row) => SortValue;
  readonly direction: SortDirection;
  /** Order of the last time. Rows that come again are nearly sorted by it, which spares most of the comparisons. */
  readonly start?: readonly number[];
}

/** Indices of the rows in order. Equal ones keep the order of `rows`, and those without a value go last. */
export function sortedOrder<Row>({ rows, sortValue, direction, start }: SortParts<Row>): number[] {
  const values = rows.map(sortValue);
  const order = start?.length === rows.length ? [...start] : [...rows.keys()];
  const sign = direction === 'asc' ? 1 : -1;
  return order.sort((a, b) => {
    const aIsAbsent = isAbsent(values[a]);
    const bIsAbsent = isAbsent(values[b]);
    if (aIsAbsent || bIsAbsent) return Number(aIsAbsent) - Number(bIsAbsent) || a - b;
    return sign * compare(values[a], values[b]) || a - b;
  });
}

const opposite = (direction: SortDirection): SortDirection => (direction === 'asc' ? 'desc' : 'asc');

/** What a click on a column's header leads to. */
export function nextSort<Row>({ id, firstDirection = 'asc' }: TableColumn<Row>, current: Sort | undefined): Sort {
  const direction = current?.columnId === id ? opposite(current.direction) : firstDirection;
  return { columnId: id, direction };
}
