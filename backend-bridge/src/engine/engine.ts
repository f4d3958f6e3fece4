import {
  COLLECTIONS,
  type DiagnosticsEvent,
  type MetricColumn,
  type MetricsBatch,
  type MetricSpec,
  type Topology,
} from '@topdeck/protocol';
import { AnomalyBook, type JudgedColumn } from './anomalies.ts';
import type { BaselineCount, BaselineState } from './baseline.ts';
import { CauseSearch } from './causes.ts';
import type { ColumnView, Detector } from './detectors/detector.ts';
import { createDetectors, DETECTOR_NAMES } from './detectors/table.ts';
import type { DiagnosedColumn, Diagnosis } from './diagnosis.ts';
import { EngineTime } from './engine-time.ts';
import { Expectations, type LearntColumn } from './expectations.ts';
import { allocateState, remapEngineState, remapTopology, type EngineState } from './engine-state.ts';
import { closeGate, forgetPending, stepGates, type GateState } from './gate.ts';
import { preparePresent, type Present } from './present.ts';
import { checkBatch, readBatch, type Readings } from './readings.ts';
import { referencesOf } from './root-cause/reference.ts';
import { openSeries, RootCauses } from './root-cause/root-causes.ts';
import { decodeState, encodeState, type RestoreOutcome, type SavedShape } from './saved-state.ts';
import { scoreHealth, type HealthInput } from './health-score.ts';
import { moveHealth, overallHealth } from './health-status.ts';
import { allocate } from './series-state.ts';
import { describeSymptoms } from './symptoms.ts';
import type { ThresholdOptions } from './thresholds.ts';
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
  /** All that was learnt; undefined before the first topology. */
  save(): Uint8Array | undefined;
  /**
   * Takes up what another engine saved, for the services and edges of the present topology that it knew; to be called
   * before the first batch. What does not fit is left alone, with the reason.
   */
  restore(saved: Uint8Array): RestoreOutcome;
}

/** After a longer pause, what was counted in ticks (k of n, trend windows) no longer belongs together. */
const PAUSE_STEPS = 10;
/** An anomaly without data for so long is resolved; until then unknown is not recovery. */
const ABSENCE_STEPS = 30;
const MIN_ABSENCE_MS = 600_000;

export const DEFAULT_RATIO_WINDOW_MS = 60_000;

interface JudgedValues extends BaselineCount {
  readonly expected: Float64Array;
  readonly scale: Float64Array;
  /** Undefined for a tick that is not judged. */
  readonly verdict: JudgedColumn | undefined;
}

/** A tick after all columns are judged. */
interface Judged {
  readonly atMs: number;
  readonly readings: Readings;
  readonly columns: readonly DiagnosedColumn[];
  readonly events: DiagnosticsEvent[];
}
type Conclusion = Omit<Diagnosis, 'atMs' | 'topology' | 'columns'>;

const learntColumn = ({ state }: Present, position: number): LearntColumn => ({
  baseline: state.baselines[position],
  surprise: state.surprises[position],
});

class ColumnEngine implements Engine {
  readonly #options: EngineOptions;
  readonly #ratioWindowMs: number;
  readonly #detectors: readonly Detector[];
  readonly #expectations: Expectations;
  readonly #book: AnomalyBook;
  readonly #time: EngineTime;
  #present: Present | undefined;
  #warmingUp = true;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#ratioWindowMs = options.ratioWindowMs ?? DEFAULT_RATIO_WINDOW_MS;
    this.#detectors = createDetectors(options.detectors ?? DETECTOR_NAMES, options);
    this.#expectations = new Expectations(options.stepMs);
    this.#time = new EngineTime(PAUSE_STEPS * options.stepMs);
    this.#book = new AnomalyBook(options.metrics.length, this.#detectors);
    if (!this.#detectors.some((detector) => detector.needsWarmUp)) this.#warmingUp = false;
  }

  setTopology(topology: Topology): void {
    const before = this.#present;
    if (before?.graph.topology.version === topology.version) return;
    const shape = this.#shape;
    let state: EngineState;
    if (before === undefined) {
      const counts = { services: topology.resources.length, edges: topology.dependencies.length };
      state = allocateState(shape, counts);
    } else {
      const remaps = remapTopology(before.graph.topology, topology);
      state = remapEngineState(shape, before.state, remaps);
      this.#book.remap(before.graph.topology, remaps);
    }
    this.#present = preparePresent(topology, state, this.#options);
  }

