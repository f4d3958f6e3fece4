import type { HealthHistoryResponse } from '@topdeck/protocol';

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

/**
 * The worst score in force since the time before, for each time: a dip between two times is what a reader looks for.
 * Null where nothing was known in all of it.
 */
export function worstScores(points: Points, times: readonly number[]): (number | null)[] {
  let next = 0;
  let inForce: number | null = null;
  return times.map((at, index) => {
    let worst = inForce;
    for (; next < points.length && points[next][0] <= at; next += 1) {
      inForce = points[next][2];
      if (inForce !== null) worst = worst === null ? inForce : Math.min(worst, inForce);
    }
    return index === 0 ? inForce : worst;
  });
}
