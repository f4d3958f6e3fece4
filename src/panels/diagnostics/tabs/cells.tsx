import { useTheme2 } from '@grafana/ui';
import { displayText, NOTHING } from '../../../ui/format.ts';
import type { TableColumn } from '../../../ui/table/column.ts';
import type { ColumnOf, FrameKind } from '../read-frames.ts';
import type { Row } from './tab.ts';

interface NumberCellProps<K extends FrameKind> extends Row<K> {
  readonly name: ColumnOf<K>;
}

/** A number with the unit of its field. */
export function NumberCell<K extends FrameKind>({ table, row, name }: NumberCellProps<K>) {
  const theme = useTheme2();
  const field = table.field(name);
  const value = table.number(name, row);
  return <>{field === undefined || value === null ? NOTHING : displayText(field, value, theme)}</>;
}

export const textColumn = <K extends FrameKind>(
  name: ColumnOf<K>,
  more: Omit<TableColumn<Row<K>>, 'id' | 'render' | 'sortValue'>,
): TableColumn<Row<K>> => ({
  ...more,
  id: name,
  render: ({ table, row }) => table.text(name, row),
  sortValue: ({ table, row }) => table.text(name, row) || null,
});

/** Of what one looks for the greatest of. */
export const numberColumn = <K extends FrameKind>(
  name: ColumnOf<K>,
  more: Omit<TableColumn<Row<K>>, 'id' | 'render' | 'sortValue'>,
): TableColumn<Row<K>> => ({
  align: 'right',
  firstDirection: 'desc',
  ...more,
  id: name,
  render: ({ table, row }) => <NumberCell table={table} row={row} name={name} />,
  sortValue: ({ table, row }) => table.number(name, row),
});
