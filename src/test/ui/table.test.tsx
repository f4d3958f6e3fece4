import { describe, expect, jest, test } from '@jest/globals';
import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { tableLayout } from '../../ui/table/cell-styles.ts';
import type { TableColumn } from '../../ui/table/column.ts';
import { rowAfterKey } from '../../ui/table/keys.ts';
import { nextSort, sortedOrder } from '../../ui/table/sorting.ts';
import { VirtualTable, type VirtualTableProps } from '../../ui/table/VirtualTable.tsx';
import { TEST_IDS } from '../../ui/test-ids.ts';

interface Row {
  readonly id: string;
  readonly score: number | null;
}

const COLUMNS: readonly TableColumn<Row>[] = [
  { id: 'id', header: 'Service', width: 200, flex: 1, render: ({ id }) => id, sortValue: ({ id }) => id },
  {
    id: 'score',
    header: 'Score',
    width: 100,
    align: 'right',
    render: ({ score }) => String(score),
    sortValue: ({ score }) => score,
    firstDirection: 'desc',
  },
  { id: 'link', header: 'Link', width: 80, render: () => <a href="#x">Go</a> },
];
const MANY: readonly Row[] = Array.from({ length: 10_000 }, (_, index) => ({ id: `s${index}`, score: index % 100 }));

const element = (more: Partial<VirtualTableProps<Row>> = {}) => (
  <VirtualTable
    label="Services"
    rows={MANY}
    columns={COLUMNS}
    rowKey={({ id }) => id}
    width={800}
    height={400}
    emptyText="No services"
    {...more}
  />
);
const grid = (): HTMLElement => screen.getByRole('grid', { name: 'Services' });
const rows = (): HTMLElement[] => screen.getAllByTestId(TEST_IDS.table.row);
const idAt = (row: HTMLElement): string => within(row).getAllByRole('gridcell')[0].textContent ?? '';
const active = (): HTMLElement | null => document.getElementById(grid().getAttribute('aria-activedescendant') ?? '');
const header = (id: string): HTMLElement => screen.getByTestId(TEST_IDS.table.header(id));

describe('a long table', () => {
  test('draws the rows in view alone and tells how many there are', () => {
    render(element());
    expect(rows().length).toBeLessThan(40);
    expect(grid().getAttribute('aria-rowcount')).toBe('10001');
    expect(
      rows()
        .map((row) => row.getAttribute('aria-rowindex'))
        .slice(0, 3),
    ).toEqual(['2', '3', '4']);
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'Service',
      'Score',
      'Link',
    ]);
  });

  test('a row that stays is the same element with its new values, also at another place', () => {
    const { rerender } = render(element());
    const before = rows()[3];
    const changed = MANY.map((row) => ({ ...row, score: 1 }));
    rerender(element({ rows: [{ id: 'new', score: 0 }, ...changed] }));
    const after = rows().find((row) => idAt(row) === 's3');
    expect(after).toBe(before);
    expect(after?.getAttribute('aria-rowindex')).toBe('6');
    expect(within(after!).getAllByRole('gridcell')[1].textContent).toBe('1');
  });

  test('an empty one says so below its header', () => {
    render(element({ rows: [] }));
    expect(screen.getByTestId(TEST_IDS.table.empty).textContent).toBe('No services');
    expect(screen.getAllByRole('columnheader')).toHaveLength(3);
  });
});

