import type { SeriesState } from '../series-state.ts';
import { Pace, type Weights } from './pace.ts';
import { HOURS, learnSeason, SEASON_LAYOUT, seasonAt, seasonOffset, usualValue, type Season } from './season.ts';
import { CHANNEL, CHANNEL_COUNT, learnTail, startTails, tailP, TAIL_LAYOUT } from './tails.ts';
import { TUNING } from './tuning.ts';

/**
 * How surprising each value is, from the values before it alone: eight views of a series (channels), each normalised by
 * its own past and judged by its own tail, joined by the harmonic mean of their probabilities, which holds for dependent
 * ones (Wilson 2019). Values come in the domain of measures.ts. 297 bytes a series, one pass a tick.
 */
export const SURPRISE_LAYOUT = {
  ...TAIL_LAYOUT,
  ...SEASON_LAYOUT,
  slowLevel: { kind: 'f64', initial: Number.NaN },
  before: { kind: 'f64', initial: Number.NaN },
  /** Mean absolute deviations: from the slow level, and from the value before. */
  deviation: { kind: 'f32', initial: 0 },
  jump: { kind: 'f32', initial: 0 },
  shortMean: { kind: 'f32', initial: 0 },
  longMean: { kind: 'f32', initial: 0 },
  /** Mean absolute jump of late, and as usual. */
  restless: { kind: 'f32', initial: 0 },
  usualRestless: { kind: 'f32', initial: 0 },
  /** Values judged; stays at its largest number. */
  seen: { kind: 'u16', initial: 0 },
  habit: { kind: 'f32', initial: 0 },
  /** Stays at its largest number. */
  stepsSinceOnset: { kind: 'u8', initial: 255 },
  /** Hour of the newest value (24: none), and whether it had a surprise as large as an onset's. */
  hour: { kind: 'u8', initial: HOURS },
  hourSurprised: { kind: 'u8', initial: 0 },
  /** Per day, newest first: bit h is what `hourSurprised` was when hour h was last over. */
  surprisedHours: { kind: 'u32', initial: 0, width: TUNING.ofLastDays },
} as const;
export type SurpriseState = SeriesState<typeof SURPRISE_LAYOUT>;

export interface SurpriseInput {
  /** In the domain of the measure; NaN is unknown. */
  readonly values: Float64Array;
  /** Seconds since the value before; NaN for the first one and where that is too long ago to compare. */
  readonly elapsedS: Float64Array;
  /** Wall time. */
  readonly atMs: number;
}

export interface Surprises {
  /**
   * −log10 of the probability, less what the series has made a habit of; 0 for what recurs at this hour, before
   * silentValues and where unknown.
   */
  readonly evidence: Float64Array;
  /** 1 where something new begins: over the bar, and not within the cooldown of the one before. */
  readonly onset: Uint8Array;
}

/** Scales are at least this share of the level, so that rounding is no signal. */
const LEAST_SHARE = 1e-6;
const LEAST_SCALE = 1e-12;
/** Until so many values there is nothing to clip against. */
const UNCLIPPED_VALUES = 50;

const MOST_SEEN = 0xffff;
const MOST_STEPS = 0xff;

/** 0–1; a half where the probability is one in ten thousand. */
export const surpriseScore = (evidence: number): number => Math.max(0, evidence) / (Math.max(0, evidence) + 4);

/** Steps behind level and hours, also those of values that were too far apart to be judged. */
const ageOf = (state: SurpriseState, i: number): number => state.weekdaySteps[i] + state.weekendSteps[i];

/** Whether this hour was surprised on several of the last days: what comes at its hour is no news. */
function recurs(state: SurpriseState, i: number, hour: number): boolean {
  let days = 0;
  for (let day = 0; day < TUNING.ofLastDays; day += 1) {
    days += (state.surprisedHours[i * TUNING.ofLastDays + day] >>> hour) & 1;
  }
  return days >= TUNING.recurringDays;
}

