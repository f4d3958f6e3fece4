import { randomBytes } from 'node:crypto';
import type {
  ChangeEvent,
  ChangeRequest,
  ComparisonQuery,
  EventsQuery,
  HealthHistoryQuery,
  HistoryEvent,
  MetricRangeQuery,
  Topology,
} from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import { Answers } from './answers.ts';
import { Diagnostician } from './diagnostician.ts';
import type {
  Feed,
  FeedStatus,
  ReadRequest,
  Rendered,
  RenderedEvents,
  RenderRequest,
  TickNotice,
  ViewSpec,
} from './feed.ts';
import { buildFreshness } from './freshness.ts';
import { HistoryWriter } from './history-writer.ts';
import { IncidentDesk } from './incident-desk.ts';
import { Layouts } from './layouts.ts';
import { emptyDiagnosis } from './materialise.ts';
import { observeDiagnosis } from './observe.ts';
import { PastReads } from './past-reads.ts';
import type { PublisherParts } from './publisher-parts.ts';
import { Renderer } from './renderer.ts';
import { settle, type Settled } from './settle.ts';
import { StateLog } from './state-log.ts';
import { TickLoop, type TickContext } from './tick-loop.ts';
import { Waiters } from './waiters.ts';

export type { PublisherConfig, PublisherParts } from './publisher-parts.ts';

/** A tick that runs into the time limits of its upstreams ends within this time by default. */
const READ_WAIT_MS = 15_000;
const MS_PER_DAY = 86_400_000;

type Newest = TickNotice & { readonly publishedMs: number };

/** Runs the pipeline collect → diagnose → diff → publish while somebody listens, and serves its states. Owns its parts. */
export class Publisher implements Feed {
  readonly #parts: PublisherParts;
  readonly #epoch = randomBytes(9).toString('base64url');
  readonly #loop: TickLoop;
  readonly #diagnostician: Diagnostician;
  readonly #states: StateLog;
  readonly #renderer: Renderer;
  readonly #answers: Answers;
  readonly #history: HistoryWriter;
  readonly #past: PastReads;
  readonly #layouts: Layouts;
  readonly #incidents: IncidentDesk;
  readonly #listeners = new Set<{ readonly onTick: (notice: TickNotice) => void }>();
  readonly #readers: Waiters;
  #settled: Settled | undefined;
  #newest: Newest | undefined;
  /** Of the newest state. */
  #topology: Topology | undefined;

