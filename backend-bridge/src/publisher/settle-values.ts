import type { DiagnosedColumn } from '../engine/diagnosis.ts';

/**
 * Where the learnt deviation says nothing, a tenth of the value counts: before warm-up, and where a value is beyond what
 * is expected, since most measurements vary more the larger they are.
 */
const RELATIVE_STEP = 0.1;

export interface Sent {
  /** What was last sent; takes over what is sent now. */
  readonly values: Float64Array;
  /** Per entity: 1 where something is sent now. */
  readonly changes: Uint8Array;
  /** Standard deviations that a measurement must move to be sent again; 0 sends every change. */
  readonly resolution: number;
}

/** How far the newest value `i` of a column may be from the one that was sent without being sent again. */
export function tolerance(column: DiagnosedColumn, i: number, { values: sent, resolution }: Sent): number {
  if (resolution === 0) return 0;
  const relative = RELATIVE_STEP * Math.abs(sent[i]);
  const usual = resolution * column.scale[i];
  if (!Number.isFinite(usual)) return relative;
  const isBeyond = Math.abs(column.values[i] - column.expected[i]) > usual;
  return isBeyond ? Math.max(usual, relative) : usual;
}

/** What is not finite is unknown; a change between known and unknown is always sent. */
export function settleColumn(column: DiagnosedColumn, sent: Sent): void {
  for (let i = 0; i < column.values.length; i += 1) {
    const [value, before] = [column.values[i], sent.values[i]];
    if (value === before) continue;
    const [isKnown, wasKnown] = [Number.isFinite(value), Number.isFinite(before)];
    if (!isKnown && !wasKnown) continue;
    if (isKnown && wasKnown && Math.abs(value - before) <= tolerance(column, i, sent)) continue;
    sent.values[i] = value;
    sent.changes[i] = 1;
  }
}

/** Scores have no deviation of their own: they are sent again when they moved by a step. */
export function settleScores(exact: Float64Array, step: number, sent: Sent): void {
  const least = sent.resolution === 0 ? 0 : step;
  for (let i = 0; i < exact.length; i += 1) {
    if (exact[i] === sent.values[i] || Math.abs(exact[i] - sent.values[i]) < least) continue;
    sent.values[i] = exact[i];
    sent.changes[i] = 1;
  }
}
