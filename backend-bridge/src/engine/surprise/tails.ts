import type { SeriesState } from '../series-state.ts';
import { TUNING } from './tuning.ts';

/** What a series is watched by. The order is that of the cells in TAIL_LAYOUT and of NORMAL_TAILS. */
export const CHANNEL = {
  aboveLevel: 0,
  belowLevel: 1,
  jumpUp: 2,
  jumpDown: 3,
  offHour: 4,
  shortMeanOff: 5,
  longMeanOff: 6,
  calmer: 7,
} as const;
export const CHANNEL_COUNT = Object.keys(CHANNEL).length;

/**
 * Upper tail of each channel, learnt online: peaks over threshold (Pickands 1975; on streams Siffer et al. 2017), here in
 * constant memory. The threshold is the 1 − tailShare quantile by stochastic approximation (Robbins and Monro 1951), the
 * tail a generalised Pareto distribution by the moments of the excesses (Hosking and Wallis 1987).
 */
export const TAIL_LAYOUT = {
  quantile: { kind: 'f32', initial: 0, width: CHANNEL_COUNT },
  meanExcess: { kind: 'f32', initial: 0, width: CHANNEL_COUNT },
  /** Mean square of the excesses over the square of their mean; 2 for an exponential tail. */
  excessRatio: { kind: 'f32', initial: 2, width: CHANNEL_COUNT },
} as const;
export type TailState = SeriesState<typeof TAIL_LAYOUT>;

/** About what normal noise has, in mean absolute deviations: what a new series is held against. */
const NORMAL_TAILS: readonly (readonly [quantile: number, meanExcess: number])[] = [
  [2.36, 0.5],
  [2.36, 0.5],
  [2.36, 0.5],
  [2.36, 0.5],
  [2.72, 0.5],
  [2, 0.5],
  [2, 0.5],
  [0.6, 0.12],
];
const QUANTILES = Float64Array.from(NORMAL_TAILS, ([quantile]) => quantile);
const MEAN_EXCESSES = Float64Array.from(NORMAL_TAILS, ([, meanExcess]) => meanExcess);

/** Beyond the evidence that any tail of so few excesses can give. */
const LEAST_P = 1e-12;
/** Anywhere below the threshold: there it does not matter. */
const COMMON_P = 0.5;
const LEAST_SHAPE = -0.25;
const MOST_SHAPE = 0.5;
const LEAST_SCALE = 1e-9;

export function startTails(state: TailState, i: number): void {
  state.quantile.set(QUANTILES, i * CHANNEL_COUNT);
  state.meanExcess.set(MEAN_EXCESSES, i * CHANNEL_COUNT);
}

/** How likely a value of at least `x` is in a channel; `cell` is its place in the state. */
export function tailP(state: TailState, cell: number, x: number): number {
  const excess = x - state.quantile[cell];
  if (!(excess > 0)) return COMMON_P;
  const shape = Math.min(
    Math.max(0.5 * (1 - 1 / Math.max(state.excessRatio[cell] - 1, 1e-6)), LEAST_SHAPE),
    MOST_SHAPE,
  );
  const scale = Math.max(state.meanExcess[cell] * (1 - shape), LEAST_SCALE);
  const tail =
    Math.abs(shape) < 1e-3 ? Math.exp(-excess / scale) : Math.max(0, 1 + (shape * excess) / scale) ** (-1 / shape);
  return Math.max(TUNING.tailShare * tail, LEAST_P);
}

/** Learns `x`, the value after `seen` others. */
export function learnTail(state: TailState, cell: number, { x, seen }: { x: number; seen: number }): void {
  const { tailShare, tailPrior, quantileGain, excessGain, clipExcesses } = TUNING;
  const mean = state.meanExcess[cell];
  const known = seen + tailPrior;
  const step = Math.max(1 / known, quantileGain) * mean;
  const excess = x - state.quantile[cell];
  if (!(excess > 0)) {
    state.quantile[cell] -= step;
    return;
  }
  state.quantile[cell] += Math.min((step * (1 - tailShare)) / tailShare, excess);
  const clipped = Math.min(excess, clipExcesses * mean);
  const weight = Math.max(1 / (known * tailShare + 1), excessGain);
  const nextMean = mean + weight * (clipped - mean);
  const square = state.excessRatio[cell] * mean * mean;
  const nextSquare = square + weight * (clipped * clipped - square);
  state.meanExcess[cell] = nextMean;
  state.excessRatio[cell] = nextSquare / (nextMean * nextMean);
}
