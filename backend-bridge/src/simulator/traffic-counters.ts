import type { TrafficColumns } from './answers.ts';
import type { Fault } from './faults.ts';
import { latencyShareWithin } from './latency.ts';
import { simulateStep, type SimulatedStep } from './simulate-step.ts';
import type { TrafficModel } from './traffic-model.ts';

/** Upper bounds of the duration histogram, seconds; +Inf comes after them. Close enough for a p95 to be told apart. */
export const DURATION_BOUNDS_S = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** Rates are read at least this often… */
const STEP_MS = 1_000;
/** …unless nobody looked for so long that this many steps would not reach. */
const MAX_STEPS = 120;

/** Requests along one way since the start: an edge, or the way from outside to an entry. */
export interface FlowTotals {
  readonly succeeded: Float64Array;
  readonly failed: Float64Array;
  readonly durationS: Float64Array;
  /** Not cumulative: `buckets[flow · bounds + k]` counts durations between bound k − 1 and bound k. */
  readonly buckets: Float64Array;
}

const flowTotals = (size: number): FlowTotals => ({
  succeeded: new Float64Array(size),
  failed: new Float64Array(size),
  durationS: new Float64Array(size),
  buckets: new Float64Array(size * DURATION_BOUNDS_S.length),
});

/**
 * Rates turned into the ever-growing totals that a process exports: their integral over time. Totals are fractions of
 * requests where few come, so that rates stay true at any scrape interval.
 */
export class TrafficCounters {
  readonly edges: FlowTotals;
  readonly entries: FlowTotals;
  readonly cpuSeconds: Float64Array;
  /** The system as it was last looked at. */
  newest: SimulatedStep;
  readonly #model: TrafficModel;
  #atMs: number;

  constructor(model: TrafficModel, startMs: number) {
    this.#model = model;
    this.#atMs = startMs;
    this.edges = flowTotals(model.topology.dependencies.length);
    this.entries = flowTotals(model.topology.resources.length);
    this.cpuSeconds = new Float64Array(model.topology.resources.length);
    this.newest = simulateStep(model, [], startMs);
  }

  get atMs(): number {
    return this.#atMs;
  }

  /** Counts what happened since the last call; `faults` are those of that whole stretch. A clock that went back adds nothing. */
  advance(toMs: number, faults: readonly Fault[]): void {
    const spanMs = toMs - this.#atMs;
    if (spanMs <= 0) return;
    const steps = Math.min(Math.ceil(spanMs / STEP_MS), MAX_STEPS);
    const stepMs = spanMs / steps;
    for (let step = 0; step < steps; step += 1) {
      // The middle of a step stands for it: exact for rates that change linearly, as ramps do.
      const state = simulateStep(this.#model, faults, this.#atMs + (step + 0.5) * stepMs);
      addTraffic(this.edges, state.edges, stepMs / 1000);
      addTraffic(this.entries, state.entries, stepMs / 1000);
      state.cpuCores.forEach((cores, i) => {
        if (!Number.isNaN(cores)) this.cpuSeconds[i] += (cores * stepMs) / 1000;
      });
    }
    this.#atMs = toMs;
    this.newest = simulateStep(this.#model, faults, toMs);
  }
}

function addTraffic(totals: FlowTotals, traffic: TrafficColumns, seconds: number): void {
  for (let flow = 0; flow < traffic.requestRate.length; flow += 1) {
    const meanS = traffic.latencyMeanS[flow];
    if (Number.isNaN(meanS)) continue;
    const requests = traffic.requestRate[flow] * seconds;
    const failed = requests * traffic.errorRate[flow];
    totals.failed[flow] += failed;
    totals.succeeded[flow] += requests - failed;
    totals.durationS[flow] += requests * meanS;
    let within = 0;
    for (let k = 0; k < DURATION_BOUNDS_S.length; k += 1) {
      const share = latencyShareWithin(meanS, traffic.latencyVariance[flow], DURATION_BOUNDS_S[k]);
      totals.buckets[flow * DURATION_BOUNDS_S.length + k] += requests * (share - within);
      within = share;
    }
  }
}
