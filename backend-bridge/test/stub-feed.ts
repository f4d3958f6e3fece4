import { deflateRawSync, constants } from 'node:zlib';
import {
  diff,
  eventResources,
  type DiagnosticsEvent,
  type StreamEvent,
  type HistoryEvent,
  type Snapshot,
} from '@topdeck/protocol';
import type {
  Feed,
  FeedStatus,
  Rendered,
  RenderedEvents,
  RenderRequest,
  TickNotice,
  ViewSpec,
} from '../src/publisher/feed.ts';
import { BridgeError } from '../src/errors.ts';

const NOTHING_YET = '1970-01-01T00:00:00.000Z';
const SOURCE = { source: 'stub', state: 'fresh' as const };

/** As permessage-deflate wants it: flushed, without the empty block at the end. */
function deflate(text: Uint8Array): Uint8Array {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** A snapshot of services `a`, `b`, `c` … whose health score is the given one. */
export function snapshotOf(scores: Record<string, number>, timestamp: string): Snapshot {
  return {
    timestamp,
    overall_health: 'healthy',
    services: Object.entries(scores).map(([id, score]) => ({
      resource_id: id,
      resource_name: id,
      resource_type: 'service',
      status: 'healthy',
      health_score: score,
      anomalies: [],
      metrics: { request_rate: score },
      last_updated: timestamp,
    })),
    anomalies: [],
    traffic_patterns: [],
    failing_dependencies: [],
    dependencies: [],
    freshness: {
      topology: SOURCE,
      topology_version: '1',
      topology_issues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
      metrics: SOURCE,
      metric_outcomes: {},
      warming_up: false,
    },
  };
}

const holds = (view: ViewSpec, ids: readonly string[]): boolean =>
  view.kind === 'all' || ids.some((id) => view.resourceIds.includes(id));

function cut(snapshot: Snapshot, view: ViewSpec): Snapshot {
  return { ...snapshot, services: snapshot.services.filter((service) => holds(view, [service.resource_id])) };
}

interface LoggedEvent {
  readonly seq: number;
  readonly event: StreamEvent;
}

/** A feed in memory that ticks, stalls, fails and forgets when a test says so. Renders real messages of the protocol. */
export class StubFeed implements Feed {
  epoch = 'epoch-1';
  seq = 0;
  atMs: number | undefined;
  /** Every render asked for, in order. */
  readonly renders: RenderRequest[] = [];
  readonly eventRenders: { view: ViewSpec; fromSeq: number }[] = [];
  /** While set, `render`, `renderEvents` and `status` reject with it. */
  fault: BridgeError | undefined;
  /** Number of the oldest state and event still in the log. */
  logStartsAt = 0;
  readonly #now: () => number;
  readonly #listeners = new Set<(notice: TickNotice) => void>();
  readonly #states = new Map<number, Snapshot>();
  readonly #untold: TickNotice[] = [];
  #events: LoggedEvent[] = [];
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** A collection ends: events first, then the state. */
  tick(scores: Record<string, number>, events: readonly StreamEvent[] = []): TickNotice {
    const notice = this.tickUntold(scores, events);
    this.tellUntold();
    return notice;
  }

  /** A collection ends whose notice is still on its way. */
  tickUntold(scores: Record<string, number>, events: readonly StreamEvent[] = []): TickNotice {
    for (const event of events) this.#events.push({ seq: (this.seq += 1), event });
    this.seq += 1;
    this.atMs = this.#now();
    this.#states.set(this.seq, snapshotOf(scores, new Date(this.atMs).toISOString()));
    const notice = { epoch: this.epoch, seq: this.seq, atMs: this.atMs, eventCount: events.length };
    this.#untold.push(notice);
    return notice;
  }

  tellUntold(): void {
    for (const notice of this.#untold.splice(0)) for (const listener of [...this.#listeners]) listener(notice);
  }

  /** The diagnosis starts again: nothing of before is known. */
  restart(epoch: string): void {
    this.epoch = epoch;
    this.seq = 0;
    this.atMs = undefined;
    this.#states.clear();
    this.#events = [];
  }

  /** Renders take their state at once but are answered only after `release`. */
  stall(): void {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#gate = { opened, open };
  }

  release(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  listen(onTick: (notice: TickNotice) => void): () => void {
    this.#listeners.add(onTick);
    return () => this.#listeners.delete(onTick);
  }

  async status(): Promise<FeedStatus> {
    if (this.fault !== undefined) throw this.fault;
    const { epoch, seq, atMs } = this;
    return { running: this.listeners > 0, epoch, seq, atMs, topology: SOURCE, metrics: SOURCE };
  }

  async render(request: RenderRequest): Promise<Rendered> {
    this.renders.push(request);
    const gate = this.#gate;
    const fault = this.fault ?? (this.atMs === undefined ? new BridgeError('NOT_READY') : undefined);
    const rendered = fault === undefined ? this.#renderNow(request) : undefined;
    await gate?.opened;
    if (rendered === undefined) throw fault as BridgeError;
    return rendered;
  }

  async renderEvents(view: ViewSpec, fromSeq: number): Promise<RenderedEvents> {
    this.eventRenders.push({ view, fromSeq });
    const gate = this.#gate;
    const fault = this.fault;
    const found = this.#events.filter(
      ({ seq, event }) => seq > fromSeq && seq >= this.logStartsAt && holds(view, resourcesOf(event)),
    );
    await gate?.opened;
    if (fault !== undefined) throw fault;
    return { messages: found.map((logged) => this.#renderEvent(logged)), complete: fromSeq + 1 >= this.logStartsAt };
  }

  read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  refresh(): Promise<TickNotice> {
    return Promise.reject(new BridgeError('NOT_READY'));
  }

  healthHistory(): Promise<Uint8Array> {
    return Promise.reject(new BridgeError('NOT_READY'));
  }
  metricRange(): Promise<Uint8Array> {
    return Promise.reject(new BridgeError('NOT_READY'));
  }
  reportChange(): Promise<never> {
    return Promise.reject(new BridgeError('NOT_READY'));
  }
  comparison(): Promise<Uint8Array> {
    return Promise.reject(new BridgeError('NOT_READY'));
  }
  events(): Promise<readonly HistoryEvent[]> {
    return Promise.resolve([]);
  }

  metricsText(): Promise<string> {
    return Promise.resolve('');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #renderNow(request: RenderRequest): Rendered {
    const { epoch, seq } = this;
    const newest = cut(this.#states.get(seq) ?? snapshotOf({}, NOTHING_YET), request.view);
    const timestamp = new Date(this.#now()).toISOString();
    const place = { timestamp, epoch, seq };
    const base = request.form === 'delta' && request.fromSeq >= this.logStartsAt && this.#states.get(request.fromSeq);
    if (request.form === 'original')
      return this.#encode(request, { type: 'snapshot_update', timestamp, data: newest }, 'original');
    if (request.form === 'full' || !base)
      return this.#encode(request, { type: 'snapshot_update', ...place, data: newest }, 'full');
    const data = diff(cut(base, request.view), newest);
    return this.#encode(request, { type: 'snapshot_delta', ...place, base_seq: request.fromSeq, data }, 'delta');
  }

  #encode(request: RenderRequest, message: object, form: Rendered['form']): Rendered {
    const text = Buffer.from(JSON.stringify(message));
    return { form, seq: this.seq, text, deflated: request.deflate && text.length > 1024 ? deflate(text) : undefined };
  }

  #renderEvent({ seq, event }: LoggedEvent): RenderedEvents['messages'][number] {
    const { type, data } = event;
    const timestamp = new Date(event.atMs).toISOString();
    const isIncident = 'incident_id' in data;
    const isUnknown = isIncident || type === 'anomaly_resolved';
    const original = isUnknown ? undefined : Buffer.from(JSON.stringify({ type, timestamp, data }));
    const asked = isIncident ? ({ isIncident: true } as const) : {};
    return {
      seq,
      original,
      ...asked,
      extended: Buffer.from(JSON.stringify({ type, timestamp, epoch: this.epoch, seq, data })),
    };
  }
}

const resourcesOf = (event: StreamEvent): readonly string[] =>
  'incident_id' in event.data ? event.data.resource_ids : eventResources(event as DiagnosticsEvent);

export const healthChange = (id: string, score = 50): DiagnosticsEvent => ({
  type: 'health_change',
  atMs: 0,
  data: { resource_id: id, old_status: 'healthy', new_status: 'degraded', health_score: score },
});

export const anomalyResolved = (id: string): DiagnosticsEvent => ({
  type: 'anomaly_resolved',
  atMs: 0,
  data: { alert_id: `${id}-1`, resource_id: id, metric_name: 'latency_p95', severity: 'high', duration_s: 60 },
});
