import type { Snapshot, Topology } from '@topdeck/protocol';
import { offsetsOf } from '../engine/graph.ts';

/** What is looked up in a topology besides its own columns. */
export interface TopologyEdges {
  /** Every edge as the protocol lists it. */
  readonly pairs: Snapshot['dependencies'];
  /** Edges out of resource i are outOffsets[i] … outOffsets[i + 1] − 1: dependencies are sorted by source. */
  readonly outOffsets: Uint32Array;
  /** Edges into resource i are inEdges[k] for k = inOffsets[i] … inOffsets[i + 1] − 1. */
  readonly inOffsets: Uint32Array;
  readonly inEdges: Uint32Array;
}

const known = new WeakMap<Topology, TopologyEdges>();

/** Computed once for each topology. */
export function edgesOf(topology: Topology): TopologyEdges {
  const present = known.get(topology);
  if (present !== undefined) return present;
  const count = topology.resources.length;
  const inOffsets = offsetsOf(topology.edgeTarget, count);
  const next = inOffsets.slice();
  const inEdges = new Uint32Array(topology.edgeTarget.length);
  for (let j = 0; j < inEdges.length; j += 1) {
    const target = topology.edgeTarget[j];
    inEdges[next[target]] = j;
    next[target] += 1;
  }
  const edges: TopologyEdges = {
    pairs: topology.dependencies.map(({ source, target }): [string, string] => [source, target]),
    outOffsets: offsetsOf(topology.edgeSource, count),
    inOffsets,
    inEdges,
  };
  known.set(topology, edges);
  return edges;
}
