import type { Topology } from '@topdeck/protocol';
import { buildGraph, offsetsOf, type Graph } from '../graph.ts';

/** The call graph in both directions, and where requests enter it. */
export interface Network extends Graph {
  /** Callers of resource i are inSources[inOffsets[i]] … inSources[inOffsets[i + 1] − 1]. */
  readonly inOffsets: Uint32Array;
  readonly inSources: Uint32Array;
  /** Indices of the resources that call and are not called; of a graph without any, nothing enters. */
  readonly entryPoints: readonly number[];
}

export function networkOf(topology: Topology): Network {
  const count = topology.resources.length;
  const { edgeSource, edgeTarget } = topology;
  const graph = buildGraph(topology);
  const { outOffsets, called } = graph;
  const inOffsets = offsetsOf(edgeTarget, count);
  const inSources = new Uint32Array(edgeTarget.length);
  const filled = inOffsets.slice();
  for (let e = 0; e < edgeTarget.length; e += 1) inSources[filled[edgeTarget[e]]++] = edgeSource[e];
  const entryPoints = [...topology.resources.keys()].filter(
    (i) => called[i] === 0 && outOffsets[i] < outOffsets[i + 1],
  );
  return { ...graph, inOffsets, inSources, entryPoints };
}
