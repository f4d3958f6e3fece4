import type { Received } from '../bridge/bridge.ts';

/**
 * Seconds since `timestamp`, which the bridge's clock wrote: by that clock until the state was sent, by ours since it
 * came. The two need not agree. Null for what has no time.
 */
export function ageS(
  timestamp: string | undefined,
  { sentAtMs, receivedAtMs }: Received,
  nowMs: number,
): number | null {
  const atMs = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  if (Number.isNaN(atMs)) return null;
  return (Math.max(0, sentAtMs - atMs) + Math.max(0, nowMs - receivedAtMs)) / 1000;
}

/** What the bridge's clock shows now. */
export const bridgeNowMs = ({ sentAtMs, receivedAtMs }: Received, nowMs: number): number =>
  sentAtMs + Math.max(0, nowMs - receivedAtMs);
