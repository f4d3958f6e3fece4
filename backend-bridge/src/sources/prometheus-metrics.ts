import type {
  MetricColumn,
  MetricReport,
  MetricSpec,
  MetricsBatch,
  SourceFreshness,
  Topology,
} from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { BridgeError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import { ColumnBuilder } from './metrics-column.ts';
import { TopologyMapping } from './metrics-mapping.ts';
import { OutcomeRecorder } from './metrics-outcomes.ts';
import { MetricsState } from './metrics-state.ts';
import type { BackfillRequest, CollectRequest, MetricRange, MetricsSource, RangeRequest } from './metrics-source.ts';
import { renderQuery, type MetricsPreset, type PresetMetric } from './presets.ts';
import { buildBatches, planBackfill, type BackfillPlan, type ColumnSeries } from './prometheus-backfill.ts';
import { PrometheusClient, type PrometheusClientOptions } from './prometheus-client.ts';
import { ColumnSink, QueryRunner, startDeadline, type Deadline, type Query } from './prometheus-query.ts';
import { RangeReader } from './prometheus-range.ts';

export interface PrometheusMetricsOptions extends Pick<
  PrometheusClientOptions,
  'url' | 'username' | 'password' | 'token' | 'headers' | 'caFile'
> {
  readonly preset: MetricsPreset;
  /** PromQL duration that stands for $window. */
  readonly rateWindow: string;
  /** Longest a collection, and so each of its queries, may take. */
  readonly timeoutMs: number;
  /** Longest a backfill may take in all. */
  readonly backfillTimeoutMs?: number;
  readonly maxAnswerBytes?: number;
}

export interface PrometheusMetricsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PipelineMetrics;
}

/** Queries of a collection under way at once; a Prometheus runs 20 by default, and others want some too. */
const CONNECTIONS = 6;
const DEFAULT_BACKFILL_TIMEOUT_MS = 30_000;
/** 50,000 edges are about 7 MB. */
const DEFAULT_MAX_ANSWER_BYTES = 256 * 1024 * 1024;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
const errorReport = ({ code, message }: BridgeError): MetricReport => ({ outcome: 'error', code, message });

/** What a metric's query found: a column for each step asked for. */
interface Reading {
  readonly column: ColumnSeries;
  readonly error: BridgeError | undefined;
}

/**
 * Metrics from a Prometheus-compatible HTTP API (Prometheus, Mimir, Thanos, VictoriaMetrics): one query a metric of the
 * preset, all evaluated at the time of the collection.
 *
 * The source is fresh when the newest collection got an answer to any query, even an empty one; that a metric is missing
 * is told metric by metric. Faults of queries are PROMETHEUS_AUTH_FAILED, _UNREACHABLE, _TIMEOUT, _QUERY_FAILED,
 * _BAD_ANSWER and _ANSWER_TOO_LARGE. The constructor throws CONFIG_INVALID.
 */
export class PrometheusMetrics implements MetricsSource {
  readonly kind = 'prometheus';
  readonly metrics: readonly MetricSpec[];
  readonly #options: PrometheusMetricsOptions;
  readonly #deps: PrometheusMetricsDeps;
  readonly #client: PrometheusClient;
  readonly #runner: QueryRunner;
  readonly #ranges: RangeReader;
  readonly #outcomes: OutcomeRecorder;
  #mapping: TopologyMapping | undefined;
  readonly #state: MetricsState;