/** Score of the least evidence of an onset: the threshold of whoever counts onsets by their score. */
export const ONSET_SCORE = surpriseScore(TUNING.onset);

interface Moment {
  readonly season: Season;
  readonly y: number;
  readonly weights: Weights;
}

export class Surprise {
  readonly #pace: Pace;
  readonly #x = new Float64Array(CHANNEL_COUNT);

  constructor(stepMs: number) {
    this.#pace = new Pace(stepMs);
  }

  /** Judges the values by what was learnt before them, then learns them. */
  step(state: SurpriseState, { values, elapsedS, atMs }: SurpriseInput, out: Surprises): void {
    const season = seasonAt(atMs);
    for (let i = 0; i < values.length; i += 1) {
      out.evidence[i] = 0;
      out.onset[i] = 0;
      const y = values[i];
      if (!Number.isFinite(y)) continue;
      const moment = { season, y, weights: this.#pace.weights(elapsedS[i]) };
      this.#enterHour(state, i, season.hour);
      if (state.seen[i] === 0) this.#start(state, i, moment);
      else if (Number.isNaN(elapsedS[i]) || moment.weights.steps > TUNING.gapSteps) this.#resume(state, i, moment);
      else this.#judge(state, i, { moment, out });
    }
  }

  /** Offsets of the hour's expected values from the weekday's mean, in the domain; 0 where the season is not certain. */
  offsets(state: SurpriseState, atMs: number, offsets: Float64Array): void {
    const season = seasonAt(atMs);
    const { stepsPerDay } = this.#pace;
    for (let i = 0; i < offsets.length; i += 1) {
      offsets[i] = seasonOffset(state, i, { season, scale: state.deviation[i], stepsPerDay });
    }
  }

  #start(state: SurpriseState, i: number, moment: Moment): void {
    const { y } = moment;
    state.seen[i] = 1;
    state.slowLevel[i] = y;
    state.shortMean[i] = y;
    state.longMean[i] = y;
    state.before[i] = y;
    startTails(state, i);
    this.#learnHour(state, i, moment);
  }

