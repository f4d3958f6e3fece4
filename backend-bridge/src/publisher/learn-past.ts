import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MetricsBatch, Topology } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';

export interface PastSpan {
  readonly topology: Topology;
  /** Both inclusive, epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Cadence of the present. */
  readonly stepMs: number;
}

export interface Learner {
  readonly engine: Engine;
  readonly source: MetricsSource;
  readonly clock: Clock;
  /** Learning stops when it aborts. */
  readonly signal: AbortSignal;
}

/** An hour at 15 s tells a detector as much as one at 5 s, in a third of the time. */
const MAX_BATCHES = 240;
/** Other work of the thread runs each time so long was learnt. */
const TURN_MS = 20;

const untilAborted = (signal: AbortSignal): Promise<readonly MetricsBatch[]> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve([]);
    else signal.addEventListener('abort', () => resolve([]), { once: true });
  });

/**
 * Reads a span of the past and lets the engine learn it, oldest first, without holding up the thread. The engine must
 * have the span's topology. Rejects with what the source rejects with.
 */
export async function learnPast(learner: Learner, span: PastSpan): Promise<{ batches: number; of: number }> {
  const { engine, source, clock, signal } = learner;
  const { topology, fromMs, toMs } = span;
  if (toMs < fromMs) return { batches: 0, of: 0 };
  const widening = Math.max(1, Math.ceil((toMs - fromMs) / span.stepMs / MAX_BATCHES));
  const request = { topology, fromMs, toMs, stepMs: widening * span.stepMs, signal };
  const past = await Promise.race([source.backfill(request), untilAborted(signal)]);
  let batches = 0;
  let turnStartMs = clock.monotonicMs();
  for (const batch of past) {
    if (signal.aborted) break;
    engine.learn(batch);
    batches += 1;
    if (clock.monotonicMs() - turnStartMs < TURN_MS) continue;
    await nextTurn();
    turnStartMs = clock.monotonicMs();
  }
  return { batches, of: past.length };
}
