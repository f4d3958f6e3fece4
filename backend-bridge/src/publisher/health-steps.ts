import type { HealthHistoryResponse } from '@topdeck/protocol';
import type { HealthSample, WatchedSpan } from '../history/history-store.ts';

export type HealthPoints = HealthHistoryResponse['services'][number]['points'];
type Point = HealthPoints[number];

/** What an answer may say something about: the end exclusive, and not later than now. */
export interface HealthRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Spans cut to the range and joined where they touch or overlap; ascending. */
export function coverage(spans: readonly WatchedSpan[], { sinceMs, untilMs }: HealthRange): WatchedSpan[] {
  const joined: { startMs: number; endMs: number }[] = [];
  for (const span of spans) {
    const [startMs, endMs] = [Math.max(span.startMs, sinceMs), Math.min(span.endMs, untilMs)];
    if (startMs >= endMs) continue;
    const last = joined.at(-1);
    if (last === undefined || startMs > last.endMs) joined.push({ startMs, endMs });
    else last.endMs = Math.max(last.endMs, endMs);
  }
  return joined;
}

const unknownAt = (atMs: number): Point => [atMs, 'unknown', null];

/**
 * The steps of one service: its samples where somebody looked, unknown in between. `samples` begin with the one in force
 * at the beginning of the range, where there is one. Empty when nothing is known in all of the range.
 */
export function healthSteps(
  samples: readonly HealthSample[],
  covered: readonly WatchedSpan[],
  { untilMs }: HealthRange,
): HealthPoints {
  const points: HealthPoints = [];
  const add = (point: Point): void => {
    const [, status, score] = points.at(-1) ?? unknownAt(0);
    if (status !== point[1] || score !== point[2]) points.push(point);
  };
  let next = 0;
  for (const { startMs, endMs } of covered) {
    let inForce = unknownAt(startMs);
    if (next > 0) inForce = [startMs, samples[next - 1].status, samples[next - 1].score];
    for (; next < samples.length && samples[next].atMs <= startMs; next += 1)
      inForce = [startMs, samples[next].status, samples[next].score];
    add(inForce);
    for (; next < samples.length && samples[next].atMs < endMs; next += 1) {
      const { atMs, status, score } = samples[next];
      add([atMs, status, score]);
    }
    if (endMs < untilMs) add(unknownAt(endMs));
  }
  return points;
}
