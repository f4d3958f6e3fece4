import type { Topology } from '@topdeck/protocol';

/** A topology with what the engine looks up in it. */
export interface Graph {
  readonly topology: Topology;
  /** Dependencies of resource i are outOffsets[i] … outOffsets[i + 1] − 1: they are sorted by source. */
  readonly outOffsets: Uint32Array;
  /** 1 for resources that somebody calls. */
  readonly called: Uint8Array;
}

/** Where the edges of each resource begin in a list that is sorted by it, and behind the last where they end. */
export function offsetsOf(resourceOfEdge: Uint32Array, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  for (const i of resourceOfEdge) offsets[i + 1] += 1;
  for (let i = 0; i < count; i += 1) offsets[i + 1] += offsets[i];
  return offsets;
}

export function buildGraph(topology: Topology): Graph {
  const count = topology.resources.length;
  const called = new Uint8Array(count);
  for (const target of topology.edgeTarget) called[target] = 1;
  return { topology, outOffsets: offsetsOf(topology.edgeSource, count), called };
}