describe('sorting', () => {
  test('a header sorts by its column, its own way first, then the other way round', async () => {
    const user = userEvent.setup();
    render(element());
    expect(screen.getByRole('columnheader', { name: 'Score' }).getAttribute('aria-sort')).toBe('none');
    expect(screen.getByRole('columnheader', { name: 'Link' }).hasAttribute('aria-sort')).toBe(false);
    await user.click(header('score'));
    expect(screen.getByRole('columnheader', { name: /Score/ }).getAttribute('aria-sort')).toBe('descending');
    expect(rows().slice(0, 2).map(idAt)).toEqual(['s99', 's199']);
    await user.keyboard('{Enter}');
    expect(screen.getByRole('columnheader', { name: /Score/ }).getAttribute('aria-sort')).toBe('ascending');
    expect(rows().slice(0, 2).map(idAt)).toEqual(['s0', 's100']);
  });

  test('an owner who listens decides', async () => {
    const onSort = jest.fn();
    render(element({ sort: { columnId: 'id', direction: 'desc' }, onSort }));
    expect(idAt(rows()[0])).toBe('s9999');
    await userEvent.setup().click(header('id'));
    expect(onSort).toHaveBeenCalledWith({ columnId: 'id', direction: 'asc' });
    expect(idAt(rows()[0])).toBe('s9999');
  });

  test('what has no value goes last both ways, and equal rows keep their order', () => {
    const values = [null, 2, 1, Number.NaN, 2];
    const order = (direction: 'asc' | 'desc') => sortedOrder({ rows: values, sortValue: (value) => value, direction });
    expect(order('asc')).toEqual([2, 1, 4, 0, 3]);
    expect(order('desc')).toEqual([1, 4, 2, 0, 3]);
  });

  test('an order to start from makes no difference but to the time', () => {
    const list = Array.from({ length: 500 }, (_, index) => (index * 7919) % 101);
    const parts = { rows: list, sortValue: (value: number) => value, direction: 'asc' as const };
    const fresh = sortedOrder(parts);
    expect(sortedOrder({ ...parts, start: fresh.toReversed() })).toEqual(fresh);
    expect(sortedOrder({ ...parts, start: [1, 2] })).toEqual(fresh);
  });

  test('numbers in names count as numbers', () => {
    const names = ['s10', 's9', 'S1'];
    expect(sortedOrder({ rows: names, sortValue: (name) => name, direction: 'asc' })).toEqual([2, 1, 0]);
    expect(nextSort(COLUMNS[1], { columnId: 'id', direction: 'asc' })).toEqual({
      columnId: 'score',
      direction: 'desc',
    });
  });
});

describe('the keyboard', () => {
  test.each([
    ['ArrowDown', -1, 0],
    ['End', -1, 99],
    ['ArrowDown', 3, 4],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 13],
    ['PageDown', 95, 99],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['a', 3, undefined],
    ['toString', 3, undefined],
  ])('%s from row %d leads to %p', (key, index, next) => {
    expect(rowAfterKey({ key, index, count: 100, page: 10 })).toBe(next);
  });

  test('arrows move the active row, and Enter opens it', async () => {
    const onOpen = jest.fn();
    const user = userEvent.setup();
    render(element({ onOpen }));
    grid().focus();
    await user.keyboard('{Enter}');
    expect(onOpen).not.toHaveBeenCalled();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
    expect(idAt(active()!)).toBe('s2');
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledWith(MANY[2]);
  });

  test('the active row is there also when it is far from what is seen, and goes with its row', async () => {
    const user = userEvent.setup();
    const { rerender } = render(element());
    grid().focus();
    await user.keyboard('{End}');
    expect(idAt(active()!)).toBe('s9999');
    expect(active()!.getAttribute('aria-rowindex')).toBe('10001');
    rerender(element({ rows: MANY.toReversed() }));
    expect(idAt(active()!)).toBe('s9999');
    expect(active()!.getAttribute('aria-rowindex')).toBe('2');
    rerender(element({ rows: MANY.slice(0, 5) }));
    expect(grid().hasAttribute('aria-activedescendant')).toBe(false);
  });

  test('keys of a header are its own', async () => {
    const onOpen = jest.fn();
    render(element({ onOpen }));
    header('id').focus();
    await userEvent.setup().keyboard('{ArrowDown}');
    expect(active()).toBeNull();
  });
});

describe('the pointer', () => {
  test('a click opens the row, and one on a link in it does not', () => {
    const onOpen = jest.fn();
    render(element({ onOpen, selectedKey: 's1' }));
    fireEvent.click(within(rows()[1]).getAllByRole('gridcell')[1]);
    expect(onOpen.mock.calls).toEqual([[MANY[1]]]);
    fireEvent.click(within(rows()[2]).getByRole('link'));
    expect(onOpen).toHaveBeenCalledTimes(1);
    expect(
      rows()
        .slice(0, 3)
        .map((row) => row.getAttribute('aria-selected')),
    ).toEqual(['false', 'true', 'false']);
  });
});

describe('widths', () => {
  test('where all fits, columns share what is left; where not, the first stays and leaves room', () => {
    const wide = tableLayout(COLUMNS, 800);
    expect([wide.isScrolled, wide.minWidth]).toEqual([false, 380]);
    expect(wide.cellStyles.map(({ flex }) => flex)).toEqual(['1 0 200px', '0 0 100px', '0 0 80px']);
    const narrow = tableLayout(COLUMNS, 320);
    expect([narrow.isScrolled, narrow.minWidth]).toEqual([true, 324]);
    expect(narrow.cellStyles.map(({ flex }) => flex)).toEqual(['0 0 144px', '0 0 100px', '0 0 80px']);
  });
});
