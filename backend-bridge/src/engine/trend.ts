import { TREND_CHANGE, TRENDS } from '@topdeck/protocol';
import type { SeriesState } from './series-state.ts';

/** Samples in the window; the trend compares the means of its older and its newer half. */
export const TREND_WINDOW = 60;
export const TREND_LAYOUT = {
  /** Ring of the newest known request rates. */
  rates: { kind: 'f32', initial: 0, width: TREND_WINDOW },
  next: { kind: 'u8', initial: 0 },
  count: { kind: 'u8', initial: 0 },
  /** Samples in the older half: ⌊count / 2⌋. */
  older: { kind: 'u8', initial: 0 },
  olderSum: { kind: 'f64', initial: 0 },
  newerSum: { kind: 'f64', initial: 0 },
} as const;
export type TrendState = SeriesState<typeof TREND_LAYOUT>;

/** The ring keeps single precision, whose range a rate must not leave. */
const LARGEST_RATE = 1e30;
/** A change must also exceed so many standard errors of counted requests: at a low rate, 10 % is chance. */
const STANDARD_ERRORS = 2;
const [INCREASING, DECREASING, STABLE] = [
  TRENDS.indexOf('increasing'),
  TRENDS.indexOf('decreasing'),
  TRENDS.indexOf('stable'),
];

/** Sums anew, once a round, what additions and subtractions have kept: rounding errors do not build up. */
function sumAnew(state: TrendState, i: number): void {
  const { rates, next, count, older } = state;
  const base = i * TREND_WINDOW;
  let [olderSum, newerSum] = [0, 0];
  for (let k = 0; k < count[i]; k += 1) {
    const at = (next[i] - count[i] + k + TREND_WINDOW) % TREND_WINDOW;
    if (k < older[i]) olderSum += rates[base + at];
    else newerSum += rates[base + at];
  }
  state.olderSum[i] = olderSum;
  state.newerSum[i] = newerSum;
}

export function pushRate(state: TrendState, i: number, rate: number): void {
  const base = i * TREND_WINDOW;
  const at = state.next[i];
  if (state.count[i] === TREND_WINDOW) {
    state.olderSum[i] -= state.rates[base + at];
    state.older[i] -= 1;
    state.count[i] = TREND_WINDOW - 1;
  }
  state.rates[base + at] = Math.min(rate, LARGEST_RATE);
  state.newerSum[i] += state.rates[base + at];
  const next = (state.next[i] = (at + 1) % TREND_WINDOW);
  const count = (state.count[i] += 1);
  const older = state.older[i];
  if (older < count >> 1) {
    const moved = state.rates[base + ((next - count + older + TREND_WINDOW) % TREND_WINDOW)];
    state.olderSum[i] += moved;
    state.newerSum[i] -= moved;
    state.older[i] = older + 1;
  }
  if (next === 0) sumAnew(state, i);
}

/** Index into TRENDS: how the mean of the newer half differs from the older one's, by more than TREND_CHANGE and chance. */
export function trendOf(state: TrendState, i: number, stepS: number): number {
  const older = state.older[i];
  if (older === 0) return STABLE;
  const newer = state.count[i] - older;
  const before = state.olderSum[i] / older;
  const after = state.newerSum[i] / newer;
  const chance =
    STANDARD_ERRORS * Math.sqrt(Math.max(before, 0) / (older * stepS) + Math.max(after, 0) / (newer * stepS));
  if (Math.abs(after - before) <= chance) return STABLE;
  if (after > before * (1 + TREND_CHANGE)) return INCREASING;
  return after < before * (1 - TREND_CHANGE) ? DECREASING : STABLE;
}