  constructor(parts: PublisherParts) {
    const { config, clock, log, metrics, metricsSource, history } = parts;
    const intervalMs = config.collectIntervalS * 1000;
    this.#parts = parts;
    this.#loop = new TickLoop({
      intervalMs,
      graceMs: config.listenerGraceS * 1000,
      clock,
      log,
      count: (outcome) => metrics.ticks.inc({ outcome }),
      tick: (context) => this.#tick(context),
    });
    this.#diagnostician = new Diagnostician({
      createEngine: () => parts.createEngine(metricsSource.metrics),
      source: metricsSource,
      clock,
      log,
      intervalMs,
      backfillMs: config.backfillS * 1000,
      seasonMs: (config.seasonBackfillDays ?? 0) * MS_PER_DAY,
      detectorStore: parts.detectorStore,
    });
    this.#states = new StateLog({ windowMs: config.resumeWindowS * 1000 });
    this.#renderer = new Renderer({ epoch: this.#epoch, log: this.#states, clock, metrics });
    this.#answers = new Answers(this.#renderer, clock);
    const retentionMs = config.historyRetentionDays * MS_PER_DAY;
    this.#history = new HistoryWriter({ history, retentionMs, intervalMs, clock, log, metrics });
    this.#past = new PastReads({ ...parts, intervalMs, ratioWindowMs: config.ratioWindowMs });
    this.#layouts = new Layouts(parts);
    this.#incidents = new IncidentDesk(parts);
    this.#readers = new Waiters(clock);
  }

  /** Opens the sources. Rejects with the faults that trying again cannot mend. */
  async start(): Promise<void> {
    await this.#parts.topologySource.start();
  }

  listen(onTick: (notice: TickNotice) => void): () => void {
    const listener = { onTick };
    this.#listeners.add(listener);
    const release = this.#loop.listen();
    return () => {
      this.#listeners.delete(listener);
      release();
    };
  }

  async status(): Promise<FeedStatus> {
    const { topologySource, metricsSource } = this.#parts;
    return {
      running: this.#loop.isRunning,
      epoch: this.#epoch,
      seq: this.#newest?.seq ?? 0,
      atMs: this.#newest?.atMs,
      topology: topologySource.read().freshness,
      metrics: metricsSource.freshness(),
    };
  }

  async read(request: ReadRequest): Promise<Uint8Array | undefined> {
    // To ask is to listen for a moment: whoever polls keeps the pipeline awake for its grace period.
    this.#loop.listen()();
    if (!this.#isFresh() && !(await this.#readers.wait(READ_WAIT_MS))) throw new BridgeError('NOT_READY');
    switch (request.read) {
      case 'layout':
        return this.#topology && this.#layouts.read(this.#topology);
      case 'incidents':
      case 'incident':
      case 'changes':
      case 'root-cause':
        return this.#incidents.answer(request);
      default:
        return this.#answers.answer(request);
    }
  }

  async render(request: RenderRequest): Promise<Rendered> {
    return this.#renderer.render(request);
  }

  async renderEvents(view: ViewSpec, fromSeq: number): Promise<RenderedEvents> {
    return this.#renderer.renderEvents(view, fromSeq);
  }

  async refresh(): Promise<TickNotice> {
    await this.#parts.topologySource.refresh();
    const outcome = await this.#loop.runNow();
    if (outcome === 'failed' || this.#newest === undefined) throw new BridgeError('PIPELINE_FAILED');
    const { epoch, seq, atMs, eventCount } = this.#newest;
    return { epoch, seq, atMs, eventCount };
  }

  async events(query: EventsQuery): Promise<readonly HistoryEvent[]> {
    return this.#past.events(query);
  }

  async healthHistory(query: HealthHistoryQuery): Promise<Uint8Array> {
    const isWatching = this.#loop.isRunning && this.#history.isContinuing;
    this.#loop.listen()();
    return this.#past.healthHistory(query, isWatching);
  }

  metricRange(metric: string, query: MetricRangeQuery): Promise<Uint8Array> {
    return this.#past.metricRange(metric, query);
  }

  comparison(resourceId: string, query: ComparisonQuery): Promise<Uint8Array> {
    return this.#past.comparison(resourceId, query);
  }

  async reportChange(change: ChangeRequest): Promise<ChangeEvent> {
    return this.#incidents.reportChange(change);
  }

  metricsText(): Promise<string> {
    return this.#parts.metrics.registry.metrics();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#past.close();
    const kept = this.#diagnostician.close();
    await this.#loop.close();
    await kept;
    this.#readers.close();
    await this.#parts.topologySource.close();
    await this.#parts.metricsSource.close();
    this.#parts.history.close();
  }

  #isFresh(): boolean {
    const { clock, config } = this.#parts;
    return (
      this.#newest !== undefined && clock.monotonicMs() - this.#newest.publishedMs <= config.collectIntervalS * 1000
    );
  }

  async #tick(context: TickContext): Promise<void> {
    const { clock, metrics } = this.#parts;
    const startMs = clock.monotonicMs();
    const diagnosis = await this.#diagnose(context);
    const publishMs = clock.monotonicMs();
    this.#publish(diagnosis, context);
    const endMs = clock.monotonicMs();
    metrics.tickStageSeconds.observe({ stage: 'publish' }, (endMs - publishMs) / 1000);
    metrics.tickStageSeconds.observe({ stage: 'total' }, (endMs - startMs) / 1000);
  }

  async #diagnose({ signal, isResuming }: TickContext): Promise<Diagnosis> {
    const { topologySource, metricsSource, clock, metrics } = this.#parts;
    const { topology } = topologySource.read();
    if (topology === undefined) return emptyDiagnosis(clock.nowMs());
    await this.#diagnostician.prepare(topology, isResuming);
    signal.throwIfAborted();
    const collectMs = clock.monotonicMs();
    const batch = await metricsSource.collect({ topology, atMs: clock.nowMs(), signal });
    const diagnoseMs = clock.monotonicMs();
    const diagnosis = this.#diagnostician.diagnose(topology, batch);
    metrics.tickStageSeconds.observe({ stage: 'collect' }, (diagnoseMs - collectMs) / 1000);
    metrics.tickStageSeconds.observe({ stage: 'diagnose' }, (clock.monotonicMs() - diagnoseMs) / 1000);
    return diagnosis;
  }

  #publish(diagnosis: Diagnosis, { isResuming }: TickContext): void {
    const { topologySource, metricsSource, clock, metrics, config } = this.#parts;
    const { topology, freshness: topologyState } = topologySource.read();
    const metricsState = metricsSource.freshness();
    const topologyIssues = (topology ?? diagnosis.topology).issues;
    const states = { topology: topologyState, topologyIssues, metrics: metricsState };
    const freshness = buildFreshness(states, diagnosis);
    const { open, events: tidings } = this.#incidents.advance(diagnosis);
    const settled = { diagnosis, freshness, incidents: open, resolution: config.deltaResolution };
    this.#settled = settle(this.#settled, settled);

    const firstSeq = (this.#newest?.seq ?? 0) + 1;
    const found = [...diagnosis.events, ...tidings];
    const events = found.map((event, k) => ({ seq: firstSeq + k, event }));
    const seq = firstSeq + events.length;
    const publishedMs = clock.monotonicMs();
    this.#states.append({ seq, state: this.#settled.state }, events, publishedMs);
    this.#renderer.advance({ diagnosis, freshness });
    this.#answers.advance({ diagnosis, freshness });
    this.#topology = diagnosis.topology;
    this.#newest = { epoch: this.#epoch, seq, atMs: diagnosis.atMs, eventCount: events.length, publishedMs };

    observeDiagnosis(metrics, diagnosis, metricsState);
    this.#readers.release();
    this.#tell({ epoch: this.#epoch, seq, atMs: diagnosis.atMs, eventCount: events.length });
    this.#history.write({ ...diagnosis, events: found }, isResuming);
  }

  #tell(notice: TickNotice): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener.onTick(notice);
      } catch (error) {
        this.#parts.log.error({ event: 'publisher.listener_failed', err: toBridgeError(error) });
      }
    }
  }
}
