import type { DataFrame, DataQueryError, DataQueryRequest } from '@grafana/data';
import { BridgeUnavailable, type Bridge, type BridgeState, type Received } from '@topdeck/backend-datasource/bridge';
import {
  formatOf,
  heldFor,
  panelFrames,
  QUERY_TYPE_ENTRIES,
  type Extras,
  type QueryTypeEntry,
} from '@topdeck/backend-datasource/frames';
import { dataFrame } from './data-frame.ts';
import type { Query } from '../panels/hosting/query.ts';

/** What one target has to say now. `waiting`: nothing has come yet, and nothing speaks against it. */
export type Answer =
  | { readonly kind: 'frames'; readonly frames: readonly DataFrame[] }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly error: DataQueryError };

export interface Asked {
  readonly target: Query;
  readonly request: DataQueryRequest<Query>;
  readonly bridge: Bridge;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Reads over REST; a caller may keep what was read. */
  readonly readExtras: (entry: QueryTypeEntry, received: Received) => Promise<Extras>;
}

function failed({ refId }: Query, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof BridgeUnavailable ? error.fault.httpStatus : undefined;
  return { kind: 'failed', error: { refId, message, ...(status !== undefined && { status }) } };
}

function withoutState(target: Query, { connection }: BridgeState): Answer {
  return 'fault' in connection ? failed(target, new BridgeUnavailable(connection.fault)) : { kind: 'waiting' };
}

async function framesFor(asked: Asked, entry: QueryTypeEntry, received: Received): Promise<Answer> {
  const { target, bridge, nowMs, readExtras } = asked;
  const extras = await readExtras(entry, received);
  const state = bridge.state();
  const format = formatOf(target);
  const frames = panelFrames(entry, { query: target, state, received, nowMs, format, keepFields: true, extras });
  return { kind: 'frames', frames: frames.map((frame) => dataFrame(frame, target.refId)) };
}

/** One target, answered from the table that the executable answers Grafana from. Rejects only with the signal's reason. */
export async function answer(asked: Asked): Promise<Answer> {
  const { target, bridge, signal } = asked;
  const entry = QUERY_TYPE_ENTRIES[target.queryType];
  const state = bridge.state();
  const received = heldFor(entry, state);
  if (received === undefined) return withoutState(target, state);
  try {
    return await framesFor(asked, entry, received);
  } catch (error) {
    signal.throwIfAborted();
    return failed(target, error);
  }
}
