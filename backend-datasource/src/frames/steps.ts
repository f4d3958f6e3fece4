import type { HealthHistoryResponse } from '@topdeck/protocol';
import { STATUS_CODES, type HistoryValue } from '@topdeck/protocol/grafana';

type Points = HealthHistoryResponse['services'][number]['points'];

export interface Raster {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Multiples of the step inside the range, so that a refresh gives the same times again; and its end. */
export function rasterTimes({ fromMs, toMs, stepMs }: Raster): number[] {
  const times: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) times.push(at);
  if (fromMs <= toMs) times.push(toMs);
  return times;
}

/** What of a point is told, and which of two is the worse. */
export interface Told {
  readonly of: (point: Points[number]) => number | null;
  readonly worse: (a: number, b: number) => number;
}

const SCORE: Told = { of: ([, , score]) => score, worse: Math.min };
/** Codes grow with gravity. */
const STATUS: Told = { of: ([, status]) => STATUS_CODES[status], worse: Math.max };
export const TOLD: Readonly<Record<HistoryValue, Told>> = { health_score: SCORE, status_code: STATUS };

/**
 * The worst in force since the time before, for each time: a dip between two times is what a reader looks for.
 * Null where nothing was known in all of it.
 */
export function worstValues(points: Points, times: readonly number[], { of, worse }: Told): (number | null)[] {
  let next = 0;
  let inForce: number | null = null;
  return times.map((at, index) => {
    let worst = inForce;
    for (; next < points.length && points[next][0] <= at; next += 1) {
      inForce = of(points[next]);
      if (inForce !== null) worst = worst === null ? inForce : worse(worst, inForce);
    }
    return index === 0 ? inForce : worst;
  });
}

export const worstScores = (points: Points, times: readonly number[]): (number | null)[] =>
  worstValues(points, times, SCORE);
