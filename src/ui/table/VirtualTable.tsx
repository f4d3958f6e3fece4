import { useId, useRef, type MouseEvent } from 'react';
import { useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import type { Sort, TableColumn } from './column.ts';
import { rowKeys } from './keys.ts';
import { useLooks } from './looks.ts';
import { getTableStyles } from './styles.ts';
import { TableHeader } from './TableHeader.tsx';
import { TableRow } from './TableRow.tsx';
import { useRows } from './use-rows.ts';
import { useSorted } from './use-sorted.ts';

export interface VirtualTableProps<Row> {
  /** Names the table to those who do not see it. */
  readonly label: string;
  readonly rows: readonly Row[];
  /** The same list as long as the columns are the same: a new one draws all rows anew. */
  readonly columns: readonly TableColumn<Row>[];
  /** Unique among the rows, and the same for the same thing in the next rows. */
  readonly rowKey: (row: Row) => string;
  /** CSS pixels of the whole table. */
  readonly width: number;
  readonly height: number;
  /** With `onSort` the order; without, the one to begin with. Undefined: the order of `rows`. */
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** A click on a row, or Enter on the active one. */
  readonly onOpen?: (row: Row) => void;
  readonly selectedKey?: string;
  readonly emptyText: string;
  readonly testId?: string;
}

/** What was clicked inside a cell has a meaning of its own. */
const OWN_CLICK = 'a, button, input, select, textarea';

function clickedIndex({ target }: MouseEvent): number | undefined {
  if (!(target instanceof Element) || target.closest(OWN_CLICK)) return undefined;
  const index = target.closest('[data-index]')?.getAttribute('data-index');
  return index === null || index === undefined ? undefined : Number(index);
}

/** A table of any length: only rows in view are drawn, and one that stays in view stays the same element. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rowKey, width, height, onOpen, selectedKey, emptyText, testId } = props;
  const styles = useStyles2(getTableStyles);
  const tableId = useId();
  const grid = useRef<HTMLDivElement>(null);
  const { rows, sort, sortBy } = useSorted({ rows: props.rows, columns, sort: props.sort, onSort: props.onSort });
  const { shown, height: bodyHeight, activeIndex, activate } = useRows({ rows, rowKey, grid });
  const looks = useLooks({ columns, width, opens: onOpen !== undefined });
  const idOf = (index: number): string => `${tableId}-${index}`;
  const open = (index: number): void => onOpen?.(rows[index]);
  const onKeyDown = rowKeys({ count: rows.length, height, activeIndex, activate, open });
  const onClick = (event: MouseEvent): void => {
    const index = clickedIndex(event);
    if (index === undefined || index >= rows.length) return;
    activate(index);
    open(index);
  };
  return (
    <div className={styles.root} style={{ width, height }} data-testid={testId}>
      <div
        ref={grid}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={activeIndex === -1 ? undefined : idOf(activeIndex)}
        className={styles.grid}
        onKeyDown={onKeyDown}
        onClick={onClick}
      >
        <div style={{ minWidth: looks.minWidth }} role="presentation">
          <TableHeader {...{ columns, looks, sort, onSort: sortBy }} />
          <div role="rowgroup" className={styles.body} style={{ height: bodyHeight }}>
            {shown.map(({ key, row, index, top }) => (
              <TableRow
                key={key}
                id={idOf(index)}
                isActive={index === activeIndex}
                isSelected={key === selectedKey}
                {...{ row, columns, looks, index, top }}
              />
            ))}
          </div>
        </div>
      </div>
      {rows.length === 0 && (
        <div className={styles.empty} role="status" data-testid={TEST_IDS.table.empty}>
          {emptyText}
        </div>
      )}
    </div>
  );
}
