import type { SeriesState } from './series-state.ts';

/** What a detector says of one value. `near`: not deviating, but not calm either, so it neither opens nor closes. */
export const JUDGEMENT = { unknown: 0, calm: 1, near: 2, deviating: 3, extreme: 4 } as const;

export interface Verdicts {
  /** A JUDGEMENT per series. */
  readonly judgement: Uint8Array;
  /** 0–1 where deviating. */
  readonly score: Float64Array;
}

/** Opens after `openAfter` deviating ticks among the last `window` (≤ 8), or one extreme one; closes after `closeAfter` calm ones. */
export interface Hysteresis {
  readonly openAfter: number;
  readonly window: number;
  readonly closeAfter: number;
}

/** Hysteresis of one detector on one column. */
export const GATE_LAYOUT = {
  /** Bit k: deviating k ticks ago. */
  history: { kind: 'u8', initial: 0 },
  calm: { kind: 'u8', initial: 0 },
  active: { kind: 'u8', initial: 0 },
  /** Of the newest deviating tick, held while calm ticks are counted. */
  score: { kind: 'f64', initial: 0 },
  /** Wall time of the first deviating tick that led to opening. */
  sinceMs: { kind: 'f64', initial: 0 },
} as const;
export type GateState = SeriesState<typeof GATE_LAYOUT>;

const BIT_COUNT = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Wall times of the newest ticks, newest first; at least as many as the widest window. */
export type RecentTicks = readonly number[];

/**
 * Moves every series of a column by one tick and returns the indices of those that are open, ascending.
 * An unknown value never closes and never opens, but takes its place in the window.
 */
export function stepGates(
  gates: GateState,
  verdicts: Verdicts,
  tick: { hysteresis: Hysteresis; recentMs: RecentTicks },
): number[] {
  const { openAfter, window, closeAfter } = tick.hysteresis;
  const mask = (1 << window) - 1;
  const open: number[] = [];
  for (let i = 0; i < gates.active.length; i += 1) {
    const judgement = verdicts.judgement[i];
    const deviating = judgement >= JUDGEMENT.deviating;
    const active = gates.active[i] === 1;
    if (!active && !deviating && gates.history[i] === 0) continue;
    const history = (gates.history[i] = ((gates.history[i] << 1) | (deviating ? 1 : 0)) & mask);
    if (deviating) gates.score[i] = verdicts.score[i];
    if (active) {
      if (judgement === JUDGEMENT.calm) gates.calm[i] += 1;
      else if (judgement !== JUDGEMENT.unknown) gates.calm[i] = 0;
      if (gates.calm[i] >= closeAfter) closeGate(gates, i);
    } else if (judgement === JUDGEMENT.extreme || BIT_COUNT[history] >= openAfter) {
      gates.active[i] = 1;
      gates.calm[i] = 0;
      const oldest = 31 - Math.clz32(history);
      gates.sinceMs[i] = tick.recentMs[oldest] ?? tick.recentMs.at(-1);
    }
    if (gates.active[i] === 1) open.push(i);
  }
  return open;
}

export function closeGate(gates: GateState, index: number): void {
  gates.active[index] = 0;
  gates.calm[index] = 0;
  gates.history[index] = 0;
  gates.score[index] = 0;
}

/** After a pause, ticks before it no longer count towards opening. */
export function forgetPending(gates: GateState): void {
  gates.history.fill(0);
}
