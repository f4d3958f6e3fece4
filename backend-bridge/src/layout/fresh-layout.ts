import { findComponents } from './components.ts';
import { assignCoordinates, type Coordinates } from './coordinates.ts';
import { breakCycles, type Arcs } from './cycles.ts';
import { buildLayeredGraph, type LayeredGraph } from './layered-graph.ts';
import { assignLayers } from './layering.ts';
import { difficulty } from './legibility.ts';
import { PART_ROWS, ROW, type LayoutGraph } from './layout.ts';
import { orderLayers } from './ordering.ts';
import { blockOf, gridOf, pack, type Block, type Place } from './packing.ts';

/** Drawings are compared edge by edge, which takes too long for more. */
const MAX_ARCS_COMPARED = 300;

/** The arcs of each component, between places in its list of nodes. */
function splitArcs(components: readonly (readonly number[])[], count: number, { from, to }: Arcs): Arcs[] {
  const component = new Uint32Array(count);
  const local = new Uint32Array(count);
  components.forEach((nodes, c) =>
    nodes.forEach((node, k) => {
      component[node] = c;
      local[node] = k;
    }),
  );
  const parts = components.map((): { from: number[]; to: number[] } => ({ from: [], to: [] }));
  for (let e = 0; e < from.length; e += 1) {
    const part = parts[component[from[e]]];
    part.from.push(local[from[e]]);
    part.to.push(local[to[e]]);
  }
  return parts.map((part) => ({ from: Uint32Array.from(part.from), to: Uint32Array.from(part.to) }));
}

/** The drawing of a small component that is easiest to read; of a large one that of its best order. */
function bestCoordinates(graph: LayeredGraph, orders: ReturnType<typeof orderLayers>): Coordinates {
  let best = assignCoordinates(graph, orders[0]);
  if (orders.length === 1 || graph.below.items.length > MAX_ARCS_COMPARED) return best;
  let least = difficulty(graph, best);
  for (const order of orders.slice(1)) {
    const place = assignCoordinates(graph, order);
    const cost = difficulty(graph, place);
    if (cost < least) [best, least] = [place, cost];
  }
  return best;
}

function layOutComponent(nodes: readonly number[], arcs: Arcs, layer: Int32Array): Block {
  const graph = buildLayeredGraph(
    nodes.length,
    arcs,
    nodes.map((node) => layer[node]),
  );
  const { x, row } = bestCoordinates(graph, orderLayers(graph));
  return blockOf(
    nodes,
    nodes.map((_, k) => x[k]),
    nodes.map((_, k) => row[k] * ROW),
  );
}

/**
 * Places of all nodes, by the graph alone: callers above what they call (in cycles, as far as that goes), components
 * beside each other, nodes without edges in a grid below. Topmost y and leftmost x are 0.
 */
export function layOutFresh(graph: LayoutGraph): Place[] {
  const count = graph.ids.length;
  const { connected, isolated } = findComponents(graph);
  const arcs = breakCycles(count, { from: graph.edgeSource, to: graph.edgeTarget });
  const layer = assignLayers(count, arcs);
  const parts = splitArcs(connected, count, arcs);
  const places = pack(connected.map((nodes, c) => layOutComponent(nodes, parts[c], layer)));
  if (isolated.length === 0) return places;
  let [right, bottom] = [0, -PART_ROWS * ROW];
  for (const { x, y } of places) [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  const grid = gridOf(isolated, right);
  const top = bottom + PART_ROWS * ROW;
  return [...places, ...grid.nodes.map((node, k) => ({ node, x: grid.x[k], y: top + grid.y[k] }))];
}
