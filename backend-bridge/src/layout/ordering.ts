import { degree, itemsOf } from './adjacency.ts';
import { countCrossings, transpose } from './crossings.ts';
import type { LayeredGraph } from './layered-graph.ts';

/** Sweeps pay as long as each is a matter of microseconds; a large graph is mostly sorted after a few. */
const SWEEPS = { proper: 24, large: 8 };

/** Straight lines cross where bent ones do not, so the order with the fewest crossings need not be drawn best. */
const CANDIDATES = 12;

interface Order {
  /** Items of each layer, left to right. */
  readonly layers: number[][];
  /** Of each item in its layer. */
  readonly position: Float64Array;
}

/** By depth first search from the entries: what belongs together starts out close together. */
function firstOrder({ count, layer, layerCount, above, below }: LayeredGraph): Order {
  const layers: number[][] = Array.from({ length: layerCount }, () => []);
  const position = new Float64Array(count).fill(-1);
  const open: number[] = [];
  for (let entry = 0; entry < count; entry += 1) {
    if (degree(above, entry) === 0) open.push(entry);
    while (open.length > 0) {
      const item = open.pop() as number;
      if (position[item] >= 0) continue;
      position[item] = layers[layer[item]].push(item) - 1;
      open.push(...itemsOf(below, item).toReversed());
    }
  }
  return { layers, position };
}

const copyOf = ({ layers, position }: Order): Order => ({
  layers: layers.map((layer) => [...layer]),
  position: position.slice(),
});

/** Sorts each layer, in the direction of the sweep, by the mean place of the neighbours it has come from. */
function sweep({ layers, position }: Order, { layer, above, below }: LayeredGraph, down: boolean): void {
  const neighbours = down ? above : below;
  const relative = (item: number): number => (position[item] + 0.5) / layers[layer[item]].length;
  const wish = new Float64Array(position.length);
  for (const items of down ? layers : layers.toReversed()) {
    for (const item of items) {
      const around = itemsOf(neighbours, item);
      wish[item] =
        around.length === 0 ? relative(item) : around.reduce((sum, other) => sum + relative(other), 0) / around.length;
    }
    items.sort((a, b) => wish[a] - wish[b] || position[a] - position[b]);
    items.forEach((item, k) => (position[item] = k));
  }
}

/** Orders with few crossings, each once, the fewest first. */
function fewCrossings(graph: LayeredGraph, first: Order): readonly (readonly number[][])[] {
  const { above, below } = graph;
  const found = new Map<string, { readonly layers: readonly number[][]; readonly crossings: number }>();
  for (const startsDown of [true, false]) {
    const order = copyOf(first);
    for (let k = 0; k < SWEEPS.proper; k += 1) {
      sweep(order, graph, startsDown === (k % 2 === 0));
      const { layers, position } = copyOf(order);
      transpose(layers, [above, below], position);
      const key = layers.join(';');
      if (!found.has(key)) found.set(key, { layers, crossings: countCrossings(layers, below, position) });
    }
  }
  const best = [...found.values()].sort((a, b) => a.crossings - b.crossings);
  return best.slice(0, CANDIDATES).map(({ layers }) => layers);
}

/**
 * The items of each layer, left to right, so that few arcs cross: barycentre sweeps (Sugiyama, Tagawa, Toda, 1981). For a
 * proper graph several such orders, the best first.
 */
export function orderLayers(graph: LayeredGraph): readonly (readonly (readonly number[])[])[] {
  const order = firstOrder(graph);
  if (graph.isProper) return fewCrossings(graph, order);
  for (let k = 0; k < SWEEPS.large; k += 1) sweep(order, graph, k % 2 === 0);
  return [order.layers];
}
