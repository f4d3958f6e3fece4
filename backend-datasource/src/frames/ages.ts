import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
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

/**
 * Time of what is known of a service: that of the state, unless nothing is known now. The service's own time is reported by
 * exception like its values, so a quiet service would look as if it had not been read for minutes.
 */
export const dataTime = ({ status, last_updated }: ServiceHealth, { timestamp }: Snapshot): string =>
  status === 'unknown' ? last_updated : timestamp;
