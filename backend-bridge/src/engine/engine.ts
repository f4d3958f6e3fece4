import {
  COLLECTIONS,
  WELL_KNOWN_METRICS,
  type DiagnosticsEvent,
  type MetricColumn,
  type MetricsBatch,
  type MetricSpec,
  type Topology,
} from '@topdeck/protocol';
import { AnomalyBook, type JudgedColumn } from './anomalies.ts';
import { Baseline, baselineTimes, type BaselineCount, type BaselineState } from './baseline.ts';
import { CauseSearch } from './causes.ts';
import type { ColumnView, Detector } from './detectors/detector.ts';
import { createDetectors, DETECTOR_NAMES } from './detectors/table.ts';
import type { DiagnosedColumn, Diagnosis } from './diagnosis.ts';
import { EngineTime } from './engine-time.ts';
import { allocateState, remapEngineState, remapTopology, type EngineState } from './engine-state.ts';
import { closeGate, forgetPending, stepGates, type GateState, type Verdicts } from './gate.ts';
import { buildGraph, type Graph } from './graph.ts';
import { scoreHealth, type HealthInput } from './health-score.ts';
import { moveHealth, overallHealth } from './health-status.ts';
import { allocate } from './series-state.ts';
import { describeSymptoms } from './symptoms.ts';
import { byTarget, floorKeyOf, thresholdTable, type ThresholdOptions, type ThresholdTable } from './thresholds.ts';
import { judgeTraffic, pushRates, strongestTrafficAnomalies } from './traffic.ts';
import { TREND_LAYOUT } from './trend.ts';

export interface EngineOptions {
  /** Columns that every batch has, in this order. */
  readonly metrics: readonly MetricSpec[];
  /** Collection cadence, milliseconds. */
  readonly stepMs: number;
  readonly thresholds?: ThresholdOptions;
  /** Names from the detector table. */
  readonly detectors?: readonly string[];
  /** Span over which the source counts requests and errors: how many requests a ratio stands for. */
  readonly ratioWindowMs?: number;
}

/**
 * Pure: time comes with the batches. Throws only on programming errors: a RangeError for a batch of another topology or
 * of other metrics than the engine was made for, and for a detector that does not exist.
 */
export interface Engine {
  /** Keeps the state of services and edges that live on, matched by id. */
  setTopology(topology: Topology): void;
  /** Takes a batch of the past, later than the last one: detectors learn and judge, but nothing is reported. Older ones are skipped. */
  learn(batch: MetricsBatch): void;
  /** A batch not later than the last one is reported but not learnt; afterwards time goes on from it. */
  diagnose(batch: MetricsBatch): Diagnosis;
}

/** After a longer pause, what was counted in ticks (k of n, trend windows) no longer belongs together. */
const PAUSE_STEPS = 10;
/** An anomaly without data for so long is resolved; until then unknown is not recovery. */
const ABSENCE_STEPS = 30;
const MIN_ABSENCE_MS = 600_000;

const DEFAULT_RATIO_WINDOW_MS = 60_000;

/** What belongs to one topology. */
interface Present {
  readonly graph: Graph;
  readonly thresholds: ThresholdTable;
  /** Per metric: its floor per series, where it has one. */
  readonly floors: readonly (Float64Array | undefined)[];
  /** Reused for every column of every tick; as long as the longest. */
  readonly scratch: { readonly z: Float64Array; readonly effect: Float64Array; readonly verdicts: Verdicts };
  state: EngineState;
}

interface JudgedValues extends BaselineCount {
  readonly expected: Float64Array;
  readonly scale: Float64Array;
  /** Undefined for a tick that is not judged. */
  readonly verdict: JudgedColumn | undefined;
}
/** A tick after all columns are judged. */
interface Judged {
  readonly atMs: number;
  readonly find: Find;
  readonly columns: readonly DiagnosedColumn[];
  readonly events: DiagnosticsEvent[];
}
type Conclusion = Omit<Diagnosis, 'atMs' | 'topology' | 'columns'>;
type Find = (scope: MetricSpec['scope'], name: string) => Float64Array | undefined;

const columnFinder =
  (batch: MetricsBatch): Find =>
  (scope, name) =>
    batch.columns.find(({ spec }) => spec.scope === scope && spec.name === name)?.values;

function floorsOf(spec: MetricSpec, thresholds: ThresholdTable, topology: Topology): Float64Array | undefined {
  const key = floorKeyOf(spec);
  if (key === undefined) return undefined;
  return spec.scope === 'service' ? thresholds[key] : byTarget(thresholds[key], topology.edgeTarget);
}

class ColumnEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #detectors: readonly Detector[];
  readonly #baseline: Baseline;
  readonly #book: AnomalyBook;
  readonly #time: EngineTime;
  #present: Present | undefined;
  #warmingUp = true;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#detectors = createDetectors(options.detectors ?? DETECTOR_NAMES);
    this.#baseline = new Baseline(baselineTimes(options.stepMs));
    this.#time = new EngineTime(PAUSE_STEPS * options.stepMs);
    this.#book = new AnomalyBook(options.metrics.length, this.#detectors);
    if (!this.#detectors.some((detector) => detector.needsWarmUp)) this.#warmingUp = false;
  }

  setTopology(topology: Topology): void {
    const before = this.#present;
    if (before?.graph.topology.version === topology.version) return;
    const { metrics } = this.#options;
    const shape = { metrics, detectors: this.#detectors };
    const [services, edges] = [topology.resources.length, topology.dependencies.length];
    let state = allocateState(shape, services, edges);
    if (before !== undefined) {
      const remaps = remapTopology(before.graph.topology, topology);
      state = remapEngineState(shape, before.state, remaps);
      this.#book.remap(before.graph.topology, remaps);
    }
    const thresholds = thresholdTable(topology.resources, this.#options.thresholds ?? {});
    const widest = Math.max(services, edges);
    this.#present = {
      graph: buildGraph(topology),
      thresholds,
      floors: metrics.map((spec) => floorsOf(spec, thresholds, topology)),
      scratch: {
        z: new Float64Array(widest),
        effect: new Float64Array(widest),
        verdicts: { judgement: new Uint8Array(widest), score: new Float64Array(widest) },
      },
      state,
    };
  }

  learn(batch: MetricsBatch): void {
    const present = this.#accept(batch);
    if (!this.#time.isLater(batch.atMs) || !this.#advance(present, batch.atMs)) return;
    const find = columnFinder(batch);
    pushRates(present.state.trend, find('edge', WELL_KNOWN_METRICS.requestRate));
    for (const [position, column] of batch.columns.entries()) this.#judge(present, { column, position, find });
  }

  diagnose(batch: MetricsBatch): Diagnosis {
    const present = this.#accept(batch);
    const { atMs } = batch;
    const { topology } = present.graph;
    const events = this.#book.takeDeparted(atMs);
    const find = columnFinder(batch);
    const advanced = this.#advance(present, atMs);
    if (advanced) pushRates(present.state.trend, find('edge', WELL_KNOWN_METRICS.requestRate));
    const columns: DiagnosedColumn[] = [];
    const count = { known: 0, warm: 0 };
    for (const [position, column] of batch.columns.entries()) {
      const judged = advanced
        ? this.#judge(present, { column, position, find })
        : this.#look(present, { column, position });
      if (judged.verdict !== undefined) this.#book.update(judged.verdict, { topology, atMs }, events);
      count.known += judged.known;
      count.warm += judged.warm;
      columns.push({ ...column, expected: judged.expected, scale: judged.scale });
    }
    if (advanced && count.known > 0 && this.#detectors.some((detector) => detector.needsWarmUp)) {
      this.#warmingUp = count.warm < count.known / 2;
    }
    return { atMs, topology, columns, ...this.#conclude(present, { atMs, find, columns, events }) };
  }

  #accept(batch: MetricsBatch): Present {
    const { metrics } = this.#options;
    const present = this.#present;
    if (present === undefined) throw new RangeError('a batch before the first topology');
    const { topology } = present.graph;
    if (batch.topologyVersion !== topology.version) {
      throw new RangeError(`a batch of topology ${batch.topologyVersion}, but the engine has ${topology.version}`);
    }
    const fits =
      batch.columns.length === metrics.length &&
      batch.columns.every(({ spec, values }, position) => {
        const expected = metrics[position];
        const length = expected.scope === 'service' ? topology.resources.length : topology.dependencies.length;
        return spec.name === expected.name && spec.scope === expected.scope && values.length === length;
      });
    if (!fits) throw new RangeError('a batch whose columns are not those of the engine’s metrics');
    return present;
  }

  /** Moves the engine's time to a batch; false for one that is not to be judged and learnt. */
  #advance(present: Present, atMs: number): boolean {
    const passage = this.#time.moveTo(atMs);
    if (passage === 'paused') {
      for (const gates of present.state.gates.flat()) if (gates !== undefined) forgetPending(gates);
      present.state = { ...present.state, trend: allocate(TREND_LAYOUT, present.graph.topology.dependencies.length) };
    }
    return passage !== 'stale';
  }

  #judge(present: Present, at: { column: MetricColumn; position: number; find: Find }): JudgedValues {
    const { column, position, find } = at;
    const { spec, values } = column;
    const state = present.state.baselines[position];
    const { z, effect, verdicts } = present.scratch;
    const residuals = { z, effect, expected: new Float64Array(values.length), scale: new Float64Array(values.length) };
    const requests = this.#requests(find, spec);
    const count = this.#baseline.step(state, { spec, values, requests, nowMs: this.#time.nowMs }, residuals);
    const view: ColumnView = { ...residuals, spec, values, requests, floors: present.floors[position] };
    const gates = present.state.gates[position];
    this.#closeAbsent(state, gates, position);
    const open = this.#detectors.map((detector, d) => {
      const own = gates[d];
      if (own === undefined) return [];
      detector.judge(view, verdicts);
      return stepGates(own, verdicts, { hysteresis: detector.hysteresis, recentMs: this.#time.recentMs });
    });
    return { ...count, ...residuals, verdict: { position, view, gates, open } };
  }

  /** A column of a tick that is not learnt: what was expected before it still stands. */
  #look(present: Present, at: { column: MetricColumn; position: number }): JudgedValues {
    const { spec, values } = at.column;
    const expected = new Float64Array(values.length);
    const scale = new Float64Array(values.length);
    this.#baseline.look(present.state.baselines[at.position], spec, { expected, scale });
    return { known: 0, warm: 0, expected, scale, verdict: undefined };
  }

  #requests(find: Find, spec: MetricSpec): Float64Array | undefined {
    const windowS = (this.#options.ratioWindowMs ?? DEFAULT_RATIO_WINDOW_MS) / 1000;
    return find(spec.scope, WELL_KNOWN_METRICS.requestRate)?.map((rate) => rate * windowS);
  }

  #closeAbsent(state: BaselineState, gates: readonly (GateState | undefined)[], position: number): void {
    const absenceMs = Math.max(MIN_ABSENCE_MS, ABSENCE_STEPS * this.#options.stepMs);
    for (const index of this.#book.ofColumn(position).keys()) {
      if (this.#time.nowMs - state.seenMs[index] <= absenceMs) continue;
      for (const own of gates) if (own !== undefined) closeGate(own, index);
    }
  }

  /** Everything that is judged over all columns together: traffic, causes, health. */
  #conclude(present: Present, at: Judged): Conclusion {
    const { graph, thresholds, state } = present;
    const { topology } = graph;
    const { atMs, find, events } = at;
    const open = this.#book.all();
    const edgeRate = find('edge', WELL_KNOWN_METRICS.requestRate);
    const edges = judgeTraffic(
      {
        topology,
        atMs,
        stepS: this.#options.stepMs / 1000,
        thresholds,
        rate: edgeRate,
        errorRate: find('edge', WELL_KNOWN_METRICS.errorRate),
        latencyS: find('edge', WELL_KNOWN_METRICS.latencyP95),
        anomalies: strongestTrafficAnomalies(open),
      },
      state,
      events,
    );
    const columns = at.columns.flatMap(({ spec, values, expected }, position) =>
      spec.scope === 'service' ? [{ spec, values, expected, anomalies: this.#book.ofColumn(position) }] : [],
    );
    const serviceSpec = columns[0]?.spec;
    const requests = serviceSpec === undefined ? undefined : this.#requests(find, serviceSpec);
    const input: HealthInput = { graph, columns, thresholds, requests, edgeRate };
    const scores = scoreHealth(input);
    moveHealth(scores, state.health, { topology, thresholds, atMs, events });
    new CauseSearch(open, graph, (service) => scores.known[service] === 1).nameAll();
    events.unshift(...this.#book.takeOpened(topology, atMs));
    const status = state.health.status.slice();
    return {
      overall: overallHealth(status),
      services: { status, score: state.health.score.slice(), anomalies: describeSymptoms(input, scores) },
      edges,
      anomalies: open.map((anomaly) => this.#book.toAlert(anomaly, topology)).sort(COLLECTIONS.anomalies.compare),
      events,
      warmingUp: this.#warmingUp,
    };
  }
}

export const createEngine = (options: EngineOptions): Engine => new ColumnEngine(options);
