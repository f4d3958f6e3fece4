import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';

/**
 * How values of a unit are compared. Residuals are taken in a domain where noise is about symmetric and its size does
 * not depend on the level: logarithm for positive quantities, whose noise is multiplicative; square root for ratios of
 * counts (variance-stabilising: Anscombe 1948, Freeman and Tukey 1950); the value itself for anything else.
 */
export interface Measure {
  readonly domain: 'log' | 'sqrt' | 'linear';
  /** Logarithms are of value + offset: below the offset, changes count as additive, and 0 is a value like any other. */
  readonly offset: number;
  /** Least change in the metric's unit that can matter to anyone, whatever the statistics say. */
  readonly minAbsolute: number;
  /** The same, as a share of the expected value. The larger of the two counts. */
  readonly minRelative: number;
  /** Least standard deviation: of the domain for log and sqrt, as a share of the level for linear. */
  readonly scaleFloor: number;
  /** No value can be larger. Values of log and sqrt are never negative. */
  readonly most?: number;
}

const MIB = 2 ** 20;
const BY_UNIT: Readonly<Record<string, Measure>> = {
  '1/s': { domain: 'log', offset: 0.5, minAbsolute: 0.5, minRelative: 0.3, scaleFloor: 0.03 },
  s: { domain: 'log', offset: 0.002, minAbsolute: 0.005, minRelative: 0.5, scaleFloor: 0.03 },
  ms: { domain: 'log', offset: 2, minAbsolute: 5, minRelative: 0.5, scaleFloor: 0.03 },
  cores: { domain: 'log', offset: 0.05, minAbsolute: 0.1, minRelative: 0.3, scaleFloor: 0.03 },
  bytes: { domain: 'log', offset: 16 * MIB, minAbsolute: 32 * MIB, minRelative: 0.2, scaleFloor: 0.02 },
  ratio: { domain: 'sqrt', offset: 0, minAbsolute: 0.02, minRelative: 0.5, scaleFloor: 0.01, most: 1 },
};
/** A difference of two latencies: about 0, below it at times, with noise that does not grow with it. */
const BY_NAME: Readonly<Record<string, Measure>> = {
  network_latency: { domain: 'linear', offset: 0, minAbsolute: 0.005, minRelative: 0.5, scaleFloor: 0.03 },
};
/** Units that nobody described, perhaps of signed values. */
const ANY_UNIT: Measure = { domain: 'linear', offset: 0, minAbsolute: 0, minRelative: 0.2, scaleFloor: 0.02 };

export function measureOf(spec: MetricSpec): Measure {
  if (Object.hasOwn(BY_NAME, spec.name)) return BY_NAME[spec.name];
  return (Object.hasOwn(BY_UNIT, spec.unit) && BY_UNIT[spec.unit]) || ANY_UNIT;
}

/** Beyond this, sums and products could leave the range of doubles. */
const LARGEST = 1e150;

export function toDomain(measure: Measure, value: number): number {
  if (measure.domain === 'log') return Math.log(Math.min(Math.max(value, 0), LARGEST) + measure.offset);
  if (measure.domain === 'sqrt') return Math.sqrt(Math.min(Math.max(value, 0), LARGEST));
  return Math.min(Math.max(value, -LARGEST), LARGEST);
}

export function fromDomain(measure: Measure, level: number): number {
  if (measure.domain === 'log') return Math.max(0, Math.exp(level) - measure.offset);
  if (measure.domain === 'sqrt') return level * level;
  return level;
}

/** A standard deviation of the domain around `expected`, in the metric's unit (first order; exact at 0 for ratios). */
export function scaleInUnit(measure: Measure, expected: number, scale: number): number {
  if (measure.domain === 'log') return scale * (expected + measure.offset);
  if (measure.domain === 'sqrt') return 2 * scale * Math.sqrt(expected) + scale * scale;
  return scale;
}

/** Least change from the expected value that can matter to anyone, in the metric's unit. */
const leastChange = (measure: Measure, expected: number): number =>
  Math.max(measure.minAbsolute, measure.minRelative * Math.abs(expected));

/** How many times the least effect that matters lies between a value and the expected one; below 1 it does not matter. */
export function effectSize(measure: Measure, expected: number, change: { value: number; residual: number }): number {
  const least = leastChange(measure, expected);
  if (measure.domain === 'log') return Math.abs(change.residual) / Math.log1p(least / (expected + measure.offset));
  const size = Math.abs(Math.min(Math.max(change.value, -LARGEST), LARGEST) - expected);
  return least > 0 ? size / least : size > 0 ? Number.MAX_VALUE : 0;
}

/**
 * Lowest and highest value, in the metric's unit, that is at most `distance` of the domain, or at most the least change
 * that matters, away from the level: what `effectSize` and a residual tell of one value, solved for the value.
 */
export function rangeAround(
  measure: Measure,
  level: number,
  distance: number,
): readonly [lower: number, upper: number] {
  const expected = fromDomain(measure, level);
  const least = leastChange(measure, expected);
  if (measure.domain === 'log') {
    const half = Math.max(distance, Math.log1p(least / (expected + measure.offset)));
    return [fromDomain(measure, level - half), Math.min(fromDomain(measure, level + half), LARGEST)];
  }
  const isRatio = measure.domain === 'sqrt';
  const low = fromDomain(measure, isRatio ? Math.max(0, level - distance) : level - distance);
  const lower = Math.min(low, expected - least);
  const upper = Math.max(fromDomain(measure, level + distance), expected + least);
  return [isRatio ? Math.max(0, lower) : Math.max(lower, -LARGEST), Math.min(upper, measure.most ?? LARGEST)];
}

/**
 * Least standard deviation that a value can have for the number of requests it was computed from. A share of n counts
 * varies by at most 1/(2√n) in the square-root domain. For a 95th percentile the learnt deviation is widened instead,
 * since below some 20 requests it is nearly the maximum of them.
 */
export interface Sampling {
  floor(requests: number): number;
  widen(requests: number): number;
}
const NONE: Sampling = { floor: () => 0, widen: () => 1 };
const OF_RATIO: Sampling = { floor: (requests) => 0.5 / Math.sqrt(Math.max(requests, 0.25)), widen: () => 1 };
const OF_PERCENTILE: Sampling = { floor: () => 0, widen: (requests) => Math.sqrt(1 + 20 / Math.max(requests, 0.5)) };

/** Whether the number of requests behind its values says how much they may scatter. */
export const isSampled = (spec: MetricSpec): boolean => samplingOf(spec) !== NONE;

export function samplingOf(spec: MetricSpec): Sampling {
  if (spec.name === WELL_KNOWN_METRICS.errorRate) return OF_RATIO;
  return spec.name === WELL_KNOWN_METRICS.latencyP95 ? OF_PERCENTILE : NONE;
}

/** An error ratio is evidence only when at least so many requests failed in the window: 1 of 2 is no alarm. */
export const MIN_FAILED_REQUESTS = 3;
const FAILURES_ABOVE_FLOOR = 2;

/**
 * Whether enough requests failed for the ratio to be above the floor by more than chance: at least MIN_FAILED_REQUESTS,
 * and FAILURES_ABOVE_FLOOR more than the floor allows. With many requests this is the floor itself; where their number is
 * not known, the ratio is believed.
 */
export function isEvidentRatio(ratio: number, floor: number, requests: number): boolean {
  if (!Number.isFinite(requests)) return true;
  const failed = ratio * requests;
  return failed >= MIN_FAILED_REQUESTS && failed >= floor * requests + FAILURES_ABOVE_FLOOR;
}
