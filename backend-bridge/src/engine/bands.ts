import type { MetricSpec } from '@topdeck/protocol';
import { Baseline, BASELINE_LAYOUT, baselineTimes } from './baseline.ts';
import { DEVIATING_Z } from './detectors/robust.ts';
import { allocate } from './series-state.ts';

/** Half-lives of the level that are learnt before the first band: what the start was is then an eighth of the level. */
const WARM_UP_HALF_LIVES = 3;

/** One metric of some series over time, and the past before it. */
export interface BandInput {
  readonly spec: MetricSpec;
  /** Distance of the times, but no less than that of the collections which the detectors learn from. */
  readonly stepMs: number;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** One for each time, all of one length; NaN is unknown. */
  readonly columns: readonly Float64Array[];
  /** Number of requests behind each value, one column for each time; undefined where none is known. */
  readonly requests: readonly (Float64Array | undefined)[];
}

/** In the metric's unit, aligned with the values of one time; NaN where the baseline knows nothing. */
export interface Band {
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** How long before the first time whose band is wanted the times must begin. */
export const warmUpMs = (stepMs: number): number => WARM_UP_HALF_LIVES * baselineTimes(stepMs).levelHalfLifeS * 1000;

/**
 * What the robust detector took for normal at each time, from the values before that time alone. A value outside, on the
 * metric's bad side, is one that it takes for deviating; on the other side it is as unusual, and no harm.
 */
export function bandsOf({ spec, stepMs, times, columns, requests }: BandInput): Band[] {
  const count = columns[0]?.length ?? 0;
  const baseline = new Baseline(baselineTimes(stepMs));
  const state = allocate(BASELINE_LAYOUT, count);
  const numbers = (): Float64Array => new Float64Array(count);
  const [z, effect, scale] = [numbers(), numbers(), numbers()];
  return times.map((nowMs, at) => {
    const [expected, lower, upper] = [numbers(), numbers(), numbers()];
    const out = { z, effect, scale, expected, normal: { z: DEVIATING_Z, lower, upper } };
    baseline.step(state, { spec, values: columns[at], requests: requests[at], nowMs }, out);
    // The baseline goes on naming an outdated level, to which it holds no value any more.
    for (let i = 0; i < count; i += 1) if (Number.isNaN(lower[i])) expected[i] = Number.NaN;
    return { expected, lower, upper };
  });
}
