import type { MetricSpec } from '@topdeck/protocol';
import {
  effectSize,
  fromDomain,
  measureOf,
  rangeAround,
  samplingOf,
  scaleInUnit,
  toDomain,
  type Measure,
  type Sampling,
} from './measures.ts';
import type { SeriesState } from './series-state.ts';

/**
 * What each series is expected to be, learnt online: a level and the spread around it.
 *
 * Level: exponential smoothing without trend (Holt 1957), its weight taken from the time elapsed, 1 − 2^(−Δt/half-life),
 * so that irregular sampling is weighed rightly (Wright 1986). Residuals are clipped at HUBER_K standard deviations
 * before they are learnt (Huber's ψ, as in the robust exponential smoothing of Gelper, Fried and Croux 2010), and
 * beyond REJECT_Z not learnt at all: an incident does not become the baseline. A level that stays beyond REJECT_Z on
 * one side for adoptAfterS is taken for the new normal and learnt with the half-life of the level until it is met.
 * Spread: exponentially weighted absolute residual, winsorised at HUBER_K and scaled to a normal's standard deviation.
 * Values come in the domain of measures.ts. Where a season is known, level and residuals are those of the value less the
 * season's offset, so that the expected value follows the hour and not the half-life behind it.
 */
export const BASELINE_LAYOUT = {
  level: { kind: 'f64', initial: Number.NaN },
  scale: { kind: 'f64', initial: 0 },
  /** Residuals behind the scale. */
  samples: { kind: 'u32', initial: 0 },
  /** Samples behind the level: starts again after a gap that outdates it. */
  fresh: { kind: 'u32', initial: 0 },
  spanS: { kind: 'f32', initial: 0 },
  /** Engine time of the newest value. */
  seenMs: { kind: 'f64', initial: Number.NaN },
  /** Seconds beyond REJECT_Z without a break; negative below the level. */
  beyondS: { kind: 'f32', initial: 0 },
} as const;
export type BaselineState = SeriesState<typeof BASELINE_LAYOUT>;

/** Residuals from here on are outliers: neither learnt nor, in the bad direction, accepted. */
export const REJECT_Z = 6;
const HUBER_K = 2;
/** A series that never moved has next to no spread: the first move must not be infinite. */
const LARGEST_Z = 1e6;
/** 1 / E[min(|Z|, 2)] of a standard normal Z, E = √(2/π)(1 − e⁻²) + 4(1 − Φ(2)). */
const WINSORISED_TO_SIGMA = 1.28;
/** Until so many samples nothing is clipped, for there is nothing yet to clip against. */
const SETTLED_SAMPLES = 10;
const WARM_SAMPLES = 20;
const WARM_SPAN_S = 300;

export interface BaselineTimes {
  readonly levelHalfLifeS: number;
  readonly scaleHalfLifeS: number;
  readonly adoptAfterS: number;
  /** After a longer gap the level is outdated and learnt anew; the spread is kept. */
  readonly forgetAfterS: number;
}

/** Half-lives in seconds, but never fewer than some samples at the given cadence. */
export function baselineTimes(stepMs: number): BaselineTimes {
  const stepS = stepMs / 1000;
  const levelHalfLifeS = Math.max(600, 30 * stepS);
  return {
    levelHalfLifeS,
    scaleHalfLifeS: Math.max(3600, 120 * stepS),
    adoptAfterS: 6 * levelHalfLifeS,
    forgetAfterS: 4 * levelHalfLifeS,
  };
}

/** Judgement of one column at one tick, before the values are learnt. All arrays are aligned with the values. */
export interface Residuals {
  /** Standard deviations above (+) or below (−) the expected value; NaN where unknown or not warm. */
  readonly z: Float64Array;
  /** Multiples of the least effect that matters; 0 where z is NaN. */
  readonly effect: Float64Array;
  /** In the metric's unit; NaN before warm-up, known also where the value is missing. */
  readonly expected: Float64Array;
  readonly scale: Float64Array;
  /** Filled where it is given. */
  readonly normal?: NormalRange;
  /** Filled where it is given. */
  readonly taken?: TakenValues;
}

/** The values as a further detector takes them. */
export interface TakenValues {
  /** In the domain of the measure; NaN is unknown. */
  readonly y: Float64Array;
  /** Seconds since the value before; NaN for the first. */
  readonly elapsedS: Float64Array;
}

