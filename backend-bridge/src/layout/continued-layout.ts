import { findComponents } from './components.ts';
import { layOutFresh } from './fresh-layout.ts';
import { COLUMN, NODE_ROWS, NOWHERE, PART_ROWS, ROW, type Layout, type LayoutGraph, type Places } from './layout.ts';
import { isPlaced, placeBesideNeighbours, put, type Placing } from './newcomers.ts';
import { Occupied } from './occupied.ts';
import { centred } from './packing.ts';

/** Nodes that left are remembered up to this number, or to the number of those that are there if that is more. */
const MIN_REMEMBERED = 1_000;
/** A new part goes below instead of beside once the whole is so many times as wide as high. */
const STRETCH = 2;

const indexOf = (ids: readonly string[]): Map<string, number> => new Map(ids.map((id, i) => [id, i]));

function keepPlaces(graph: LayoutGraph, previous: Layout, placing: Placing): void {
  const node = indexOf(graph.ids);
  const restore = ({ ids, x, y }: Places): void =>
    ids.forEach((id, i) => {
      const known = node.get(id);
      if (known === undefined || isPlaced(placing, known)) return;
      // Places of a version that drew in other rows are of no use.
      if (!Number.isInteger(y[i] / ROW)) return;
      if (placing.occupied.isFree(x[i], y[i] / ROW)) put(placing, known, { x: x[i], y: y[i] });
    });
  restore(previous);
  restore(previous.departed);
}

/** The part of a graph that consists of some nodes and the edges among them. */
function partOf({ ids, edgeSource, edgeTarget }: LayoutGraph, nodes: readonly number[]): LayoutGraph {
  const local = new Map(nodes.map((node, k) => [node, k]));
  const edges = Array.from(edgeSource.keys()).filter((e) => local.has(edgeSource[e]) && local.has(edgeTarget[e]));
  return {
    ids: nodes.map((node) => ids[node]),
    edgeSource: Uint32Array.from(edges, (e) => local.get(edgeSource[e]) as number),
    edgeTarget: Uint32Array.from(edges, (e) => local.get(edgeTarget[e]) as number),
  };
}

/** Lays out what has no placed neighbour for itself and puts it as a whole beside or below the rest. */
function placeNewPart(graph: LayoutGraph, nodes: readonly number[], placing: Placing): void {
  if (nodes.length === 0) return;
  const { left, right, top, bottom } = placing.occupied;
  const isEmpty = left > right;
  const isWide = right - left > STRETCH * (bottom - top);
  const x = isEmpty ? 0 : isWide ? left : right + 2 * COLUMN;
  const y = isEmpty ? 0 : isWide ? bottom + PART_ROWS * ROW : top;
  for (const place of layOutFresh(partOf(graph, nodes))) {
    put(placing, nodes[place.node], { x: x + place.x, y: y + place.y });
  }
}

/** Rows that hold nodes without edges and nothing else. */
function isolatedRows(ids: readonly string[], isolated: ReadonlySet<number>, placing: Placing): number[] {
  const rows = new Map<number, boolean>();
  ids.forEach((_, node) => {
    if (!isPlaced(placing, node)) return;
    const row = placing.y[node] / ROW;
    rows.set(row, (rows.get(row) ?? true) && isolated.has(node));
  });
  return [...rows.keys()].filter((row) => rows.get(row)).sort((a, b) => a - b);
}

/** Fills the rows of nodes without edges from the left, then begins new ones at the bottom. */
function placeIsolated({ ids }: LayoutGraph, isolated: readonly number[], placing: Placing): void {
  const waiting = isolated.filter((node) => !isPlaced(placing, node));
  if (waiting.length === 0) return;
  const { occupied } = placing;
  const rows = isolatedRows(ids, new Set(isolated), placing);
  const { left } = occupied;
  const right = Math.max(occupied.right, left + Math.floor(Math.sqrt(isolated.length * STRETCH)) * COLUMN);
  let [at, x] = [0, left];
  for (const node of waiting) {
    for (; ; x += COLUMN) {
      if (x > right) [at, x] = [at + 1, left];
      if (at === rows.length) {
        const isBelowOwnKind = rows.length > 0 && rows[rows.length - 1] * ROW === occupied.bottom;
        rows.push(occupied.bottom / ROW + (isBelowOwnKind ? NODE_ROWS : PART_ROWS));
      }
      if (occupied.isFree(x, rows[at])) break;
    }
    put(placing, node, { x, y: rows[at] * ROW });
  }
}

function departedFrom(graph: LayoutGraph, previous: Layout): Places {
  const present = new Set(graph.ids);
  const limit = Math.max(MIN_REMEMBERED, graph.ids.length);
  const gone = [previous, previous.departed]
    .flatMap(({ ids, x, y }) => ids.map((id, i) => ({ id, x: x[i], y: y[i] })))
    .filter(({ id }) => !present.has(id))
    .slice(0, limit);
  return {
    ids: gone.map(({ id }) => id),
    x: Float64Array.from(gone, ({ x }) => x),
    y: Float64Array.from(gone, ({ y }) => y),
  };
}

/**
 * The layout of a graph that followed upon another: who stays keeps the exact place, who comes back gets the old one if
 * it is free, newcomers are put next to their neighbours or, where they have none, beside or below the rest. By the
 * graph and the previous layout alone. Without any node in common this is a fresh layout.
 */
export function layOut(graph: LayoutGraph, previous?: Layout): Layout {
  const count = graph.ids.length;
  const [x, y] = [new Float64Array(count).fill(Number.NaN), new Float64Array(count).fill(Number.NaN)];
  const placing = { x, y, occupied: new Occupied() };
  if (previous !== undefined) keepPlaces(graph, previous, placing);
  const isWaiting = (_: unknown, node: number): boolean => !isPlaced(placing, node);
  if (graph.ids.every(isWaiting)) {
    for (const place of centred(layOutFresh(graph))) put(placing, place.node, place);
  } else if (graph.ids.some(isWaiting)) {
    placeBesideNeighbours(graph, placing);
    const { connected, isolated } = findComponents(graph);
    const strangers = connected.flat().filter((node) => !isPlaced(placing, node));
    placeNewPart(
      graph,
      strangers.sort((a, b) => a - b),
      placing,
    );
    placeIsolated(graph, isolated, placing);
  }
  return { ids: graph.ids, x, y, departed: previous === undefined ? NOWHERE : departedFrom(graph, previous) };
}
