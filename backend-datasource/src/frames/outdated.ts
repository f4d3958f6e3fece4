import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { BridgeState, Received } from '../bridge/bridge.ts';
import { ageS } from './ages.ts';

/** Age of the state. A time that cannot be read is no reason to trust the data. */
export const snapshotAgeS = (received: Received, nowMs: number): number =>
  ageS(received.snapshot.timestamp, received, nowMs) ?? Infinity;

/** The frames as they are while the stream is open; else each with a notice of how old its data is, and why. */
export function withAgeNotice(
  frames: readonly Frame[],
  { connection }: BridgeState,
  snapshotAge: number,
): readonly Frame[] {
  if (connection.state === 'websocket') return frames;
  const why = 'fault' in connection ? connection.fault.message : 'The bridge is being connected';
  const text = `${why}. This data is ${Math.round(snapshotAge)} s old.`;
  return frames.map((frame) => ({
    ...frame,
    meta: { ...frame.meta, notices: [...(frame.meta?.notices ?? []), { severity: 'warning' as const, text }] },
  }));
}
