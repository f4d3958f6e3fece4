import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  WELL_KNOWN_METRICS,
  type MetricColumn,
  type MetricReport,
  type MetricSpec,
  type MetricsBatch,
  type SourceFreshness,
  type Topology,
} from '@topdeck/protocol';
import { DEMO_PERIOD_MS, planDemo, type DemoSchedule } from '../simulator/demo-schedule.ts';
import type { Fault } from '../simulator/faults.ts';
import { simulateStep, type SimulatedStep } from '../simulator/simulate-step.ts';
import { buildTrafficModel, type TrafficModel } from '../simulator/traffic-model.ts';
import { emptyRange, entitiesOf, entityCount, planRange } from './metric-range.ts';
import type { BackfillRequest, CollectRequest, MetricRange, MetricsSource, RangeRequest } from './metrics-source.ts';

interface SimulatedMetric {
  readonly spec: MetricSpec;
  readonly values: (step: SimulatedStep) => Float64Array;
}

const { requestRate, errorRate, latencyP95, cpuUsage, memoryUsage } = WELL_KNOWN_METRICS;

function metric(
  scope: MetricSpec['scope'],
  [name, unit, bad_direction]: readonly [string, string, MetricSpec['bad_direction']],
  values: SimulatedMetric['values'],
): SimulatedMetric {
  return { spec: { name, scope, unit, bad_direction }, values };
}

/** The metrics of the preset topdeck, in its order. More requests than usual are no fault of a service, fewer are. */
const METRICS: readonly SimulatedMetric[] = [
  metric('service', [requestRate, '1/s', 'down'], (step) => step.services.requestRate),
  metric('service', [errorRate, 'ratio', 'up'], (step) => step.services.errorRate),
  metric('service', [latencyP95, 's', 'up'], (step) => step.services.latencyP95S),
  metric('service', [cpuUsage, 'cores', 'up'], (step) => step.cpuCores),
  metric('service', [memoryUsage, 'bytes', 'up'], (step) => step.memoryBytes),
  metric('edge', [requestRate, '1/s', 'down'], (step) => step.edges.requestRate),
  metric('edge', [errorRate, 'ratio', 'up'], (step) => step.edges.errorRate),
  metric('edge', [latencyP95, 's', 'up'], (step) => step.edges.latencyP95S),
];

export const SIMULATED_METRICS: readonly MetricSpec[] = METRICS.map(({ spec }) => spec);

/** 128 MB. */
const MAX_BACKFILL_VALUES = 16_000_000;
/** Two seconds of work: a step is computed for all entities and metrics, whatever is asked for. */
const MAX_RANGE_VALUES = 20_000_000;
/** Other work of the thread may run each time so many numbers are made, about 20 ms. */
const VALUES_PER_TURN = 200_000;

export interface SimulatedMetricsOptions {
  readonly seed: number;
  /** Whether the demo's faults come and go. */
  readonly demo: boolean;
  /** A backfill gives so many numbers at most: of a longer one, the newest part. */
  readonly maxBackfillValues?: number;
}

interface Prepared {
  readonly model: TrafficModel;
  readonly demo: DemoSchedule;
}

/**
 * Metrics of a simulated system with the topology asked for: no other process, no randomness beyond the seed.
 *
 * The demo begins with the first collection and plays while somebody collects; whoever comes back after a pause sees
 * it from its beginning. Before and after, and so in the backfilled past, the system is quiet.
 */
export class SimulatedMetrics implements MetricsSource {
  readonly kind = 'simulator';
  readonly metrics = SIMULATED_METRICS;
  readonly #options: SimulatedMetricsOptions;
  /** Model and schedule of the newest topology: building them costs more than a step. */
  #prepared: Prepared | undefined;
  #demoStartMs: number | undefined;
  #lastCollectMs: number | undefined;

  constructor(options: SimulatedMetricsOptions) {
    this.#options = options;
  }

