import type { Subject } from '../../../ui/detail/subject.ts';
import type { TableColumn } from '../../../ui/table/column.ts';
import type { FrameKind, Table } from '../read-frames.ts';
import type { ListView } from './list-view.ts';

/** A row of a frame. Others each time the frame is, so that a table knows which rows to draw anew. */
export interface Row<K extends FrameKind> {
  readonly table: Table<K>;
  readonly row: number;
}

export const rowsOf = <K extends FrameKind>(table: Table<K>): Row<K>[] =>
  Array.from({ length: table.length }, (_, row) => ({ table, row }));

/** A column that is left out of a table narrower than `from` CSS pixels. */
export type WideColumn<R> = TableColumn<R> & { readonly from?: number; readonly upTo?: number };

export const fitting = <R>(columns: readonly WideColumn<R>[], width: number): readonly TableColumn<R>[] =>
  columns.filter(({ from = 0, upTo = Infinity }) => width >= from && width < upTo);

/** What a click on a row leads to. */
export interface Opening {
  /** The service that is marked on the dashboard. */
  readonly id: string;
  readonly subject: Subject;
}

export interface TabProps<K extends FrameKind> {
  readonly table: Table<K>;
  readonly view: ListView;
  readonly onView: (view: ListView) => void;
  readonly onOpen: (opening: Opening) => void;
  readonly selectedId: string | undefined;
  readonly timeZone: string;
  /** CSS pixels. */
  readonly width: number;
}
