import type { ConnectionLimits } from './limits.ts';

/** How a client keeps up with reading. */
export type Pressure = { readonly kind: 'flowing' } | { readonly kind: 'saturated'; readonly sinceMs: number };

export const FLOWING: Pressure = { kind: 'flowing' };

/**
 * LIM-8. Saturated above `maxQueueBytes`, and until the queue is empty: between the two a client that reads a little
 * would flutter, and never get to the end of its backlog.
 */
export function nextPressure(
  pressure: Pressure,
  queuedBytes: number,
  at: { readonly nowMs: number; readonly maxQueueBytes: number },
): Pressure {
  if (pressure.kind === 'saturated') return queuedBytes === 0 ? FLOWING : pressure;
  return queuedBytes > at.maxQueueBytes ? { kind: 'saturated', sinceMs: at.nowMs } : pressure;
}

/** What to do with something new for the client: `skip` leaves it to the cursor to catch up later. */
export function verdict(
  pressure: Pressure,
  nowMs: number,
  limits: Pick<ConnectionLimits, 'slowClientTimeoutMs'>,
): 'send' | 'skip' | 'close' {
  if (pressure.kind === 'flowing') return 'send';
  return nowMs - pressure.sinceMs >= limits.slowClientTimeoutMs ? 'close' : 'skip';
}
