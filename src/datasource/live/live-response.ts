import {
  DataQueryErrorType,
  LoadingState,
  rangeUtil,
  type DataFrame,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
} from '@grafana/data';
import type { LiveMark } from '@topdeck/protocol/grafana';
import {
  asyncScheduler,
  combineLatest,
  defer,
  EMPTY,
  map,
  of,
  switchMap,
  throttleTime,
  timer,
  type Observable,
} from 'rxjs';
import { errorsOf, type Failure } from '../../ui/faults.ts';
import { wireQuery } from '../query/wire-query.ts';
import type { Query } from '../types.ts';
import type { StreamRule } from './apply-message.ts';
import { followChannel } from './channel.ts';
import { followLine, type Answer, type LineState } from './line.ts';
import { liveMarkOf } from './live-mark.ts';
import { channelAddress, liveConnection, type LiveServer } from './live-server.ts';

export interface LiveContext {
  readonly server: LiveServer | undefined;
  readonly uid: string;
  readonly updateIntervalS: number;
  /** The request to the executable, without anything live. */
  readonly query: (request: DataQueryRequest<Query>) => Observable<DataQueryResponse>;
  readonly interpolate: (query: Query, request: DataQueryRequest<Query>) => Query;
}

/** Shorter polling would load Grafana more than the stream it stands in for. */
const MIN_POLL_S = 5;
const MIN_PATIENCE_S = 15;
/** Nodes and edges of one state come as two messages. */
const TOGETHER_MS = 20;
const NO_ANSWER = 'Grafana did not answer the query';
/** Rows of a series, which its time range limits in practice. */
const MAX_ROWS = 50_000;
const MAX_EVENTS = 1_000;

const framesOf = ({ data }: DataQueryResponse): readonly DataFrame[] => data as DataFrame[];

/** Errors of one target. A request that failed as a whole is everybody's failure. */
const errorsOn = (response: DataQueryResponse, refId: string): readonly DataQueryError[] =>
  errorsOf(response)
    .filter((one) => one.refId === undefined || one.refId === refId)
    .map((one) => ({ ...one, refId }));

/** Nothing came, or Grafana says itself that it cancelled the request. */
const isLost = (response: DataQueryResponse): boolean =>
  response.data.length === 0 && errorsOf(response).every(({ type }) => type === DataQueryErrorType.Cancelled);

/**
 * The answer to a request, asked once more when it is lost. Explore cancels requests by a name that the next one has too: as
 * it lets go of a stream, it cancels the query that it has just sent, and does so in the middle of a reducer, where nothing
 * may be told to it. So the second time is a moment later, under another name.
 */
export function askTwice(
  ask: (request: DataQueryRequest<Query>) => Observable<DataQueryResponse>,
  request: DataQueryRequest<Query>,
): Observable<DataQueryResponse> {
  const again = defer(() => ask({ ...request, requestId: `${request.requestId}-again` }));
  return ask(request).pipe(
    switchMap((response) => (isLost(response) ? timer(0).pipe(switchMap(() => again)) : of(response))),
  );
}

/**
 * Of one target. The executable answers each with a frame or an error; when there is neither, the request never reached it,
 * which Grafana passes on as an empty answer.
 */
function answerOf(response: DataQueryResponse, refId: string): Answer {
  const frames = framesOf(response).filter((frame) => frame.refId === refId);
  const errors = errorsOn(response, refId);
  return frames.length + errors.length > 0 ? { frames, errors } : { frames, errors: [{ refId, message: NO_ANSWER }] };
}

/** The request for one target as of now; a relative range has moved on since. */
function nowFor(request: DataQueryRequest<Query>, target: Query, round: number): DataQueryRequest<Query> {
  return {
    ...request,
    targets: [target],
    range: request.rangeRaw ? rangeUtil.convertRawToRange(request.rangeRaw) : request.range,
    // Grafana cancels the request before of the same id.
    requestId: `${request.requestId}-${target.refId}-${round}`,
    hideFromInspector: true,
  };
}

function ruleFor({ action }: LiveMark['live'], target: Query, { range }: DataQueryRequest<Query>): StreamRule {
  if (action !== 'append') return { action: 'replace' };
  const maxSpanMs = range.to.valueOf() - range.from.valueOf();
  const maxRows = target.queryType === 'events' ? (target.limit ?? MAX_EVENTS) : MAX_ROWS;
  return { action: 'append', limits: { maxRows, maxSpanMs } };
}

function lineOf(
  target: Query,
  { request, response }: { request: DataQueryRequest<Query>; response: DataQueryResponse },
  context: LiveContext,
): Observable<LineState> {
  const { server, uid, updateIntervalS, query, interpolate } = context;
  const patienceMs = Math.max(MIN_PATIENCE_S, 3 * updateIntervalS) * 1000;
  const wire = wireQuery(interpolate(target, request));
  let round = 0;
  return followLine({
    first: answerOf(response, target.refId),
    isConnected: liveConnection(server),
    pollMs: Math.max(MIN_POLL_S, updateIntervalS) * 1000,
    ask: () => query(nowFor(request, target, ++round)).pipe(map((answer) => answerOf(answer, target.refId))),
    patienceMs,
    follow: (frame, first) => {
      const mark = liveMarkOf(frame);
      if (server === undefined || mark === undefined) return EMPTY;
      return followChannel({
        server,
        address: channelAddress(uid, mark.path, wire),
        frame,
        rule: ruleFor(mark, target, request),
        patienceMs: { first, next: patienceMs },
      });
    },
  });
}

function packet(key: string, states: readonly LineState[]): DataQueryResponse {
  const data = states.flatMap((state) => state.frames);
  const errors = states.flatMap((state) => state.errors);
  if (errors.length > 0) {
    const failure: Failure = { errors, error: errors[0] };
    return { key, data, state: LoadingState.Error, ...failure };
  }
  const goesOn = states.some((state) => state.goesOn);
  return { key, data, state: goesOn ? LoadingState.Streaming : LoadingState.Done };
}

/**
 * What a request gave, and how it goes on. Each packet is the whole of it under one key, in the order of the targets, so that
 * no panel ever shows a part alone.
 */
export function liveResponse(
  request: DataQueryRequest<Query>,
  response: DataQueryResponse,
  context: LiveContext,
): Observable<DataQueryResponse> {
  const lines = request.targets.map((target) =>
    target.live === true
      ? lineOf(target, { request, response }, context)
      : of({ ...answerOf(response, target.refId), goesOn: false }),
  );
  const key = `live-diagnostics/${context.uid}/${request.panelId ?? request.app}`;
  return combineLatest(lines).pipe(
    throttleTime(TOGETHER_MS, asyncScheduler, { leading: true, trailing: true }),
    map((states) => packet(key, states)),
  );
}
