import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HealthHistoryQuery, HealthHistoryResponse } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { HistoryStore, WatchedSpan } from '../history/history-store.ts';
import { pauseMs } from './history-writer.ts';
import { coverage, healthSteps, type HealthRange } from './health-steps.ts';
import { isoTime } from './iso-time.ts';

export interface HealthHistoryParts {
  readonly history: HistoryStore;
  readonly clock: Clock;
  /** Interval between ticks. */
  readonly intervalMs: number;
  /** Ticks follow one another at present. */
  readonly isWatching: boolean;
}

/** Points of all services together: about 8 MB of JSON. */
const MAX_POINTS = 200_000;
/** Other work of the thread runs each time so long was read. */
const TURN_MS = 20;

/** Both ends of a range of time, which must not be empty. Throws INVALID_REQUEST. */
export function rangeOf({ since, until }: Pick<HealthHistoryQuery, 'since' | 'until'>): HealthRange {
  const range = { sinceMs: Date.parse(since), untilMs: Date.parse(until) };
  if (range.sinceMs >= range.untilMs) {
    throw new BridgeError('INVALID_REQUEST', { detail: 'since must be earlier than until' });
  }
  return range;
}

/** Ids asked for, each once and ascending; undefined: all. */
export function wantedIds(ids: HealthHistoryQuery['resource_id']): readonly string[] | undefined {
  return ids === undefined ? undefined : [...new Set(typeof ids === 'string' ? [ids] : ids)].sort();
}

/** The newest span goes on while the next tick may still come: what it says holds for the present. */
function untilNow(spans: readonly WatchedSpan[], parts: HealthHistoryParts): readonly WatchedSpan[] {
  const { clock, intervalMs, isWatching } = parts;
  const [newest, nowMs] = [spans.at(-1), clock.nowMs()];
  const isLate = newest !== undefined && newest.endMs < nowMs && nowMs <= newest.endMs + pauseMs(intervalMs);
  return isWatching && isLate ? [...spans.slice(0, -1), { ...newest, endMs: nowMs }] : spans;
}

/** REST-12. The answer as UTF-8 JSON. Throws INVALID_REQUEST, HISTORY_UNAVAILABLE. */
export async function readHealthHistory(parts: HealthHistoryParts, query: HealthHistoryQuery): Promise<Uint8Array> {
  const { history, clock } = parts;
  const asked = rangeOf(query);
  const range = { sinceMs: asked.sinceMs, untilMs: Math.min(asked.untilMs, clock.nowMs() + 1) };
  const spans = untilNow(history.watched(range.sinceMs - pauseMs(parts.intervalMs), range.untilMs), parts);
  const covered = coverage(spans, range);
  const services: HealthHistoryResponse['services'] = [];
  let left = MAX_POINTS;
  let truncated = false;
  let turnStartMs = clock.monotonicMs();
  for (const resourceId of covered.length === 0 ? [] : (wantedIds(query.resource_id) ?? history.healthResources())) {
    // One more than may be answered tells that there is more; a service is there whole or not at all.
    const samples = history.samples(resourceId, { ...range, limit: left + 1 });
    const points = healthSteps(samples, covered, asked);
    truncated = samples.length > left || points.length > left;
    if (truncated) break;
    left -= points.length;
    if (points.length > 0) services.push({ resource_id: resourceId, points });
    if (clock.monotonicMs() - turnStartMs < TURN_MS) continue;
    await nextTurn();
    turnStartMs = clock.monotonicMs();
  }
  const since = isoTime(asked.sinceMs);
  const until = isoTime(asked.untilMs);
  return Buffer.from(JSON.stringify({ since, until, truncated, services } satisfies HealthHistoryResponse));
}
