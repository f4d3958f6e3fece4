import {
  WELL_KNOWN_METRICS,
  type ComparisonReference,
  type ComparisonVerdict,
  type MetricNow,
  type MetricSpec,
} from '@topdeck/protocol';
import { effectSize, isEvidentRatio, measureOf, samplingOf, toDomain, type Measure } from './measures.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;

/** The values of all times after `sinceMs`, up to and with `untilMs`. */
export interface Span {
  readonly sinceMs: number;
  readonly untilMs: number;
}

export const nowSpan = (atMs: number, windowMs: number): Span => ({ sinceMs: atMs - windowMs, untilMs: atMs });

const before = (lengthMs: number) => (atMs: number, windowMs: number) => nowSpan(atMs - windowMs, lengthMs);
/** Of an hour at least: of less there are too few values of so long ago. */
const shifted = (byMs: number) => (atMs: number, windowMs: number) => nowSpan(atMs - byMs, Math.max(windowMs, HOUR_MS));

/** When each reference was, for a window that ends at `atMs`. */
export const REFERENCE_SPANS: Readonly<Record<ComparisonReference, (atMs: number, windowMs: number) => Span>> = {
  previous_hour: before(HOUR_MS),
  previous_day: before(DAY_MS),
  previous_week: before(WEEK_MS),
  same_hour_yesterday: shifted(DAY_MS),
  same_hour_last_week: shifted(WEEK_MS),
};

/** What is known of one stretch of time. */
export interface Sample {
  /** Those that are known, in the metric's unit. */
  readonly values: readonly number[];
  /** How many there would be without a gap. */
  readonly of: number;
}

/** Both must be met on both sides, or the verdict is unknown: from less, nobody can tell what was usual. */
export const LEAST_KNOWN = { values: 3, share: 0.5 } as const;
/**
 * A verdict takes so many robust standard deviations of the reference, and so many times the least effect that matters
 * (engine/measures.ts), of which the first tells what chance explains and the second what nobody cares about.
 */
export const VERDICT_FLOORS = { changed: { z: 3, effect: 1 }, much: { z: 6, effect: 3 } } as const;
/** A steady reference makes any distance infinite. */
const LARGEST_Z = 1_000;
const LARGEST_CHANGE = 1e6;

export const isEnough = ({ values, of }: Sample): boolean =>
  values.length >= LEAST_KNOWN.values && values.length >= LEAST_KNOWN.share * of;

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What makes the median absolute deviation of n normal values unbiased: Croux and Rousseeuw, 1992. */
const SMALL_SAMPLE = [1, 1, 1.196, 1.495, 1.363, 1.206, 1.2, 1.14, 1.129, 1.107];
const MAD_TO_SIGMA = 1.4826;

function robustScale(levels: readonly number[], center: number): number {
  const n = levels.length;
  const mad = median(levels.map((level) => Math.abs(level - center)));
  return MAD_TO_SIGMA * mad * (SMALL_SAMPLE[n] ?? n / (n - 0.8));
}

export function summarize({ values, of }: Sample): MetricNow | null {
  if (values.length === 0) return null;
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (const value of values) {
    sum += value / values.length;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { mean: Math.min(Math.max(sum, min), max), median: median(values), min, max, known: values.length, of };
}

export interface Comparand {
  readonly spec: MetricSpec;
  readonly now: Sample;
  readonly then: Sample;
  /** That the service answered during `now`; NaN where it is not known. */
  readonly requests: number;
}

export interface Compared {
  readonly value: number | null;
  readonly change: number | null;
  readonly z: number | null;
  readonly verdict: ComparisonVerdict;
  readonly worse: boolean | null;
}

/** Null from 0, and where it would be so large that it says no more than that. */
function changeOf(value: number, mean: number): number | null {
  const change = (mean - value) / Math.abs(value);
  return Math.abs(change) <= LARGEST_CHANGE ? change : null;
}

/** Which way is up to the sign; how far, to the floors. */
function verdictOf(z: number, effect: number): ComparisonVerdict {
  const { changed, much } = VERDICT_FLOORS;
  const distance = Math.abs(z);
  if (distance >= much.z && effect >= much.effect) return z > 0 ? 'much_higher' : 'much_lower';
  if (distance >= changed.z && effect >= changed.effect) return z > 0 ? 'higher' : 'lower';
  return 'normal';
}

function worseOf({ bad_direction }: MetricSpec, verdict: ComparisonVerdict): boolean | null {
  if (bad_direction === 'none') return null;
  if (verdict === 'normal') return false;
  if (bad_direction === 'both') return true;
  return verdict.endsWith('higher') === (bad_direction === 'up');
}

/** Standard deviation, in the domain, of a level of now around the usual one of then, whose own error counts too. */
function scaleOf({ spec, then, requests }: Comparand, measure: Measure, center: number): number {
  const levels = then.values.map((value) => toDomain(measure, value));
  const floor = measure.domain === 'linear' ? measure.scaleFloor * Math.abs(center) : measure.scaleFloor;
  const sampling = samplingOf(spec);
  const [least, widening] = Number.isFinite(requests) ? [sampling.floor(requests), sampling.widen(requests)] : [0, 1];
  const scale = Math.max(robustScale(levels, center), floor, least) * widening;
  // Variance of a median of n normal values: π/2 σ²/n.
  return scale * Math.sqrt(1 + Math.PI / (2 * then.values.length));
}

/**
 * The mean of now against what was usual then: its median, which an incident in the past does not move. The distance is
 * taken in the measure's domain, in standard deviations from the median absolute deviation of single values, which a
 * mean scatters less than: so it errs on the quiet side.
 */
export function compare(comparand: Comparand): Compared {
  const { spec, now, then, requests } = comparand;
  const measure = measureOf(spec);
  const value = isEnough(then) ? median(then.values) : null;
  const mean = summarize(now)?.mean;
  if (value === null || mean === undefined || !isEnough(now)) {
    return { value, change: null, z: null, verdict: 'unknown', worse: null };
  }
  const center = toDomain(measure, value);
  const residual = toDomain(measure, mean) - center;
  const scale = scaleOf(comparand, measure, center);
  const ratio = scale > 0 ? residual / scale : Math.sign(residual) * LARGEST_Z;
  const z = Math.min(Math.max(ratio, -LARGEST_Z), LARGEST_Z);
  const isChance = spec.name === WELL_KNOWN_METRICS.errorRate && z > 0 && !isEvidentRatio(mean, value, requests);
  const verdict = isChance ? 'normal' : verdictOf(z, effectSize(measure, value, { value: mean, residual }));
  return { value, change: changeOf(value, mean), z, verdict, worse: worseOf(spec, verdict) };
}
