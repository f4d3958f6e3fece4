import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import type { BridgeState, Received } from '../bridge/bridge.ts';
import { snapshotAgeS, withAgeNotice } from './outdated.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';

const NOTHING_RECEIVED = Object.freeze({}) as Received;

/** What a query of this type is told from; undefined when it needs data and none has come. */
export const heldFor = ({ withoutData }: QueryTypeEntry, { received }: BridgeState): Received | undefined =>
  received ?? (withoutData && NOTHING_RECEIVED);

/** Whoever asks for nothing in particular gets what rules and server-side expressions can read. */
export const formatOf = ({ format }: DiagnosticsQuery): NonNullable<DiagnosticsQuery['format']> => format ?? 'numeric';

/** What a panel is told: old data with a notice of its age. */
export function panelFrames(entry: QueryTypeEntry, input: FrameInput): readonly Frame[] {
  const frames = entry.frames(input);
  if (entry.withoutData) return frames;
  return withAgeNotice(frames, input.state, snapshotAgeS(input.received, input.nowMs));
}
