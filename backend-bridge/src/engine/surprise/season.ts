import type { SeriesState } from '../series-state.ts';
import { TUNING } from './tuning.ts';

const HOUR_MS = 3_600_000;
export const HOURS = 24;
const DAY_MS = HOURS * HOUR_MS;
/** A weekend has a quarter of the days to learn from, so its bins are wider. */
const WEEKEND_BIN_HOURS = 3;
const WEEKEND_BINS = HOURS / WEEKEND_BIN_HOURS;
const BINS = HOURS + WEEKEND_BINS;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 4;

/** Usual value by hour of weekdays and by three hours of weekends, in UTC. */
export const SEASON_LAYOUT = {
  hourly: { kind: 'f32', initial: Number.NaN, width: BINS },
  /** Steps behind the bins. */
  weekdaySteps: { kind: 'f32', initial: 0 },
  weekendSteps: { kind: 'f32', initial: 0 },
  /** Mean absolute deviation from the hour's usual value. */
  offHour: { kind: 'f32', initial: 0 },
} as const;
export type SeasonState = SeriesState<typeof SEASON_LAYOUT>;

/** Where a moment is in day and week. */
export interface Season {
  readonly hour: number;
  readonly isWeekend: boolean;
  /** The bin, and what stands in for one that was never visited. */
  readonly bin: number;
  readonly fallback: number;
  /** The expected value goes over from `earlier` to `later`, the middles of two bins, and is at `share` of the way. */
  readonly earlier: { readonly bin: number; readonly fallback: number };
  readonly later: { readonly bin: number; readonly fallback: number };
  readonly share: number;
}

function binAt(atMs: number): { hour: number; isWeekend: boolean; bin: number; fallback: number } {
  const day = Math.floor(atMs / DAY_MS);
  const hour = Math.floor((atMs - day * DAY_MS) / HOUR_MS);
  const weekday = (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  const isWeekend = weekday === 0 || weekday === 6;
  const bin = isWeekend ? HOURS + Math.floor(hour / WEEKEND_BIN_HOURS) : hour;
  return { hour, isWeekend, bin, fallback: hour };
}

export function seasonAt(atMs: number): Season {
  const half = HOUR_MS / 2;
  const share = (((atMs - half) % HOUR_MS) + HOUR_MS) % HOUR_MS;
  return { ...binAt(atMs), earlier: binAt(atMs - half), later: binAt(atMs + half), share: share / HOUR_MS };
}

/** The usual value at this hour; NaN where it was never seen. */
export function usualValue(state: SeasonState, i: number, at: { bin: number; fallback: number }): number {
  const own = state.hourly[i * BINS + at.bin];
  return Number.isNaN(own) ? state.hourly[i * BINS + at.fallback] : own;
}

/** Learns a value that stands for `steps` steps; `scaleWeight` is its weight in the mean deviation. */
export function learnSeason(
  state: SeasonState,
  i: number,
  of: { season: Season; value: number; steps: number; stepsPerDay: number; scaleWeight: number },
): void {
  const { season, value, steps } = of;
  const usual = usualValue(state, i, season);
  const counted = season.isWeekend ? state.weekendSteps : state.weekdaySteps;
  const binCount = season.isWeekend ? WEEKEND_BINS : HOURS;
  const visits = counted[i] / binCount + 1;
  counted[i] += steps;
  const cell = i * BINS + season.bin;
  if (Number.isNaN(usual)) {
    state.hourly[cell] = value;
    return;
  }
  const off = value - usual;
  const gain = Math.max(1 / (visits + 1), HOURS / (of.stepsPerDay * TUNING.hourVisits));
  state.hourly[cell] = usual + (steps === 1 ? gain : 1 - (1 - Math.min(gain, 1)) ** steps) * off;
  state.offHour[i] += of.scaleWeight * (Math.abs(off) - state.offHour[i]);
}

/** A profile is believed once it has seen so many days, as far as it explains what the level alone does not. */
const CONFIDENT_DAYS = 2;
const UNEXPLAINED_AT_MOST = 0.8;
const EXPLAINED_WELL = 0.5;

/** 0–1: how far expected values follow the profile. `scale` is the mean absolute deviation from the level. */
function confidence(state: SeasonState, i: number, of: { scale: number; stepsPerDay: number }): number {
  const days = (state.weekdaySteps[i] + state.weekendSteps[i]) / of.stepsPerDay;
  if (days <= CONFIDENT_DAYS || !(of.scale > 0)) return 0;
  const unexplained = state.offHour[i] / of.scale;
  // Comes in over a day: an expected value that leapt would make the series look as if it had.
  const weight = Math.min(days - CONFIDENT_DAYS, 1);
  return (
    weight * Math.min(Math.max((UNEXPLAINED_AT_MOST - unexplained) / (UNEXPLAINED_AT_MOST - EXPLAINED_WELL), 0), 1)
  );
}

/** How far the hour's expected value lies from the mean of the weekday, as far as that is certain; 0 where nothing is. */
export function seasonOffset(
  state: SeasonState,
  i: number,
  of: { season: Season; scale: number; stepsPerDay: number },
): number {
  const trust = confidence(state, i, of);
  if (trust === 0) return 0;
  let sum = 0;
  for (let hour = 0; hour < HOURS; hour += 1) sum += state.hourly[i * BINS + hour];
  const { earlier, later, share } = of.season;
  const [from, to] = [usualValue(state, i, earlier), usualValue(state, i, later)];
  const offset = trust * (from + share * (to - from) - sum / HOURS);
  return Number.isNaN(offset) ? 0 : offset;
}
