import {
  OVERALL_DEGRADED_SHARE,
  STATUSES,
  type DiagnosticsEvent,
  type OverallHealth,
  type Topology,
} from '@topdeck/protocol';
import type { HealthScores } from './health-score.ts';
import type { SeriesState } from './series-state.ts';
import type { ThresholdTable } from './thresholds.ts';

const NEVER_SEEN = 255;
export const HEALTH_LAYOUT = {
  status: { kind: 'u8', initial: NEVER_SEEN },
  /** As published: whole points. */
  score: { kind: 'f64', initial: 0 },
  /** Ticks in a row whose score asks for a worse, or for a better status. */
  worseTicks: { kind: 'u8', initial: 0 },
  betterTicks: { kind: 'u8', initial: 0 },
} as const;
export type HealthState = SeriesState<typeof HEALTH_LAYOUT>;

const [HEALTHY, DEGRADED, FAILED, UNKNOWN] = (['healthy', 'degraded', 'failed', 'unknown'] as const).map((status) =>
  STATUSES.indexOf(status),
) as [number, number, number, number];

const WORSE_AFTER_TICKS = 2;
const BETTER_AFTER_TICKS = 3;
/** A status is left for a better one only this far above its threshold. */
const BETTER_MARGIN = 3;
/** A score this far below the threshold of the present status needs no second tick. */
const PLUNGE = 15;

/** Graver is larger; unknown has no place in this order. */
const GRAVITY: Readonly<Record<number, number>> = { [HEALTHY]: 0, [DEGRADED]: 1, [FAILED]: 2 };

interface Bounds {
  readonly healthy: number;
  readonly degraded: number;
}

/** Status by thresholds; a better status than the present one needs BETTER_MARGIN more. */
function statusOf(score: number, bounds: Bounds, present: number): number {
  const gravity = GRAVITY[present] ?? 0;
  if (score >= bounds.healthy + (gravity > 0 ? BETTER_MARGIN : 0)) return HEALTHY;
  return score >= bounds.degraded + (gravity > 1 ? BETTER_MARGIN : 0) ? DEGRADED : FAILED;
}

function nextStatus(state: HealthState, i: number, { score, bounds }: { score: number; bounds: Bounds }): number {
  const present = state.status[i];
  const wanted = statusOf(score, bounds, present);
  if (present === NEVER_SEEN || present === UNKNOWN) return wanted;
  const change = GRAVITY[wanted] - GRAVITY[present];
  state.worseTicks[i] = change > 0 ? Math.min(state.worseTicks[i] + 1, 100) : 0;
  state.betterTicks[i] = change < 0 ? Math.min(state.betterTicks[i] + 1, 100) : 0;
  const bound = present === HEALTHY ? bounds.healthy : bounds.degraded;
  const worse = state.worseTicks[i] >= WORSE_AFTER_TICKS || (change > 0 && score <= bound - PLUNGE);
  return worse || state.betterTicks[i] >= BETTER_AFTER_TICKS ? wanted : present;
}

/**
 * The score within the band of its status: while a change waits to be confirmed, the score waits at the edge of the band,
 * so that nobody reads "failed, 100 points".
 */
function withinBand(score: number, status: number, { healthy, degraded }: Bounds): number {
  if (status === HEALTHY) return Math.max(score, healthy);
  if (status === DEGRADED) return Math.max(degraded, Math.min(score, healthy - 1));
  return Math.max(0, Math.min(score, degraded - 1));
}

/** Whole points that follow the score only when it is a full point away: rounding must not flicker. */
const settle = (published: number, score: number): number =>
  Math.abs(score - published) >= 1 ? Math.round(score) : published;

/**
 * Moves every service by one tick. A worse status needs 2 ticks in a row (or a plunge of PLUNGE points below the present
 * one's threshold), a better one 3 ticks at BETTER_MARGIN points above its threshold. No known metric is unknown at once,
 * and whatever comes after unknown is believed at once. The
 * score stays in the band of the status (SNAP-6). One event for each change, none for a service's first status.
 */
export function moveHealth(
  scores: HealthScores,
  state: HealthState,
  context: { topology: Topology; thresholds: ThresholdTable; atMs: number; events: DiagnosticsEvent[] },
): void {
  const { topology, thresholds, atMs, events } = context;
  for (let i = 0; i < topology.resources.length; i += 1) {
    const present = state.status[i];
    let next = UNKNOWN;
    if (scores.known[i] === 1) {
      const bounds = {
        healthy: thresholds.healthy_score[i],
        degraded: thresholds.degraded_score[i],
      };
      next = nextStatus(state, i, { score: scores.score[i], bounds });
      const continues = present !== NEVER_SEEN && present !== UNKNOWN;
      const score = withinBand(scores.score[i], next, bounds);
      state.score[i] = settle(continues && next === present ? state.score[i] : -1, score);
    } else state.score[i] = 0;
    if (next === present) continue;
    state.status[i] = next;
    state.worseTicks[i] = 0;
    state.betterTicks[i] = 0;
    if (present === NEVER_SEEN) continue;
    events.push({
      type: 'health_change',
      atMs,
      data: {
        resource_id: (topology.resources[i] as { id: string }).id,
        old_status: STATUSES[present],
        new_status: STATUSES[next],
        health_score: state.score[i],
      },
    });
  }
}

/**
 * Critical when any service failed, degraded when more than OVERALL_DEGRADED_SHARE are degraded, unknown when nothing is
 * known. The share is of the services whose status is known: what is not known must not water down what is.
 */
export function overallHealth(status: Uint8Array): OverallHealth {
  let known = 0;
  let degraded = 0;
  for (const s of status) {
    if (s === FAILED) return 'critical';
    if (s === UNKNOWN || s === NEVER_SEEN) continue;
    known += 1;
    if (s === DEGRADED) degraded += 1;
  }
  if (known === 0) return 'unknown';
  return degraded > OVERALL_DEGRADED_SHARE * known ? 'degraded' : 'healthy';
}
