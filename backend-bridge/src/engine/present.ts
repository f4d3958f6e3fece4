import type { MetricSpec, Topology } from '@topdeck/protocol';
import type { EngineState } from './engine-state.ts';
import { allocateScratch, type ColumnScratch } from './expectations.ts';
import { buildGraph, type Graph } from './graph.ts';
import { EvidenceWindow } from './root-cause/evidence-window.ts';
import { byTarget, floorKeyOf, thresholdTable, type ThresholdOptions, type ThresholdTable } from './thresholds.ts';

/** What belongs to one topology. */
export interface Present {
  readonly graph: Graph;
  readonly thresholds: ThresholdTable;
  /** Per metric: its floor per series, where it has one. */
  readonly floors: readonly (Float64Array | undefined)[];
  /** Reused for every column of every tick; as long as the longest. */
  readonly scratch: ColumnScratch;
  state: EngineState;
  /** The last ticks of this topology. */
  evidence: EvidenceWindow;
}

function floorsOf(spec: MetricSpec, thresholds: ThresholdTable, topology: Topology): Float64Array | undefined {
  const key = floorKeyOf(spec);
  if (key === undefined) return undefined;
  return spec.scope === 'service' ? thresholds[key] : byTarget(thresholds[key], topology.edgeTarget);
}

export function preparePresent(
  topology: Topology,
  state: EngineState,
  { metrics, thresholds: options = {} }: { metrics: readonly MetricSpec[]; thresholds?: ThresholdOptions },
): Present {
  const thresholds = thresholdTable(topology.resources, options);
  const widest = Math.max(topology.resources.length, topology.dependencies.length);
  return {
    graph: buildGraph(topology),
    thresholds,
    floors: metrics.map((spec) => floorsOf(spec, thresholds, topology)),
    scratch: allocateScratch(widest),
    state,
    evidence: new EvidenceWindow(metrics),
  };
}
