import { rangeUtil, type DataQueryRequest } from '@grafana/data';
import type { Bridge, Received } from '@topdeck/backend-datasource/bridge';
import type { Extras, QueryTypeEntry } from '@topdeck/backend-datasource/frames';
import type { Query } from '../panels/hosting/query.ts';

/** A series is read again so often, however often states come, for each reading goes over REST; Grafana's gets its new rows by Live. */
const SERIES_MS = 15_000;
/** Between two readings of what events call for. */
const EVENTS_MS = 2_000;
const POINTS = 500;

interface Kept {
  readonly atMs: number;
  readonly events: number;
  readonly extras: Promise<Extras>;
}

interface Reading {
  readonly target: Query;
  readonly request: DataQueryRequest<Query>;
  readonly bridge: Bridge;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

function read(entry: QueryTypeEntry, { snapshot }: Received, reading: Reading): Promise<Extras> {
  const { target, request, bridge, signal } = reading;
  if (entry.read === undefined) return Promise.resolve({});
  // A relative range has moved on since the request.
  const { from, to } = request.rangeRaw ? rangeUtil.convertRawToRange(request.rangeRaw) : request.range;
  return entry.read({
    query: target,
    snapshot,
    range: { fromMs: from.valueOf(), toMs: to.valueOf() },
    maxDataPoints: request.maxDataPoints ?? POINTS,
    intervalMs: request.intervalMs,
    reads: bridge.reads,
    signal,
  });
}

/** Reads what states do not carry. Of a series, and of what no state changes, it keeps what was read for a while, unless events came meanwhile. */
export class ExtrasReader {
  readonly #kept = new Map<string, Kept>();

  /** `events` counts those that have come since the request. */
  async read(entry: QueryTypeEntry, received: Received, reading: Reading & { events: number }): Promise<Extras> {
    if (entry.live?.action === 'replace') return read(entry, received, reading);
    const { target, nowMs, events } = reading;
    const kept = this.#kept.get(target.refId);
    const ageMs = kept === undefined ? Infinity : nowMs - kept.atMs;
    if (kept !== undefined && ageMs < (kept.events === events ? SERIES_MS : EVENTS_MS)) return kept.extras;
    const extras = read(entry, received, reading);
    this.#kept.set(target.refId, { atMs: nowMs, events, extras });
    extras.catch(() => this.#kept.delete(target.refId));
    return extras;
  }
}