  async collect({ topology, atMs, signal }: CollectRequest): Promise<MetricsBatch> {
    signal.throwIfAborted();
    if (this.#demoStartMs === undefined || !this.#demoPlays(atMs)) this.#demoStartMs = atMs;
    this.#lastCollectMs = atMs;
    const { model } = this.#prepare(topology);
    return toBatch(topology, simulateStep(model, this.#faultsAt(topology, atMs), atMs));
  }

  async backfill({ topology, fromMs, toMs, stepMs, signal }: BackfillRequest): Promise<readonly MetricsBatch[]> {
    const { model } = this.#prepare(topology);
    const valuesPerBatch = valuesPerStep(topology);
    const most = Math.floor((this.#options.maxBackfillValues ?? MAX_BACKFILL_VALUES) / valuesPerBatch);
    const batches: MetricsBatch[] = [];
    let valuesOfTurn = 0;
    for (let step = Math.min(Math.floor((toMs - fromMs) / stepMs), most); step >= 0 && !signal.aborted; step -= 1) {
      const atMs = toMs - step * stepMs;
      batches.push(toBatch(topology, simulateStep(model, this.#faultsAt(topology, atMs), atMs)));
      valuesOfTurn += valuesPerBatch;
      if (valuesOfTurn > VALUES_PER_TURN) {
        await nextTurn();
        valuesOfTurn = 0;
      }
    }
    return batches;
  }

  async range(request: RangeRequest): Promise<MetricRange> {
    const { topology, metric: asked, signal } = request;
    const found = METRICS.find(({ spec }) => spec.name === asked.name && spec.scope === asked.scope);
    if (found === undefined) throw new RangeError(`no metric ${asked.scope}.${asked.name}`);
    const entities = entitiesOf(request);
    const readPerTime = valuesPerStep(topology);
    const plan = planRange({ ...request, wanted: entities.length, readPerTime, maxRead: MAX_RANGE_VALUES });
    if (entities.length === 0) return emptyRange(plan, entities);
    const { model } = this.#prepare(topology);
    const columns: Float64Array[] = [];
    let valuesOfTurn = 0;
    for (const atMs of plan.times) {
      signal.throwIfAborted();
      const values = found.values(simulateStep(model, this.#faultsAt(topology, atMs), atMs));
      columns.push(request.entities === undefined ? values : Float64Array.from(entities, (entity) => values[entity]));
      valuesOfTurn += readPerTime;
      if (valuesOfTurn <= VALUES_PER_TURN) continue;
      await nextTurn();
      valuesOfTurn = 0;
    }
    signal.throwIfAborted();
    return { ...plan, entities, columns };
  }

  freshness(): SourceFreshness {
    if (this.#lastCollectMs === undefined) return { source: this.kind, state: 'unavailable' };
    return { source: this.kind, state: 'fresh', last_success: new Date(this.#lastCollectMs).toISOString() };
  }

  async close(): Promise<void> {
    this.#prepared = undefined;
  }

  #demoPlays(atMs: number): boolean {
    return this.#lastCollectMs !== undefined && Math.abs(atMs - this.#lastCollectMs) <= DEMO_PERIOD_MS;
  }

  #faultsAt(topology: Topology, atMs: number): readonly Fault[] {
    const startMs = this.#demoStartMs;
    if (!this.#options.demo || startMs === undefined || atMs < startMs) return [];
    if (atMs > (this.#lastCollectMs as number) + DEMO_PERIOD_MS) return [];
    return this.#prepare(topology).demo.faultsDuring(startMs, { fromMs: atMs, toMs: atMs });
  }

  #prepare(topology: Topology): Prepared {
    if (this.#prepared?.model.topology !== topology) {
      const model = buildTrafficModel(topology, this.#options.seed);
      this.#prepared = { model, demo: planDemo(model) };
    }
    return this.#prepared;
  }
}

const valuesPerStep = (topology: Topology): number =>
  METRICS.reduce((sum, { spec }) => sum + entityCount(topology, spec), 1);

/** What a simulated step reads as: one column for each of {@link SIMULATED_METRICS}. */
export function toBatch(topology: Topology, step: SimulatedStep): MetricsBatch {
  return {
    atMs: step.atMs,
    topologyVersion: topology.version,
    columns: METRICS.map(({ spec, values }) => toColumn(spec, values(step))),
  };
}

function toColumn(spec: MetricSpec, values: Float64Array): MetricColumn {
  let known = 0;
  for (const value of values) if (!Number.isNaN(value)) known += 1;
  const report: MetricReport =
    known === 0
      ? { outcome: 'missing', seriesUnmatched: 0, warnings: [] }
      : { outcome: 'ok', seriesMatched: known, seriesUnmatched: 0, warnings: [] };
  return { spec, values, report };
}
