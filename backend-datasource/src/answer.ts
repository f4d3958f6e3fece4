import { QueryError, type Frame } from '@topdeck/grafana-plugin-sdk';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { BridgeUnavailable, type BridgeState, type Received } from './bridge/bridge.ts';
import { channelPath } from './channel.ts';
import { firstWord, receivedOf, unavailable } from './first-word.ts';
import { formatOf, heldFor, panelFrames } from './frames/asked-frames.ts';
import { snapshotAgeS } from './frames/outdated.ts';
import type { Extras, QueryTypeEntry, ReadRequest, TimeRange } from './frames/query-type.ts';
import { liveBehaviour, QUERY_TYPE_ENTRIES } from './frames/query-types.ts';
import type { Instance } from './instance.ts';

export interface Question {
  readonly query: DiagnosticsQuery;
  readonly range: TimeRange;
  readonly maxDataPoints: number;
  readonly intervalMs: number;
  /** Asked by an alert rule: numbers only, no channel, and an error rather than old data. */
  readonly forAlert: boolean;
}

const UNAVAILABLE = 503;
const seconds = (ageOfS: number): string => `${Math.round(ageOfS)} s`;

function notTooOld(received: Received, state: BridgeState, { clock, settings }: Instance): Received {
  const age = snapshotAgeS(received, clock.nowMs());
  if (age * 1000 <= settings.alertAgeLimitMs) return received;
  const fault = 'fault' in state.connection ? state.connection.fault : undefined;
  const reason = fault === undefined ? '' : `: ${fault.message}. ${fault.action}`;
  throw new QueryError(`The newest data is ${seconds(age)} old, too old to judge by${reason}`, {
    status: fault?.httpStatus ?? UNAVAILABLE,
    source: 'downstream',
  });
}

function withLive(
  frames: readonly Frame[],
  { query, uid }: { query: DiagnosticsQuery; uid: string },
): readonly Frame[] {
  const live = liveBehaviour(query);
  if (live === undefined) return frames;
  return frames.map((frame, index) => {
    const part = live.parts[index];
    if (part === undefined) return frame;
    const mark = { live: { path: channelPath(query, part, uid), action: live.action } };
    return { ...frame, meta: { ...frame.meta, custom: { ...Object(frame.meta?.custom), ...mark } } };
  });
}

interface Found {
  readonly state: BridgeState;
  readonly received: Received;
}

async function lookUp(instance: Instance, { query, forAlert }: Question, signal: AbortSignal): Promise<Found> {
  const entry = QUERY_TYPE_ENTRIES[query.queryType];
  const state = await firstWord(instance, signal);
  const received = heldFor(entry, state) ?? receivedOf(state);
  return { state, received: forAlert && !entry.withoutData ? notTooOld(received, state, instance) : received };
}

async function readExtras(entry: QueryTypeEntry, request: ReadRequest): Promise<Extras> {
  try {
    return (await entry.read?.(request)) ?? {};
  } catch (error) {
    throw error instanceof BridgeUnavailable ? unavailable(error.fault) : error;
  }
}

/** Frames that answer one query. Throws a QueryError that says whose fault it is. */
export async function answer(instance: Instance, question: Question, signal: AbortSignal): Promise<readonly Frame[]> {
  const { range, maxDataPoints, intervalMs, forAlert } = question;
  // A rule would judge the edges of a band like values.
  const query = forAlert ? { ...question.query, bands: false } : question.query;
  const { bridge, clock, uid } = instance;
  const entry = QUERY_TYPE_ENTRIES[query.queryType];
  const { state, received } = await lookUp(instance, question, signal);
  const { snapshot } = received;
  const { reads } = bridge;
  const extras = await readExtras(entry, { query, snapshot, range, maxDataPoints, intervalMs, reads, signal });
  const nowMs = clock.nowMs();
  const format = forAlert ? 'numeric' : formatOf(query);
  const input = { query, state, received, nowMs, format, extras };
  if (forAlert) return entry.frames(input);
  const frames = panelFrames(entry, input);
  return query.live === true ? withLive(frames, { query, uid }) : frames;
}
