import {
  ComparisonResponse,
  EventsResponse,
  HealthHistoryResponse,
  HealthResponse,
  LayoutResponse,
  MetricRangeResponse,
  RefreshResponse,
  Snapshot,
} from '@topdeck/protocol';
import { validator, type Parsed } from '@topdeck/protocol/validate';
import type { Static, TSchema } from 'typebox';
import { readUrl, restUrl, type Address } from './address.ts';
import { answerFault, parseJson } from './answer-fault.ts';
import { BridgeUnavailable, type BridgeReads } from './bridge.ts';
import { fault } from './faults.ts';
import type { HttpAnswer, Request } from './transport.ts';
import { LayoutCache } from './layout-cache.ts';

const UTF8 = new TextDecoder();
const MIB = 1024 * 1024;
/** A snapshot of 10,000 services has 18 MB. */
const MAX_SNAPSHOT_BYTES = 256 * MIB;
const MAX_BYTES = 64 * MIB;

export interface PolledSnapshot {
  readonly snapshot: Snapshot;
  readonly sentAtMs: number;
}

export interface Reads extends BridgeReads {
  /** REST-1: exact values and no position, so that nothing of the stream can build on it. */
  readonly snapshot: (signal: AbortSignal) => Promise<PolledSnapshot>;
}

interface Ask<T> {
  readonly path: string;
  readonly check: (value: unknown) => Parsed<T>;
  readonly method?: 'GET' | 'POST';
  readonly maxBytes?: number;
  /** Whether every bridge has it, so that 404 speaks of the URL. */
  readonly isFixedPath?: boolean;
  readonly signal: AbortSignal;
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Lists are repeated, as the bridge reads them. */
function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value];
    for (const one of values) if (one !== undefined) search.append(name, String(one));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

/** Compiled when it is first used: that takes time, which a start does not have. */
function lazily<S extends TSchema>(schema: S): (value: unknown) => Parsed<Static<S>> {
  let check: ((value: unknown) => Parsed<Static<S>>) | undefined;
  return (value) => (check ??= validator(schema))(value);
}

const CHECKS = {
  snapshot: lazily(Snapshot),
  events: lazily(EventsResponse),
  healthHistory: lazily(HealthHistoryResponse),
  metricRange: lazily(MetricRangeResponse),
  comparison: lazily(ComparisonResponse),
  layout: lazily(LayoutResponse),
  health: lazily(HealthResponse),
  refresh: lazily(RefreshResponse),
} as const;

function read<T>({ status, type, location, body }: HttpAnswer, { check, isFixedPath = false }: Ask<T>): T {
  const text = UTF8.decode(body);
  const json = status >= 200 && status < 300 ? parseJson(text) : undefined;
  if (json === undefined) throw new BridgeUnavailable(answerFault({ status, type, location, text }, { isFixedPath }));
  const parsed = check(json.value);
  if (!parsed.ok) throw new BridgeUnavailable(fault('BAD_ANSWER', { detail: parsed.detail, httpStatus: status }));
  return parsed.value;
}

/** Reads of one bridge; `lifetime` ends what is shared among callers. */
export function createReads(address: Address, request: Request, lifetime: AbortSignal): Reads {
  const exchange = <T>({ path, method = 'GET', maxBytes = MAX_BYTES, signal }: Ask<T>): Promise<HttpAnswer> =>
    request({ method, url: `${restUrl(address)}/${path}`, maxBytes, signal: AbortSignal.any([signal, lifetime]) });
  const ask = async <T>(what: Ask<T>): Promise<T> => read(await exchange(what), what);
  const layouts = new LayoutCache(() => ask({ path: 'layout', check: CHECKS.layout, signal: lifetime }));
  return {
    async snapshot(signal) {
      const check = CHECKS.snapshot;
      const what = { path: 'snapshot', check, maxBytes: MAX_SNAPSHOT_BYTES, isFixedPath: true, signal };
      const answer = await exchange(what);
      const snapshot = read(answer, what);
      // The header has whole seconds, so that it may seem older than what was sent.
      const takenMs = Date.parse(snapshot.timestamp);
      return { snapshot, sentAtMs: Math.max(answer.dateMs ?? takenMs, takenMs) };
    },
    events: (query, signal) => ask({ path: withQuery('events', query), check: CHECKS.events, signal }),
    healthHistory: (query, signal) =>
      ask({ path: withQuery('health-history', query), check: CHECKS.healthHistory, signal }),
    metricRange: (metric, query, signal) => {
      const path = withQuery(`metrics/${encodeURIComponent(metric)}/range`, query);
      return ask({ path, check: CHECKS.metricRange, signal });
    },
    comparison: (id, query, signal) => {
      const path = withQuery(`services/${encodeURIComponent(id)}/comparison`, query);
      return ask({ path, check: CHECKS.comparison, signal });
    },
    layout: (version, signal) => layouts.get(version, signal),
    sourceHealth: (signal) => ask({ path: 'health', check: CHECKS.health, isFixedPath: true, signal }),
    refresh: (signal) => ask({ path: 'refresh', method: 'POST', check: CHECKS.refresh, signal }),
    async raw(pathAndQuery, signal) {
      const url = readUrl(address, pathAndQuery);
      if (url === undefined) throw new BridgeUnavailable(fault('INVALID_PATH', { httpStatus: 400 }));
      const answer = await request({
        method: 'GET',
        url,
        maxBytes: MAX_BYTES,
        signal: AbortSignal.any([signal, lifetime]),
      });
      return { status: answer.status, type: answer.type, body: answer.body };
    },
  };
}