  constructor(options: PrometheusMetricsOptions, deps: PrometheusMetricsDeps) {
    this.metrics = options.preset.metrics.map((metric) => metric.spec);
    this.#options = options;
    this.#deps = deps;
    this.#client = new PrometheusClient({
      ...options,
      connectTimeoutMs: options.timeoutMs,
      connections: CONNECTIONS,
      maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES,
    });
    this.#runner = new QueryRunner({ client: this.#client, clock: deps.clock, metrics: deps.metrics });
    this.#ranges = new RangeReader({ ...deps, runner: this.#runner, timeoutMs: options.timeoutMs });
    this.#outcomes = new OutcomeRecorder(deps.log, deps.metrics);
    this.#state = new MetricsState(this.kind, deps);
  }

  /**
   * One trivial query before the first collection: `ok`, or `unreachable` when there was no valid answer, of which
   * `freshness` then tells the reason. Rejects with PROMETHEUS_AUTH_FAILED when the credentials are refused.
   */
  async checkAtStart(): Promise<'ok' | 'unreachable'> {
    const deadline = startDeadline(this.#deps.clock, this.#options.timeoutMs);
    const sink = { labels: [], series: () => undefined, sample: () => undefined, reset: () => undefined };
    const outcome = await this.#runner.run({ kind: 'instant', form: { query: 'vector(1)' }, sink }, deadline);
    deadline.cancel();
    if (outcome.ok) return 'ok';
    if (outcome.error.code === 'PROMETHEUS_AUTH_FAILED') throw outcome.error;
    this.#state.failed(outcome.error);
    return 'unreachable';
  }

  async collect({ topology, atMs, signal }: CollectRequest): Promise<MetricsBatch> {
    signal.throwIfAborted();
    const { timeoutMs, preset } = this.#options;
    const form = { time: seconds(atMs), timeout: seconds(timeoutMs) };
    const startMs = this.#deps.clock.monotonicMs();
    const deadline = startDeadline(this.#deps.clock, timeoutMs, signal);
    const readings = await Promise.all(
      preset.metrics.map((metric) => {
        const query = { kind: 'instant', form: { ...form, query: this.#promql(metric) } } as const;
        return this.#read(metric, { topology, query, steps: 1, stepOf: () => 0 }, deadline);
      }),
    );
    deadline.cancel();
    signal.throwIfAborted();
    const batch: MetricsBatch = {
      atMs,
      topologyVersion: topology.version,
      columns: readings.map(({ column }) => column(0)),
    };
    this.#settle(readings, { atMs, tookMs: this.#deps.clock.monotonicMs() - startMs });
    this.#outcomes.record(batch);
    return batch;
  }

  async backfill({ topology, fromMs, toMs, stepMs, signal }: BackfillRequest): Promise<readonly MetricsBatch[]> {
    const { preset, backfillTimeoutMs = DEFAULT_BACKFILL_TIMEOUT_MS } = this.#options;
    const sizes = { service: topology.resources.length, edge: topology.dependencies.length };
    const valuesPerStep = this.metrics.reduce((sum, { scope }) => sum + sizes[scope], 0);
    const plan = planBackfill({ fromMs, toMs, stepMs, valuesPerStep });
    if (plan === undefined || signal.aborted) return [];
    const { startMs, steps } = plan;
    const stepOf = (atMs: number): number => Math.round((atMs - startMs) / plan.stepMs);
    const deadline = startDeadline(this.#deps.clock, backfillTimeoutMs, signal);
    const readings = await Promise.all(
      preset.metrics.map((metric) => {
        const query = { kind: 'range', form: { ...this.#rangeForm(plan), query: this.#promql(metric) } } as const;
        return this.#read(metric, { topology, query, steps, stepOf }, deadline);
      }),
    );
    deadline.cancel();
    if (signal.aborted) return [];
    const batches = buildBatches(
      plan,
      topology,
      readings.map(({ column }) => column),
    );
    const failed = readings.flatMap(({ error }) => error ?? []);
    this.#deps.log.info({
      event: 'metrics.backfilled',
      batches: batches.length,
      stepS: plan.stepMs / 1000,
      failedQueries: failed.length,
      ...(failed.length > 0 && { error: failed[0].message }),
    });
    return batches;
  }

  async range(request: RangeRequest): Promise<MetricRange> {
    const { name, scope } = request.metric;
    const metric = this.#options.preset.metrics.find(({ spec }) => spec.name === name && spec.scope === scope);
    if (metric === undefined) throw new RangeError(`no metric ${scope}.${name}`);
    const resolver = this.#mappingOf(request.topology).resolver(metric);
    return this.#ranges.read({ metric, promql: this.#promql(metric), resolver }, request);
  }

  freshness(): SourceFreshness {
    return this.#state.read();
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #promql(metric: PresetMetric): string {
    return renderQuery(metric, this.#options.rateWindow);
  }

  #rangeForm({ startMs, stepMs, steps }: BackfillPlan): Record<string, string> {
    const { backfillTimeoutMs = DEFAULT_BACKFILL_TIMEOUT_MS } = this.#options;
    return {
      start: seconds(startMs),
      end: seconds(startMs + (steps - 1) * stepMs),
      step: seconds(stepMs),
      timeout: seconds(backfillTimeoutMs),
    };
  }

  async #read(metric: PresetMetric, request: ReadRequest, deadline: Deadline): Promise<Reading> {
    const { topology, query, steps, stepOf } = request;
    const { spec } = metric;
    const resolver = this.#mappingOf(topology).resolver(metric);
    const columns = new ColumnBuilder(resolver.size, steps, metric.combine);
    const outcome = await this.#runner.run({ ...query, sink: new ColumnSink(resolver, columns, stepOf) }, deadline);
    if (outcome.ok) {
      const column = (step: number): MetricColumn => ({
        spec,
        values: columns.values(step),
        report: columns.report(step, outcome.notes),
      });
      return { column, error: undefined };
    }
    // A part may have been read before the fault; what is incomplete is unknown.
    columns.reset();
    const report = errorReport(outcome.error);
    return { column: (step) => ({ spec, values: columns.values(step), report }), error: outcome.error };
  }

  /** Tables of label values serve as long as the topology stays the same object. */
  #mappingOf(topology: Topology): TopologyMapping {
    if (this.#mapping?.topology !== topology) this.#mapping = new TopologyMapping(topology);
    return this.#mapping;
  }

  #settle(readings: readonly Reading[], { atMs, tookMs }: { atMs: number; tookMs: number }): void {
    const errors = readings.flatMap(({ error }) => error ?? []);
    if (errors.length < readings.length) this.#state.succeeded(atMs, tookMs);
    else this.#state.failed(errors.find(({ code }) => code === 'PROMETHEUS_AUTH_FAILED') ?? errors[0]);
  }
}

interface ReadRequest {
  readonly topology: Topology;
  readonly query: Omit<Query, 'sink'>;
  readonly steps: number;
  readonly stepOf: (atMs: number) => number;
}
