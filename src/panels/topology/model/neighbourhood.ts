import type { Graph } from '../graph.ts';

/** upstream: who calls it; downstream: what it calls. */
export type Direction = 'upstream' | 'downstream' | 'both';

export interface Around {
  readonly id: string;
  /** Edges away, 1 and more; 0 is the node alone. */
  readonly depth: number;
  readonly direction: Direction;
}

/** Edges by one of their ends: those of node i are items[offsets[i]] … items[offsets[i + 1] − 1]. */
export interface Adjacency {
  readonly offsets: Uint32Array;
  /** Indices into `edges`. */
  readonly items: Uint32Array;
}

type End = 'source' | 'target';

function edgesBy({ nodes, edges }: Graph, end: End): Adjacency {
  const offsets = new Uint32Array(nodes.length + 1);
  for (const edge of edges) offsets[edge[end] + 1] += 1;
  for (let i = 0; i < nodes.length; i += 1) offsets[i + 1] += offsets[i];
  const next = offsets.slice(0, nodes.length);
  const items = new Uint32Array(edges.length);
  edges.forEach((edge, index) => {
    items[next[edge[end]]] = index;
    next[edge[end]] += 1;
  });
  return { offsets, items };
}

const adjacencies = new WeakMap<Graph, Record<End, Adjacency>>();

/** Edges of each node, by source and by target; made once a graph. */
export function adjacencyOf(graph: Graph): Readonly<Record<End, Adjacency>> {
  const known = adjacencies.get(graph);
  if (known !== undefined) return known;
  const built = { source: edgesBy(graph, 'source'), target: edgesBy(graph, 'target') };
  adjacencies.set(graph, built);
  return built;
}

/** Nodes that are near, itself among them; undefined where there is no such node. */
export function neighbourhood(graph: Graph, { id, depth, direction }: Around): ReadonlySet<number> | undefined {
  const start = graph.indexOf.get(id);
  if (start === undefined) return undefined;
  const adjacency = adjacencyOf(graph);
  const ways: readonly [Adjacency, End][] = [
    ...(direction === 'upstream' ? [] : [[adjacency.source, 'target'] as [Adjacency, End]]),
    ...(direction === 'downstream' ? [] : [[adjacency.target, 'source'] as [Adjacency, End]]),
  ];
  const found = new Set([start]);
  let border = [start];
  for (let step = 0; step < depth && border.length > 0; step += 1) {
    const next: number[] = [];
    for (const node of border) {
      for (const [{ offsets, items }, end] of ways) {
        for (let k = offsets[node]; k < offsets[node + 1]; k += 1) {
          const other = graph.edges[items[k]][end];
          if (!found.has(other)) {
            found.add(other);
            next.push(other);
          }
        }
      }
    }
    border = next;
  }
  return found;
}