  /** A value after a gap, or of a past read in long strides: it tells of level and hour, and nothing of steps. */
  #resume(state: SurpriseState, i: number, moment: Moment): void {
    const { y, weights } = moment;
    const values = ageOf(state, i) / weights.steps;
    const residual = y - state.slowLevel[i];
    state.slowLevel[i] += Math.max(1 / (values + 1), weights.level) * residual;
    state.deviation[i] += Math.max(1 / (values + 1), weights.scale) * (Math.abs(residual) - state.deviation[i]);
    state.shortMean[i] = y;
    state.longMean[i] = y;
    state.before[i] = y;
    state.stepsSinceOnset[i] = Math.min(state.stepsSinceOnset[i] + weights.steps, MOST_STEPS);
    this.#learnHour(state, i, moment);
  }

  #judge(state: SurpriseState, i: number, { moment, out }: { moment: Moment; out: Surprises }): void {
    const { season, weights } = moment;
    const seen = state.seen[i];
    const surprise = this.#surprise(state, i, moment);
    this.#learn(state, i, moment);
    const habit = (state.habit[i] *= weights.habitLeft);
    const since = (state.stepsSinceOnset[i] = Math.min(state.stepsSinceOnset[i] + weights.steps, MOST_STEPS));
    if (surprise > TUNING.onset) state.hourSurprised[i] = 1;
    if (seen < TUNING.silentValues || recurs(state, i, season.hour)) return;
    const evidence = surprise - habit;
    out.evidence[i] = Math.max(0, evidence);
    if (evidence <= TUNING.onset || since <= TUNING.cooldownSteps) return;
    out.onset[i] = 1;
    state.stepsSinceOnset[i] = 0;
    state.habit[i] = habit + TUNING.habit;
  }

  /** −log10 p of the value, whose channels the tails then learn. */
  #surprise(state: SurpriseState, i: number, { season, y }: Moment): number {
    const x = this.#x;
    const level = state.slowLevel[i];
    const least = LEAST_SHARE * Math.abs(level) + LEAST_SCALE;
    const deviation = state.deviation[i] + least;
    const usual = usualValue(state, i, season);
    x[CHANNEL.aboveLevel] = (y - level) / deviation;
    x[CHANNEL.belowLevel] = -x[CHANNEL.aboveLevel];
    x[CHANNEL.jumpUp] = (y - state.before[i]) / (state.jump[i] + least);
    x[CHANNEL.jumpDown] = -x[CHANNEL.jumpUp];
    x[CHANNEL.offHour] = Number.isNaN(usual) ? 0 : Math.abs(y - usual) / (state.offHour[i] + least);
    x[CHANNEL.shortMeanOff] = Math.abs(state.shortMean[i] - level) / deviation;
    x[CHANNEL.longMeanOff] = Math.abs(state.longMean[i] - level) / deviation;
    x[CHANNEL.calmer] = Math.log((state.usualRestless[i] + least) / (state.restless[i] + least));
    let inverse = 0;
    const of = { x: 0, seen: state.seen[i] };
    const isEvent = state.stepsSinceOnset[i] < TUNING.eventSteps;
    for (let c = 0; c < CHANNEL_COUNT; c += 1) {
      const cell = i * CHANNEL_COUNT + c;
      of.x = x[c];
      inverse += 1 / tailP(state, cell, of.x);
      if (!isEvent || of.x <= state.quantile[cell]) learnTail(state, cell, of);
    }
    return Math.log10(inverse / CHANNEL_COUNT);
  }

  #learn(state: SurpriseState, i: number, moment: Moment): void {
    const { y, weights } = moment;
    const seen = state.seen[i];
    const age = ageOf(state, i);
    state.seen[i] = Math.min(seen + 1, MOST_SEEN);
    const mean = (weight: number): number => Math.max(1 / (seen + 1), weight);
    const spread = (weight: number): number => Math.max(1 / seen, weight);
    const residual = y - state.slowLevel[i];
    const jump = Math.abs(y - state.before[i]);
    const limit = seen < UNCLIPPED_VALUES ? Infinity : TUNING.clipResiduals * state.deviation[i];
    state.slowLevel[i] += Math.max(1 / (age + 1), weights.level) * Math.max(-limit, Math.min(limit, residual));
    state.deviation[i] += Math.max(1 / age, weights.scale) * (Math.abs(residual) - state.deviation[i]);
    state.jump[i] += spread(weights.scale) * (jump - state.jump[i]);
    state.shortMean[i] += mean(weights.short) * (y - state.shortMean[i]);
    state.longMean[i] += mean(weights.long) * (y - state.longMean[i]);
    state.restless[i] += spread(weights.restless) * (jump - state.restless[i]);
    state.usualRestless[i] += spread(weights.usualRestless) * (jump - state.usualRestless[i]);
    state.before[i] = y;
    this.#learnHour(state, i, moment);
  }

  #learnHour(state: SurpriseState, i: number, { season, y, weights }: Moment): void {
    const { steps, scale } = weights;
    const { stepsPerDay } = this.#pace;
    const scaleWeight = Math.max(1 / (ageOf(state, i) / steps + 1), scale);
    learnSeason(state, i, { season, value: y, steps, stepsPerDay, scaleWeight });
  }

  /** Writes down whether the hour that ended had what could have been an onset. */
  #enterHour(state: SurpriseState, i: number, hour: number): void {
    const left = state.hour[i];
    if (left === hour) return;
    if (left < HOURS) {
      let bit = state.hourSurprised[i];
      for (let day = 0; day < TUNING.ofLastDays; day += 1) {
        const cell = i * TUNING.ofLastDays + day;
        const older = (state.surprisedHours[cell] >>> left) & 1;
        if (older !== bit) state.surprisedHours[cell] ^= 1 << left;
        bit = older;
      }
    }
    state.hour[i] = hour;
    state.hourSurprised[i] = 0;
  }
}
