import { DEFAULT_THRESHOLDS, type Status } from '@topdeck/protocol';
import type { SparklineValues } from '../sparkline/geometry.ts';

/** A stretch of time in which the health did not change, as shares of the whole. */
export interface HealthRun {
  readonly status: Status;
  /** 0–100; null where it is not known. */
  readonly score: number | null;
  readonly start: number;
  readonly end: number;
}

/** The history holds scores; those of a service with thresholds of its own may have meant another status. */
export function statusOfScore(score: number | null): Status {
  if (score === null) return 'unknown';
  if (score >= DEFAULT_THRESHOLDS.healthy_score) return 'healthy';
  return score >= DEFAULT_THRESHOLDS.degraded_score ? 'degraded' : 'failed';
}

/** A value tells of the time since the one before. Small movements within a status are not worth an element each. */
const SCORE_STEP = 5;

export function healthRuns(times: readonly number[], values: SparklineValues): readonly HealthRun[] {
  const [first] = times;
  const span = times[times.length - 1] - first;
  if (times.length < 2 || span <= 0) return [];
  const runs: { status: Status; score: number | null; start: number; end: number }[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const raw = values[index] ?? null;
    const score = raw === null ? null : Math.round(raw / SCORE_STEP) * SCORE_STEP;
    const status = statusOfScore(raw);
    const end = (times[index] - first) / span;
    const last = runs.at(-1);
    if (last?.status === status && last.score === score) last.end = end;
    else runs.push({ status, score, start: last?.end ?? 0, end });
  }
  return runs;
}