/** What a value may be before it is `z` deviations and the least effect that matters away from the expected one. */
export interface NormalRange {
  readonly z: number;
  /** In the metric's unit; NaN before warm-up and once the level is outdated, known also where the value is missing. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface BaselineInput {
  readonly spec: MetricSpec;
  readonly values: Float64Array;
  /** Number of requests behind each value, NaN where unknown; undefined where none is known. */
  readonly requests: Float64Array | undefined;
  /** Offset, in the domain, of what is expected at this hour; undefined where none is known. */
  readonly season?: Float64Array | undefined;
  /** Engine time: runs forward only. */
  readonly nowMs: number;
}

export interface BaselineCount {
  /** Series that have a value now. */
  readonly known: number;
  /** Those of them whose baseline is warm. */
  readonly warm: number;
}

/** The weight 1 − 2^(−Δt/half-life), remembered for the Δt that nearly all series of a tick share. */
function smoothing(halfLifeS: number): (elapsedS: number) => number {
  let lastS = Number.NaN;
  let weight = 0;
  return (elapsedS) => {
    if (elapsedS !== lastS) {
      lastS = elapsedS;
      weight = 1 - 2 ** (-elapsedS / halfLifeS);
    }
    return weight;
  };
}

const isWarm = (state: BaselineState, i: number): boolean =>
  state.fresh[i] >= WARM_SAMPLES && state.spanS[i] >= WARM_SPAN_S;

/** The learnt spread, wider while little has been seen (a short span shows little of slow noise), never below the floor. */
function spread(state: BaselineState, i: number, measure: Measure): number {
  const learnt = state.scale[i] * (1 + WARM_SPAN_S / Math.max(state.spanS[i], WARM_SPAN_S));
  const floor =
    measure.domain === 'linear' ? measure.scaleFloor * Math.abs(state.level[i]) + Number.MIN_VALUE : measure.scaleFloor;
  return Math.max(learnt, floor);
}

/** Standard deviation, in the domain, that a value of so many requests (NaN: nobody knows) may have. */
function noiseOf(state: BaselineState, i: number, of: { measure: Measure; sampling: Sampling; asked: number }): number {
  const noise = spread(state, i, of.measure);
  const { sampling, asked } = of;
  return asked >= 0 ? Math.max(noise * sampling.widen(asked), sampling.floor(asked)) : noise;
}

type Expectation = Pick<Residuals, 'expected' | 'scale'>;

function expect(
  state: BaselineState,
  i: number,
  { measure, offset, out }: { measure: Measure; offset: number; out: Expectation },
): number {
  const expected = isWarm(state, i) ? fromDomain(measure, state.level[i] + offset) : Number.NaN;
  out.expected[i] = expected;
  out.scale[i] = Number.isNaN(expected) ? Number.NaN : scaleInUnit(measure, expected, state.scale[i]);
  return expected;
}

/** Weight of the n-th sample while there are few: twice that of a mean, so that a bad start is forgotten with n² and not n. */
const youngWeight = (n: number): number => 2 / (n + 1);

export class Baseline {
  readonly #times: BaselineTimes;
  readonly #levelWeight: (elapsedS: number) => number;
  readonly #scaleWeight: (elapsedS: number) => number;

  constructor(times: BaselineTimes) {
    this.#times = times;
    this.#levelWeight = smoothing(times.levelHalfLifeS);
    this.#scaleWeight = smoothing(times.scaleHalfLifeS);
  }

