import { edgeKey, type MetricSpec, type Topology } from '@topdeck/protocol';
import { BASELINE_LAYOUT, type BaselineState } from './baseline.ts';
import type { Detector } from './detectors/detector.ts';
import { GATE_LAYOUT, type GateState } from './gate.ts';
import { HEALTH_LAYOUT, type HealthState } from './health-status.ts';
import { allocate, remapState, type Remap } from './series-state.ts';
import { SURPRISE_LAYOUT, type SurpriseState } from './surprise/surprise.ts';
import { TRAFFIC_LAYOUT, type TrafficState } from './traffic.ts';
import { TREND_LAYOUT, type TrendState } from './trend.ts';

/** Everything that the engine remembers of its series, in typed arrays alone. */
export interface EngineState {
  /** Per metric, in the order of the specs. */
  readonly baselines: readonly BaselineState[];
  /** Per metric; undefined where no detector needs it. */
  readonly surprises: readonly (SurpriseState | undefined)[];
  /** Per metric and detector; undefined where the detector does not watch the metric. */
  readonly gates: readonly (readonly (GateState | undefined)[])[];
  readonly health: HealthState;
  readonly traffic: TrafficState;
  readonly trend: TrendState;
}

interface Shape {
  readonly metrics: readonly MetricSpec[];
  readonly detectors: readonly Detector[];
}

export interface Counts {
  readonly services: number;
  readonly edges: number;
}

export function allocateState({ metrics, detectors }: Shape, { services, edges }: Counts): EngineState {
  const length = (spec: MetricSpec): number => (spec.scope === 'service' ? services : edges);
  const needsSurprise = (spec: MetricSpec): boolean =>
    detectors.some((detector) => detector.needsEvidence === true && detector.watches(spec));
  return {
    baselines: metrics.map((spec) => allocate(BASELINE_LAYOUT, length(spec))),
    surprises: metrics.map((spec) => (needsSurprise(spec) ? allocate(SURPRISE_LAYOUT, length(spec)) : undefined)),
    gates: metrics.map((spec) =>
      detectors.map((detector) => (detector.watches(spec) ? allocate(GATE_LAYOUT, length(spec)) : undefined)),
    ),
    health: allocate(HEALTH_LAYOUT, services),
    traffic: allocate(TRAFFIC_LAYOUT, edges),
    trend: allocate(TREND_LAYOUT, edges),
  };
}

/** As much of a topology as its services and edges are known by. */
export interface Known {
  readonly indexOf: ReadonlyMap<string, number>;
  readonly dependencies: readonly Pick<Topology['dependencies'][number], 'source' | 'target'>[];
}

/** Where the services and edges of `next` were in `old`, by id and by the ids of both ends; −1 for those that were not there. */
export function remapTopology(old: Known, next: Topology): { service: Remap; edge: Remap } {
  const oldEdges = new Map(old.dependencies.map((d, e) => [edgeKey(d.source, d.target), e]));
  return {
    service: Int32Array.from(next.resources, (resource) => old.indexOf.get(resource.id) ?? -1),
    edge: Int32Array.from(next.dependencies, (d) => oldEdges.get(edgeKey(d.source, d.target)) ?? -1),
  };
}

export function remapEngineState(
  { metrics }: Shape,
  old: EngineState,
  remaps: { service: Remap; edge: Remap },
): EngineState {
  const of = (column: number): Remap => remaps[metrics[column].scope];
  return {
    baselines: old.baselines.map((state, column) => remapState(BASELINE_LAYOUT, state, of(column))),
    surprises: old.surprises.map((state, column) =>
      state === undefined ? undefined : remapState(SURPRISE_LAYOUT, state, of(column)),
    ),
    gates: old.gates.map((gates, column) =>
      gates.map((gate) => (gate === undefined ? undefined : remapState(GATE_LAYOUT, gate, of(column)))),
    ),
    health: remapState(HEALTH_LAYOUT, old.health, remaps.service),
    traffic: remapState(TRAFFIC_LAYOUT, old.traffic, remaps.edge),
    trend: remapState(TREND_LAYOUT, old.trend, remaps.edge),
  };
}
