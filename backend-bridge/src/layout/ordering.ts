import { degree, itemsOf } from './adjacency.ts';
import { countCrossings, transpose } from './crossings.ts';
import type { LayeredGraph } from './layered-graph.ts';

/** Sweeps pay as long as each is a matter of microseconds; a large graph is mostly sorted after a few. */
const SWEEPS = { proper: 24, large: 8 };

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

function leastCrossings(graph: LayeredGraph, first: Order): Order {
  const { above, below } = graph;
  let best = first;
  let fewest = Infinity;
  for (const startsDown of [true, false]) {
    const order = copyOf(first);
    for (let k = 0; k < SWEEPS.proper && fewest > 0; k += 1) {
      sweep(order, graph, startsDown === (k % 2 === 0));
      const polished = copyOf(order);
      transpose(polished.layers, [above, below], polished.position);
      const crossings = countCrossings(polished.layers, below, polished.position);
      if (crossings < fewest) [best, fewest] = [polished, crossings];
    }
  }
  return best;
}

/** The items of each layer, left to right, so that few arcs cross: barycentre sweeps (Sugiyama, Tagawa, Toda, 1981). */
export function orderLayers(graph: LayeredGraph): readonly (readonly number[])[] {
  const order = firstOrder(graph);
  if (graph.isProper) return leastCrossings(graph, order).layers;
  for (let k = 0; k < SWEEPS.large; k += 1) {
    sweep(order, graph, k % 2 === 0);
  }
  return order.layers;
}