  /** Judges the values against what was learnt before them, then learns them. */
  step(state: BaselineState, input: BaselineInput, out: Residuals): BaselineCount {
    const { values, requests, season, nowMs } = input;
    const { taken } = out;
    const measure = measureOf(input.spec);
    const sampling = samplingOf(input.spec);
    const count = { known: 0, warm: 0 };
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      const hasValue = Number.isFinite(value);
      const y = hasValue ? toDomain(measure, value) : Number.NaN;
      if (taken !== undefined) {
        taken.y[i] = y;
        taken.elapsedS[i] = (nowMs - state.seenMs[i]) / 1000;
      }
      const elapsedS = hasValue ? this.#elapsed(state, i, nowMs) : 0;
      const offset = season === undefined ? 0 : season[i];
      const expected = expect(state, i, { measure, offset, out });
      out.z[i] = Number.NaN;
      out.effect[i] = 0;
      if (!hasValue && out.normal === undefined) continue;
      const asked = requests === undefined ? Number.NaN : requests[i];
      const noise = noiseOf(state, i, { measure, sampling, asked });
      if (out.normal !== undefined) this.#bound(state, i, { measure, noise, offset, nowMs, normal: out.normal });
      if (!hasValue) continue;
      count.known += 1;
      if (!Number.isNaN(expected)) {
        const residual = y - offset - state.level[i];
        count.warm += 1;
        out.z[i] = Math.min(Math.max(residual / noise, -LARGEST_Z), LARGEST_Z);
        out.effect[i] = effectSize(measure, expected, { value, residual });
      }
      this.#learn(state, i, { y: y - offset, noise, elapsedS });
    }
    return count;
  }

  /** What is expected now, without judging or learning anything. */
  look(state: BaselineState, { spec, season }: Pick<BaselineInput, 'spec' | 'season'>, out: Expectation): void {
    const measure = measureOf(spec);
    for (let i = 0; i < out.expected.length; i += 1) expect(state, i, { measure, offset: season?.[i] ?? 0, out });
  }

  #bound(
    state: BaselineState,
    i: number,
    of: { measure: Measure; noise: number; offset: number; nowMs: number; normal: NormalRange },
  ): void {
    const { z, lower, upper } = of.normal;
    const isOutdated = of.nowMs - state.seenMs[i] > this.#times.forgetAfterS * 1000;
    const isKnown = isWarm(state, i) && !isOutdated;
    const range = isKnown
      ? rangeAround(of.measure, state.level[i] + of.offset, z * of.noise)
      : [Number.NaN, Number.NaN];
    [lower[i], upper[i]] = range;
  }

  /** Seconds since the value before; 0 for the first one and for the first after a gap that outdates the level. */
  #elapsed(state: BaselineState, i: number, nowMs: number): number {
    const elapsedS = (nowMs - state.seenMs[i]) / 1000;
    state.seenMs[i] = nowMs;
    if (elapsedS <= this.#times.forgetAfterS) {
      state.spanS[i] += elapsedS;
      return elapsedS;
    }
    state.fresh[i] = 0;
    state.spanS[i] = 0;
    state.beyondS[i] = 0;
    return 0;
  }

  #learn(state: BaselineState, i: number, sample: { y: number; noise: number; elapsedS: number }): void {
    const fresh = (state.fresh[i] += 1);
    if (fresh === 1) {
      state.level[i] = sample.y;
      return;
    }
    const level = state.level[i];
    const residual = sample.y - level;
    const weight = Math.max(youngWeight(fresh), this.#levelWeight(sample.elapsedS));
    const settled = fresh > SETTLED_SAMPLES;
    if (settled && this.#isBeyond(state, i, { z: residual / sample.noise, elapsedS: sample.elapsedS })) {
      if (Math.abs(state.beyondS[i]) > this.#times.adoptAfterS) state.level[i] = level + weight * residual;
      return;
    }
    state.beyondS[i] = 0;
    const limit = settled ? HUBER_K * sample.noise : Infinity;
    state.level[i] = level + weight * Math.min(Math.max(residual, -limit), limit);
    const samples = (state.samples[i] += 1);
    const deviation = Math.min(Math.abs(residual), limit) * WINSORISED_TO_SIGMA;
    const scale = state.scale[i];
    state.scale[i] = scale + Math.max(youngWeight(samples), this.#scaleWeight(sample.elapsedS)) * (deviation - scale);
  }

  /**
   * Whether a value is not to be learnt as usual, and for how long that has been so. A level under adoption stays so until
   * it is well met: else the first value back inside REJECT_Z would end it half way.
   */
  #isBeyond(state: BaselineState, i: number, { z, elapsedS }: { z: number; elapsedS: number }): boolean {
    const before = state.beyondS[i];
    const continues = before * z > 0;
    const adopting = continues && Math.abs(before) > this.#times.adoptAfterS;
    if (Math.abs(z) < (adopting ? HUBER_K : REJECT_Z)) return false;
    state.beyondS[i] = Math.sign(z) * elapsedS + (continues ? before : 0);
    return true;
  }
}
