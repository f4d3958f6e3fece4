import type { Place } from '../graph.ts';
import type { Places } from '../model/places.ts';
import { layeredPlaces } from './layered-places.ts';
import { neighboursOf, partGraphs, partsOf, waysOf, type LayoutGraph } from './layout-graph.ts';
import { COLUMN, Occupied, ROW } from './occupied.ts';

/** About how many times as wide as high all parts become together. */
const STRETCH = 1.8;
const PART_GAP = 2;
/** From a caller to what it calls. */
const LAYER = 1.5 * ROW;

interface Block extends Places {
  readonly nodes: readonly number[];
  readonly width: number;
  readonly height: number;
}

const most = (values: Float32Array): number => values.reduce((a, b) => Math.max(a, b), 0);

function connectedBlock(nodes: readonly number[], graph: LayoutGraph): Block {
  const { x, y } = layeredPlaces(graph);
  return { nodes, x, y, width: most(x) + PART_GAP * COLUMN, height: most(y) + PART_GAP * ROW };
}

function gridBlock(nodes: readonly number[]): Block {
  const columns = Math.ceil(Math.sqrt(nodes.length * STRETCH));
  const x = Float32Array.from(nodes, (_, k) => (k % columns) * COLUMN);
  const y = Float32Array.from(nodes, (_, k) => Math.floor(k / columns) * ROW);
  return { nodes, x, y, width: most(x) + PART_GAP * COLUMN, height: most(y) + PART_GAP * ROW };
}

/** Lays blocks out in lines, the largest first; `put` is called for each of their nodes. */
function pack(blocks: readonly Block[], from: Place, put: (node: number, place: Place) => void): void {
  const area = blocks.reduce((sum, { width, height }) => sum + width * height, 0);
  const limit = blocks.reduce((widest, { width }) => Math.max(widest, width), Math.sqrt(area * STRETCH));
  let [x, y, high] = [0, 0, 0];
  for (const block of blocks) {
    if (x > 0 && x + block.width > limit) [x, y, high] = [0, y + high, 0];
    block.nodes.forEach((node, k) => put(node, { x: from.x + x + block.x[k], y: from.y + y + block.y[k] }));
    x += block.width;
    high = Math.max(high, block.height);
  }
}

/** Places so far; NaN where a node has none. */
class Board {
  readonly occupied = new Occupied();
  readonly places: Places;

  constructor(known: Places) {
    this.places = { x: known.x.slice(), y: known.y.slice() };
    known.x.forEach((x, node) => {
      if (!Number.isNaN(x)) this.occupied.add({ x, y: known.y[node] });
    });
  }

  has(node: number): boolean {
    return !Number.isNaN(this.places.x[node]);
  }

  put(node: number, place: Place): void {
    this.places.x[node] = place.x;
    this.places.y[node] = place.y;
    this.occupied.add(place);
  }

  /** Left below of all. */
  corner(): Place {
    const known = Array.from(this.places.x.keys()).filter((node) => this.has(node));
    if (known.length === 0) return { x: 0, y: 0 };
    return {
      x: known.reduce((least, node) => Math.min(least, this.places.x[node]), Infinity),
      y: known.reduce((lowest, node) => Math.max(lowest, this.places.y[node]), -Infinity) + PART_GAP * ROW,
    };
  }
}

/** Newcomers go below their callers or above what they call, in rounds, since some know newcomers only. */
function placeBesideNeighbours(graph: LayoutGraph, board: Board): void {
  const { out, into } = waysOf(graph);
  const placed = (others: Uint32Array): readonly number[] => Array.from(others).filter((other) => board.has(other));
  const middle = (others: readonly number[]): Place => ({
    x: others.reduce((sum, other) => sum + board.places.x[other], 0) / others.length,
    y: others.reduce((sum, other) => sum + board.places.y[other], 0) / others.length,
  });
  let waiting = Array.from({ length: graph.count }, (_, node) => node).filter((node) => !board.has(node));
  for (;;) {
    const ready = waiting.flatMap((node) => {
      const [callers, called] = [placed(neighboursOf(into, node)), placed(neighboursOf(out, node))];
      if (callers.length === 0 && called.length === 0) return [];
      const { x, y } = middle([...callers, ...called]);
      const shift = callers.length > 0 && called.length > 0 ? 0 : callers.length > 0 ? LAYER : -LAYER;
      return [{ node, wanted: { x, y: y + shift } }];
    });
    if (ready.length === 0) return;
    for (const { node, wanted } of ready) board.put(node, board.occupied.nearestFree(wanted));
    waiting = waiting.filter((node) => !board.has(node));
  }
}

/**
 * A place for each node. Those that have one keep it (NaN: it has none); newcomers stand beside their neighbours, parts of
 * which no node has a place are laid out by layers below the rest. By its arguments alone.
 */
export function startPlaces(graph: LayoutGraph, known: Places): Places {
  const board = new Board(known);
  if (known.x.some((x) => !Number.isNaN(x))) placeBesideNeighbours(graph, board);
  const strangers = partsOf(graph).filter(([first]) => !board.has(first));
  const connected = strangers.filter(({ length }) => length > 1);
  const graphs = partGraphs(graph, connected);
  const blocks = connected.map((nodes, part) => connectedBlock(nodes, graphs[part]));
  const alone = strangers.filter(({ length }) => length === 1).flat();
  pack(alone.length === 0 ? blocks : [...blocks, gridBlock(alone)], board.corner(), (node, place) =>
    board.put(node, place),
  );
  return board.places;
}
