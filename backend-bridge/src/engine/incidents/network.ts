import type { Topology } from '@topdeck/protocol';

/** The call graph in both directions, and where requests enter it. */
export interface Network {
  readonly topology: Topology;
  /** Dependencies of resource i are outOffsets[i] … outOffsets[i + 1] − 1: they are sorted by source. */
  readonly outOffsets: Uint32Array;
  /** Callers of resource i are inSources[inOffsets[i]] … inSources[inOffsets[i + 1] − 1]. */
  readonly inOffsets: Uint32Array;
  readonly inSources: Uint32Array;
  /** Indices of the resources that call and are not called; of a graph without any, nothing enters. */
  readonly entryPoints: readonly number[];
}

function offsetsOf(ends: Uint32Array, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  for (const end of ends) offsets[end + 1] += 1;
  for (let i = 0; i < count; i += 1) offsets[i + 1] += offsets[i];
  return offsets;
}

export function networkOf(topology: Topology): Network {
  const count = topology.resources.length;
  const { edgeSource, edgeTarget } = topology;
  const outOffsets = offsetsOf(edgeSource, count);
  const inOffsets = offsetsOf(edgeTarget, count);
  const inSources = new Uint32Array(edgeTarget.length);
  const filled = inOffsets.slice();
  for (let e = 0; e < edgeTarget.length; e += 1) inSources[filled[edgeTarget[e]]++] = edgeSource[e];
  const entryPoints = [...topology.resources.keys()].filter(
    (i) => inOffsets[i] === inOffsets[i + 1] && outOffsets[i] < outOffsets[i + 1],
  );
  return { topology, outOffsets, inOffsets, inSources, entryPoints };
}
