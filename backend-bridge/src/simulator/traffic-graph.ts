import type { Topology } from '@topdeck/protocol';

/** The order in which requests and answers can be worked out in one pass each, whatever cycles the graph has. */
export interface TrafficGraph {
  /** Resource indices, callers before callees along all edges that are not back edges. */
  readonly order: Uint32Array;
  /** 1 where requests enter from outside: nodes that nobody calls, and one node of each cycle that nobody outside calls. */
  readonly isEntry: Uint8Array;
  /** 1 where an edge closes a cycle. */
  readonly isBackEdge: Uint8Array;
  /** Edges of source i are outStart[i] … outStart[i + 1] − 1, for dependencies are sorted by source. */
  readonly outStart: Uint32Array;
  /** Edges to target i are inEdges[inStart[i] … inStart[i + 1] − 1]. */
  readonly inStart: Uint32Array;
  readonly inEdges: Uint32Array;
  /** Longest way from an entry, in edges. */
  readonly depth: Uint32Array;
}

function offsets(ends: Uint32Array, size: number): Uint32Array {
  const start = new Uint32Array(size + 1);
  for (const node of ends) start[node + 1] += 1;
  for (let i = 0; i < size; i += 1) start[i + 1] += start[i];
  return start;
}

function groupByTarget(edgeTarget: Uint32Array, inStart: Uint32Array): Uint32Array {
  const inEdges = new Uint32Array(edgeTarget.length);
  const next = inStart.slice();
  edgeTarget.forEach((target, edge) => {
    inEdges[next[target]] = edge;
    next[target] += 1;
  });
  return inEdges;
}

const UNSEEN = 0;
const OPEN = 1;
const DONE = 2;

/**
 * Depth-first from the nodes without callers, then from whatever is left. An edge to a node still open closes a cycle;
 * without those edges the reverse of the finishing order is topological. Iterative, for chains may be long.
 */
export function buildTrafficGraph(topology: Topology): TrafficGraph {
  const { edgeSource, edgeTarget } = topology;
  const size = topology.resources.length;
  const outStart = offsets(edgeSource, size);
  const inStart = offsets(edgeTarget, size);
  const state = new Uint8Array(size);
  const isEntry = new Uint8Array(size);
  const isBackEdge = new Uint8Array(edgeSource.length);
  const order = new Uint32Array(size);
  const nextEdge = outStart.slice(0, size);
  let unplaced = size;

  const visitFrom = (start: number): void => {
    isEntry[start] = 1;
    state[start] = OPEN;
    const path = [start];
    while (path.length > 0) {
      const node = path[path.length - 1];
      const edge = nextEdge[node];
      if (edge === outStart[node + 1]) {
        state[node] = DONE;
        order[(unplaced -= 1)] = node;
        path.pop();
        continue;
      }
      nextEdge[node] = edge + 1;
      const target = edgeTarget[edge];
      if (state[target] === OPEN) isBackEdge[edge] = 1;
      else if (state[target] === UNSEEN) {
        state[target] = OPEN;
        path.push(target);
      }
    }
  };
  for (let i = 0; i < size; i += 1) if (inStart[i] === inStart[i + 1]) visitFrom(i);
  for (let i = 0; i < size; i += 1) if (state[i] === UNSEEN) visitFrom(i);

  const graph = { order, isEntry, isBackEdge, outStart, inStart, inEdges: groupByTarget(edgeTarget, inStart) };
  return { ...graph, depth: longestWays(graph, edgeTarget) };
}

function longestWays(graph: Omit<TrafficGraph, 'depth'>, edgeTarget: Uint32Array): Uint32Array {
  const depth = new Uint32Array(graph.order.length);
  for (const node of graph.order) {
    for (let edge = graph.outStart[node]; edge < graph.outStart[node + 1]; edge += 1) {
      const target = edgeTarget[edge];
      if (graph.isBackEdge[edge] === 0) depth[target] = Math.max(depth[target], depth[node] + 1);
    }
  }
  return depth;
}
