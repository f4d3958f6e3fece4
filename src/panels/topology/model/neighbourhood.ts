import type { Graph } from '../graph.ts';
import { neighboursOf, waysOf, type Ways } from '../layout/layout-graph.ts';
import { column } from './columns.ts';

/** upstream: who calls it; downstream: what it calls. */
export type Direction = 'upstream' | 'downstream' | 'both';

export interface Around {
  readonly id: string;
  /** Edges away, 1 and more; 0 is the node alone. */
  readonly depth: number;
  readonly direction: Direction;
}

const known = new WeakMap<Graph, Ways>();

/** Neighbours of each node; made once a graph. */
export function neighboursIn(graph: Graph): Ways {
  const made = known.get(graph);
  if (made !== undefined) return made;
  const { nodes, edges } = graph;
  const ways = waysOf({
    count: nodes.length,
    source: column(Uint32Array, edges, ({ source }) => source),
    target: column(Uint32Array, edges, ({ target }) => target),
  });
  known.set(graph, ways);
  return ways;
}

/** Nodes that are near, itself among them; undefined where there is no such node. */
export function neighbourhood(graph: Graph, { id, depth, direction }: Around): ReadonlySet<number> | undefined {
  const start = graph.indexOf.get(id);
  if (start === undefined) return undefined;
  const { out, into } = neighboursIn(graph);
  const ways = [...(direction === 'upstream' ? [] : [out]), ...(direction === 'downstream' ? [] : [into])];
  const found = new Set([start]);
  let border = [start];
  for (let step = 0; step < depth && border.length > 0; step += 1) {
    const next: number[] = [];
    for (const node of border) {
      for (const way of ways) {
        for (const other of neighboursOf(way, node)) {
          if (found.has(other)) continue;
          found.add(other);
          next.push(other);
        }
      }
    }
    border = next;
  }
  return found;
}
