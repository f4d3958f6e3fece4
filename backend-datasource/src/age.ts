import type { Received } from './bridge/bridge.ts';

/** From a time of the bridge's to now: by its clock until it sent this, by ours since, so that the two need not agree. */
const since = (timestamp: string, { sentAtMs, receivedAtMs }: Received, nowMs: number): number =>
  Math.max(0, sentAtMs - Date.parse(timestamp)) + Math.max(0, nowMs - receivedAtMs);

/** Age of the newest state, in milliseconds. It says nothing of the sources: while they are down, states go on coming. */
export const snapshotAgeMs = (received: Received, nowMs: number): number =>
  since(received.snapshot.timestamp, received, nowMs);

/** Age of the newest metrics, in milliseconds; undefined when there never were any. */
export function dataAgeMs(received: Received, nowMs: number): number | undefined {
  const last = received.snapshot.freshness.metrics.last_success;
  return last === undefined ? undefined : since(last, received, nowMs);
}
