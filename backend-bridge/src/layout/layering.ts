import { degree, groupBy, itemsOf, type Adjacency } from './adjacency.ts';
import { topologicalOrder, type Arcs } from './cycles.ts';

const TIGHTENING_ROUNDS = 4;

interface Neighbours {
  readonly above: Adjacency;
  readonly below: Adjacency;
}

/** Longest path from the entries: callers are always in a smaller layer than what they call. */
function longestPath(order: Uint32Array, { below }: Neighbours): Int32Array {
  const layer = new Int32Array(order.length);
  for (const node of order) {
    for (const target of itemsOf(below, node)) layer[target] = Math.max(layer[target], layer[node] + 1);
  }
  return layer;
}

/** Moves nodes with more calls than callers down to what they call, and the opposite ones up, which shortens edges. */
function tighten(order: Uint32Array, layer: Int32Array, { above, below }: Neighbours): void {
  for (let k = order.length - 1; k >= 0; k -= 1) {
    const node = order[k];
    if (degree(below, node) <= degree(above, node)) continue;
    layer[node] = itemsOf(below, node).reduce((least, target) => Math.min(least, layer[target]), Infinity) - 1;
  }
  for (const node of order) {
    if (degree(above, node) <= degree(below, node)) continue;
    layer[node] = itemsOf(above, node).reduce((most, source) => Math.max(most, layer[source]), -Infinity) + 1;
  }
}

/** The layer of each node, 0 on top or less after tightening; for acyclic arcs. */
export function assignLayers(count: number, arcs: Arcs): Int32Array {
  const neighbours = { above: groupBy(count, arcs.to, arcs.from), below: groupBy(count, arcs.from, arcs.to) };
  const order = topologicalOrder(count, arcs);
  const layer = longestPath(order, neighbours);
  for (let round = 0; round < TIGHTENING_ROUNDS; round += 1) tighten(order, layer, neighbours);
  return layer;
}
