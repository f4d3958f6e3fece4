import type { KeyboardEvent } from 'react';
import { HEADER_HEIGHT, ROW_HEIGHT } from './styles.ts';

/** Of the row that a key leads to; undefined for a key that leads nowhere. */
type Step = (index: number, count: number, page: number) => number;

const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index, _count, page) => index + page,
  PageUp: (index, _count, page) => index - page,
  Home: () => 0,
  End: (_index, count) => count - 1,
};

export interface KeyParts {
  readonly key: string;
  /** -1 when no row is active. */
  readonly index: number;
  readonly count: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

export function rowAfterKey({ key, index, count, page }: KeyParts): number | undefined {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (step === undefined || count === 0) return undefined;
  // Any movement starts at a row.
  const next = index === -1 && key !== 'End' ? 0 : step(index, count, Math.max(1, page));
  return Math.min(count - 1, Math.max(0, next));
}

export interface RowKeysParts {
  readonly count: number;
  /** CSS pixels of the table. */
  readonly height: number;
  readonly activeIndex: number;
  readonly activate: (index: number) => void;
  readonly open: (index: number) => void;
}

/** What the keyboard does to a table's rows. */
export function rowKeys({ count, height, activeIndex, activate, open }: RowKeysParts): (event: KeyboardEvent) => void {
  const page = Math.floor((height - HEADER_HEIGHT) / ROW_HEIGHT);
  return (event) => {
    // Keys of what stands in a cell or a header are its own.
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = rowAfterKey({ key: event.key, index: activeIndex, count, page });
    if (next !== undefined) activate(next);
    else if (event.key === 'Enter' && activeIndex !== -1) open(activeIndex);
    else return;
    event.preventDefault();
  };
}
