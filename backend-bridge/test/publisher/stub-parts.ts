import type { MetricsBatch, SourceFreshness, Topology } from '@topdeck/protocol';
import { sleep } from '../../src/clock.ts';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { RestoreOutcome } from '../../src/engine/saved-state.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { layOut } from '../../src/layout/continued-layout.ts';
import type { Feed } from '../../src/publisher/feed.ts';
import { Publisher, type PublisherConfig, type PublisherParts } from '../../src/publisher/publisher.ts';
import type {
  BackfillRequest,
  CollectRequest,
  MetricRange,
  MetricsSource,
  RangeRequest,
} from '../../src/sources/metrics-source.ts';
import type { TopologyReading, TopologySource } from '../../src/sources/topology-source.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { diagnosisOf, graph, REPORT, SPECS, type DiagnosisParts } from './diagnoses.ts';

/** A topology source that a test sets. */
export class StubTopology implements TopologySource {
  readonly kind = 'file';
  topology: Topology | undefined;
  refreshes = 0;
  calls: string[] = [];
  onRefresh: () => void = () => undefined;

  constructor(topology: Topology | undefined) {
    this.topology = topology;
  }
  async start(): Promise<void> {
    this.calls.push('start');
  }
  read(): TopologyReading {
    const state: SourceFreshness['state'] = this.topology === undefined ? 'unavailable' : 'fresh';
    return { topology: this.topology, freshness: { source: this.kind, state } };
  }
  async refresh(): Promise<TopologyReading> {
    this.refreshes += 1;
    this.onRefresh();
    return this.read();
  }
  onChange(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {
    this.calls.push('close');
  }
}

export function batchOf(topology: Topology, atMs: number): MetricsBatch {
  const columns = SPECS.map((spec) => {
    const length = spec.scope === 'service' ? topology.resources.length : topology.dependencies.length;
    return { spec, report: REPORT, values: new Float64Array(length).fill(1) };
  });
  return { atMs, topologyVersion: topology.version, columns };
}

/** A metrics source that takes as long as a test says. */
export class StubMetrics implements MetricsSource {
  readonly kind = 'stub';
  readonly metrics = SPECS;
  collectMs = 0;
  backfillMs = 0;
  fault: Error | undefined;
  readonly collects: CollectRequest[] = [];
  readonly backfills: BackfillRequest[] = [];
  readonly ranges: RangeRequest[] = [];
  /** What entity e has at time t, whatever the metric. */
  rangeValue: (entity: number, atMs: number) => number = (entity) => entity;
  closed = 0;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }
  async collect(request: CollectRequest): Promise<MetricsBatch> {
    this.collects.push(request);
    if (this.collectMs > 0) await sleep(this.#clock, this.collectMs, request.signal);
    if (this.fault !== undefined) throw this.fault;
    return batchOf(request.topology, request.atMs);
  }
  async backfill(request: BackfillRequest): Promise<readonly MetricsBatch[]> {
    this.backfills.push(request);
    if (this.backfillMs > 0) await sleep(this.#clock, this.backfillMs, request.signal);
    const batches: MetricsBatch[] = [];
    for (let atMs = request.fromMs; atMs <= request.toMs; atMs += request.stepMs)
      batches.push(batchOf(request.topology, atMs));
    return batches;
  }
  async range(request: RangeRequest): Promise<MetricRange> {
    this.ranges.push(request);
    if (this.fault !== undefined) throw this.fault;
    const { topology, metric, fromMs, toMs, stepMs } = request;
    const all = metric.scope === 'service' ? topology.resources : topology.dependencies;
    const entities = request.entities ?? [...all.keys()];
    const times: number[] = [];
    for (let atMs = Math.ceil(fromMs / stepMs) * stepMs; atMs <= toMs; atMs += stepMs) times.push(atMs);
    const columns = times.map((atMs) => Float64Array.from(entities, (entity) => this.rangeValue(entity, atMs)));
    return { stepMs, times, entities, columns };
  }
  freshness(): SourceFreshness {
    return { source: this.kind, state: 'fresh' };
  }
  async close(): Promise<void> {
    this.closed += 1;
  }
}

/** What the next ticks find; the last stays, without its events. */
export type Finding = Omit<DiagnosisParts, 'topology' | 'atMs'>;

/** An engine that finds what a test says, and notes what it was given. */
export class StubEngine implements Engine {
  readonly learnt: number[] = [];
  readonly diagnosed: number[] = [];
  readonly topologies: string[] = [];
  readonly #findings: Finding[];
  #topology = graph('a');

  constructor(findings: Finding[]) {
    this.#findings = findings;
  }
  setTopology(topology: Topology): void {
    if (topology === this.#topology) return;
    this.#topology = topology;
    this.topologies.push(topology.version);
  }
  learn({ atMs, topologyVersion }: MetricsBatch): void {
    if (topologyVersion !== this.#topology.version) throw new RangeError('another topology');
    const newest = Math.max(...this.learnt, ...this.diagnosed);
    if (atMs > newest) this.learnt.push(atMs);
  }
  diagnose({ atMs, topologyVersion }: MetricsBatch): Diagnosis {
    if (topologyVersion !== this.#topology.version) throw new RangeError('another topology');
    this.diagnosed.push(atMs);
    const [finding] = this.#findings;
    if (this.#findings.length > 1) this.#findings.shift();
    else this.#findings[0] = { ...finding, events: [] };
    const events = finding.events?.map((event) => ({ ...event, atMs }));
    return diagnosisOf({ ...finding, events, topology: this.#topology, atMs });
  }
  /** The time of its newest batch, in decimal digits. */
  save(): Uint8Array {
    return Buffer.from(String(Math.max(0, ...this.learnt, ...this.diagnosed)));
  }
  restore(saved: Uint8Array): RestoreOutcome {
    const atMs = Number(Buffer.from(saved).toString());
    if (Number.isNaN(atMs)) return { kind: 'ignored', reason: 'no number' };
    this.learnt.push(atMs);
    return { kind: 'restored', atMs, services: 1 };
  }
}

export interface Bench {
  readonly publisher: Publisher;
  readonly feed: Feed;
  readonly clock: FakeClock;
  readonly topology: StubTopology;
  readonly source: StubMetrics;
  /** In the order in which they were made. */
  readonly engines: StubEngine[];
  readonly metrics: PublisherParts['metrics'];
  readonly logged: () => Record<string, unknown>[];
}

export interface BenchOptions {
  readonly topology?: Topology | undefined;
  readonly findings?: Finding[];
  readonly config?: Partial<PublisherConfig>;
  readonly history?: PublisherParts['history'];
}

export const CONFIG: PublisherConfig = {
  collectIntervalS: 5,
  listenerGraceS: 60,
  backfillS: 0,
  resumeWindowS: 120,
  deltaResolution: 4,
  historyRetentionDays: 30,
  ratioWindowMs: 60_000,
};

/** A publisher over stubs, driven by a fake clock. */
export function bench(options: BenchOptions = {}): Bench {
  const clock = new FakeClock();
  const topology = new StubTopology('topology' in options ? options.topology : graph('a>b', 'b>c'));
  const source = new StubMetrics(clock);
  const engines: StubEngine[] = [];
  const metrics = createPipelineMetrics();
  const { log, events } = captureLog();
  const findings = options.findings ?? [{}];
  const publisher = new Publisher({
    topologySource: topology,
    metricsSource: source,
    createEngine: () => {
      engines.push(new StubEngine(findings));
      return engines.at(-1)!;
    },
    history: options.history ?? createMemoryHistory(),
    layOut: async (graph, previous) => layOut(graph, previous),
    clock,
    log,
    metrics,
    config: { ...CONFIG, ...options.config },
  });
  return { publisher, feed: publisher, clock, topology, source, engines, metrics, logged: events };
}
