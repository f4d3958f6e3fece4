import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useMemo, useState, type RefObject } from 'react';
import { HEADER_HEIGHT, ROW_HEIGHT } from './styles.ts';

interface RowsParts<Row> {
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly grid: RefObject<HTMLDivElement | null>;
}

export interface ShownRow<Row> {
  readonly key: string;
  readonly row: Row;
  readonly index: number;
  /** CSS pixels from the top of the body. */
  readonly top: number;
}

interface Rows<Row> {
  readonly shown: readonly ShownRow<Row>[];
  /** CSS pixels. */
  readonly height: number;
  /** -1 when none is. */
  readonly activeIndex: number;
  /** Makes a row the active one and brings it into view. */
  readonly activate: (index: number) => void;
}

/** Rows that are in view, and the active one, which keeps its role while the rows around it change. */
export function useRows<Row>({ rows, rowKey, grid }: RowsParts<Row>): Rows<Row> {
  const [activeKey, setActiveKey] = useState<string | undefined>();
  const activeIndex = useMemo(
    () => (activeKey === undefined ? -1 : rows.findIndex((row) => rowKey(row) === activeKey)),
    [rows, rowKey, activeKey],
  );
  // aria-activedescendant must name an element that is there.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indices = defaultRangeExtractor(range);
      if (activeIndex === -1 || indices.includes(activeIndex)) return indices;
      return [...indices, activeIndex].sort((a, b) => a - b);
    },
    [activeIndex],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    scrollMargin: HEADER_HEIGHT,
    scrollPaddingStart: HEADER_HEIGHT,
    rangeExtractor,
  });
  const shown = virtualizer.getVirtualItems().flatMap(({ index, start }) => {
    const row = rows[index];
    return row === undefined ? [] : [{ key: rowKey(row), row, index, top: start - HEADER_HEIGHT }];
  });
  const activate = (index: number): void => {
    setActiveKey(rowKey(rows[index]));
    virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  return { shown, height: virtualizer.getTotalSize(), activeIndex, activate };
}
