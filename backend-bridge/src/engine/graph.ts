import type { Topology } from '@topdeck/protocol';

/** A topology with what the engine looks up in it. */
export interface Graph {
  readonly topology: Topology;
  /** Dependencies of resource i are outOffsets[i] … outOffsets[i + 1] − 1: they are sorted by source. */
  readonly outOffsets: Uint32Array;
  /** 1 for resources that somebody calls. */
  readonly called: Uint8Array;
}

export function buildGraph(topology: Topology): Graph {
  const count = topology.resources.length;
  const outOffsets = new Uint32Array(count + 1);
  const called = new Uint8Array(count);
  for (let e = 0; e < topology.dependencies.length; e += 1) {
    const next = topology.edgeSource[e] + 1;
    outOffsets[next] += 1;
    called[topology.edgeTarget[e]] = 1;
  }
  for (let i = 0; i < count; i += 1) {
    outOffsets[i + 1] = outOffsets[i + 1] + outOffsets[i];
  }
  return { topology, outOffsets, called };
}
