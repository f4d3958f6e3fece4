import { QueryError, type Frame } from '@topdeck/grafana-plugin-sdk';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { BridgeUnavailable, type BridgeFault, type BridgeState, type Received } from './bridge/bridge.ts';
import { channelPath } from './channel.ts';
import type { Extras, QueryTypeEntry, TimeRange } from './frames/query-type.ts';
import { QUERY_TYPE_ENTRIES } from './frames/query-types.ts';
import type { Instance } from './instance.ts';

export interface Question {
  readonly query: DiagnosticsQuery;
  readonly range: TimeRange;
  readonly maxDataPoints: number;
  readonly intervalMs: number;
  /** Asked by an alert rule: numbers only, no channel, and an error rather than old data. */
  readonly forAlert: boolean;
}

const BAD_GATEWAY = 502;

/** What the bridge did wrong is downstream of the plugin. */
export const unavailable = (fault: BridgeFault): QueryError =>
  new QueryError(`${fault.message}. ${fault.action}`, {
    status: fault.httpStatus ?? BAD_GATEWAY,
    source: 'downstream',
  });

/** Age of the snapshot, by the bridge's clock until it was sent and by ours since. */
export const snapshotAgeMs = ({ snapshot, sentAtMs, receivedAtMs }: Received, nowMs: number): number =>
  Math.max(0, sentAtMs - Date.parse(snapshot.timestamp)) + Math.max(0, nowMs - receivedAtMs);

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function current(instance: Instance, state: BridgeState, forAlert: boolean): Received {
  const { received, connection } = state;
  const fault = 'fault' in connection ? connection.fault : undefined;
  if (received === undefined) {
    throw fault === undefined
      ? new QueryError('The bridge has not answered yet. Try again', { status: 503, source: 'downstream' })
      : unavailable(fault);
  }
  const ageMs = snapshotAgeMs(received, instance.clock.nowMs());
  if (!forAlert || ageMs <= instance.settings.alertAgeLimitMs) return received;
  const reason = fault === undefined ? '' : `: ${fault.message}. ${fault.action}`;
  throw new QueryError(`The newest data is ${seconds(ageMs)} old, too old to judge by${reason}`, {
    status: fault?.httpStatus ?? 503,
    source: 'downstream',
  });
}

function withNotice(frames: readonly Frame[], state: BridgeState, ageMs: number | undefined): readonly Frame[] {
  const { connection } = state;
  if (connection.state === 'websocket' || ageMs === undefined) return frames;
  const why = 'fault' in connection ? connection.fault.message : 'The bridge is being connected';
  const text = `${why}. This data is ${seconds(ageMs)} old.`;
  return frames.map((frame) => ({
    ...frame,
    meta: { ...frame.meta, notices: [...(frame.meta?.notices ?? []), { severity: 'warning' as const, text }] },
  }));
}

function withLive(
  frames: readonly Frame[],
  entry: QueryTypeEntry,
  { query, uid }: { query: DiagnosticsQuery; uid: string },
): readonly Frame[] {
  const { live } = entry;
  if (live === undefined) return frames;
  return frames.map((frame, index) => {
    const part = live.parts[index];
    if (part === undefined) return frame;
    const mark = { live: { path: channelPath(query, part, uid), action: live.action } };
    return { ...frame, meta: { ...frame.meta, custom: { ...Object(frame.meta?.custom), ...mark } } };
  });
}

/** Waits for a first word from the bridge, no longer than one request may take. */
export async function firstWord({ bridge, settings }: Instance, signal: AbortSignal): Promise<BridgeState> {
  const patience = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await bridge.ready(AbortSignal.any([signal, patience]));
  } catch (error) {
    if (signal.aborted || !patience.aborted) throw error;
    return bridge.state();
  }
}

export const NOTHING_RECEIVED = Object.freeze({}) as Received;

/** Frames that answer one query. Throws a QueryError that says whose fault it is. */
export async function answer(instance: Instance, question: Question, signal: AbortSignal): Promise<readonly Frame[]> {
  const { query, range, maxDataPoints, intervalMs, forAlert } = question;
  const { bridge, clock, uid } = instance;
  const entry = QUERY_TYPE_ENTRIES[query.queryType];
  const state = await firstWord(instance, signal);
  // What the connection is like can be told without any data, and is what one asks when there is none.
  const aboutConnection = query.queryType === 'connection';
  const received = aboutConnection ? (state.received ?? NOTHING_RECEIVED) : current(instance, state, forAlert);
  let extras: Extras = {};
  try {
    if (entry.read) {
      const { snapshot } = received;
      extras = await entry.read({ query, snapshot, range, maxDataPoints, intervalMs, reads: bridge.reads, signal });
    }
  } catch (error) {
    throw error instanceof BridgeUnavailable ? unavailable(error.fault) : error;
  }
  const nowMs = clock.nowMs();
  const format = forAlert ? 'numeric' : (query.format ?? 'numeric');
  const frames = entry.frames({ query, state, received, nowMs, format, extras });
  if (forAlert) return frames;
  const said = aboutConnection ? frames : withNotice(frames, state, snapshotAgeMs(received, nowMs));
  return query.live === true ? withLive(said, entry, { query, uid }) : said;
}