  learn(batch: MetricsBatch): void {
    const present = this.#accept(batch);
    if (!this.#time.isLater(batch.atMs) || !this.#advance(present, batch.atMs)) return;
    const readings = readBatch(batch, this.#ratioWindowMs);
    pushRates(present.state.trend, readings.edgeRate);
    for (const [position, column] of batch.columns.entries()) this.#judge(present, { column, position, readings });
  }

  diagnose(batch: MetricsBatch): Diagnosis {
    const present = this.#accept(batch);
    const { atMs } = batch;
    const { topology } = present.graph;
    const events = this.#book.takeDeparted(atMs);
    const readings = readBatch(batch, this.#ratioWindowMs);
    const advanced = this.#advance(present, atMs);
    if (advanced) pushRates(present.state.trend, readings.edgeRate);
    const references = referencesOf(batch, present.state.baselines);
    const columns: DiagnosedColumn[] = [];
    const count = { known: 0, warm: 0 };
    for (const [position, column] of batch.columns.entries()) {
      const judged = advanced
        ? this.#judge(present, { column, position, readings })
        : this.#look(present, { column, position });
      if (judged.verdict !== undefined) this.#book.update(judged.verdict, { topology, atMs }, events);
      count.known += judged.known;
      count.warm += judged.warm;
      columns.push({ ...column, expected: judged.expected, scale: judged.scale });
    }
    if (advanced && count.known > 0 && this.#detectors.some((detector) => detector.needsWarmUp)) {
      this.#warmingUp = count.warm < count.known / 2;
    }
    if (advanced) present.evidence = present.evidence.with({ atMs, columns, references });
    return { atMs, topology, columns, ...this.#conclude(present, { atMs, readings, columns, events }) };
  }

  save(): Uint8Array | undefined {
    const present = this.#present;
    if (present === undefined) return undefined;
    const { nowMs, atMs } = this.#time;
    const moment = { nowMs, atMs, warmingUp: this.#warmingUp };
    return encodeState(this.#shape, { topology: present.graph.topology, state: present.state, moment });
  }

  restore(saved: Uint8Array): RestoreOutcome {
    const present = this.#present;
    if (present === undefined) throw new RangeError('a saved state before the first topology');
    const restored = decodeState(saved, this.#shape, present.graph.topology);
    if (restored.kind === 'ignored') return restored;
    const { state, services, atMs } = restored;
    present.state = state;
    this.#time.resume(restored);
    this.#warmingUp = restored.warmingUp;
    return { kind: 'restored', services, atMs };
  }

  get #shape(): SavedShape {
    const { metrics, stepMs } = this.#options;
    return { metrics, stepMs, detectors: this.#detectors };
  }

  #accept(batch: MetricsBatch): Present {
    if (this.#present === undefined) throw new RangeError('a batch before the first topology');
    checkBatch(batch, this.#present.graph.topology, this.#options.metrics);
    return this.#present;
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

  #judge(present: Present, at: { column: MetricColumn; position: number; readings: Readings }): JudgedValues {
    const { column, position, readings } = at;
    const { spec, values } = column;
    const { verdicts } = present.scratch;
    const requests = readings.requests[spec.scope];
    const learnt = learntColumn(present, position);
    const { nowMs, atMs } = this.#time;
    const expectation = this.#expectations.step(learnt, { spec, values, requests, nowMs, atMs }, present.scratch);
    const view: ColumnView = { ...expectation, spec, values, requests, floors: present.floors[position] };
    const gates = present.state.gates[position];
    this.#closeAbsent(learnt.baseline, gates, position);
    const open = this.#detectors.map((detector, d) => {
      const own = gates[d];
      if (own === undefined) return [];
      detector.judge(view, verdicts);
      return stepGates(own, verdicts, { hysteresis: detector.hysteresis, recentMs: this.#time.recentMs });
    });
    return { ...expectation, verdict: { position, view, gates, open } };
  }

  /** A column of a tick that is not learnt: what was expected before it still stands. */
  #look(present: Present, { column, position }: { column: MetricColumn; position: number }): JudgedValues {
    const { spec, values } = column;
    const at = { spec, atMs: this.#time.atMs };
    const expected = this.#expectations.look(learntColumn(present, position), at, values.length);
    return { known: 0, warm: 0, ...expected, verdict: undefined };
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
    const { atMs, readings, events } = at;
    const open = this.#book.all();
    const edges = judgeTraffic(
      {
        topology,
        atMs,
        stepS: this.#options.stepMs / 1000,
        thresholds,
        rate: readings.edgeRate,
        errorRate: readings.edgeErrorRate,
        latencyS: readings.edgeLatencyS,
        anomalies: strongestTrafficAnomalies(open),
      },
      state,
      events,
    );
    const columns = at.columns.flatMap(({ spec, values, expected }, position) =>
      spec.scope === 'service' ? [{ spec, values, expected, anomalies: this.#book.ofColumn(position) }] : [],
    );
    const input: HealthInput = {
      graph,
      columns,
      thresholds,
      requests: readings.requests.service,
      edgeRate: readings.edgeRate,
    };
    const scores = scoreHealth(input);
    moveHealth(scores, state.health, { topology, thresholds, atMs, events });
    const rootCauses = new RootCauses({
      graph,
      window: present.evidence,
      ratioWindowMs: this.#ratioWindowMs,
      open: open.map(openSeries),
    });
    new CauseSearch(open, { graph, rootCauses, isKnown: (service) => scores.known[service] === 1 }).nameAll();
    const status = state.health.status.slice();
    return {
      overall: overallHealth(status),
      services: { status, score: state.health.score.slice(), anomalies: describeSymptoms(input, scores) },
      edges,
      anomalies: open.map((anomaly) => this.#book.toAlert(anomaly, topology)).sort(COLLECTIONS.anomalies.compare),
      events: [...this.#book.takeOpened(topology, atMs), ...events],
      rootCauses,
      warmingUp: this.#warmingUp,
    };
  }
}

export const createEngine = (options: EngineOptions): Engine => new ColumnEngine(options);
