import type { ReactNode } from 'react';

export type SortValue = string | number | null | undefined;

export interface TableColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** CSS pixels: fixed without `flex`, the least with it. */
  readonly width: number;
  /** Share of what room is left, as CSS flex-grow. */
  readonly flex?: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly render: (row: Row) => ReactNode;
  /** Absent: not sorted by. Null and undefined go last in either direction. */
  readonly sortValue?: (row: Row) => SortValue;
  /** Of the first click; ascending by default. Give `desc` where the greatest is what one looks for. */
  readonly firstDirection?: SortDirection;
}

export type SortDirection = 'asc' | 'desc';
export interface Sort {
  readonly columnId: string;
  readonly direction: SortDirection;
}
