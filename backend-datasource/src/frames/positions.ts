import type { LayoutResponse, ServiceHealth } from '@topdeck/protocol';

export interface Position {
  readonly x: number;
  readonly y: number;
}

/**
 * Pixels of Grafana's node graph for one unit of the layout, whose circles are 80 wide there. One constant for all graphs:
 * a factor taken from what is shown would move every node when one comes that stands closer.
 */
const SCALE = 0.8;
/** Distances, in pixels, of nodes that the layout does not know yet. */
const COLUMN = 110;
const ROW = 115;
/** A part of the graph is brought into view in steps so wide that nodes seldom change which one it is. */
const STEP = 500;

/** Smallest and largest, for spreading tens of thousands of arguments overflows the stack. */
const range = (values: readonly number[]): readonly [number, number] =>
  values.reduce<readonly [number, number]>(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [Infinity, -Infinity],
  );

/**
 * The node graph looks at the point 0, 0 first, at scale 1. The whole layout is made around it and stays as it is; a part
 * may lie far away.
 */
function inView(positions: readonly Position[]): readonly Position[] {
  const [left, right] = range(positions.map(({ x }) => x));
  const [top, bottom] = range(positions.map(({ y }) => y));
  const step = (from: number, to: number): number => Math.round((from + to) / 2 / STEP) * STEP;
  const [middleX, middleY] = [step(left, right), step(top, bottom)];
  return positions.map(({ x, y }) => ({ x: x - middleX, y: y - middleY }));
}

/**
 * A place for every node: Grafana's node graph refuses a frame in which some nodes have one and others do not. Those that
 * the layout does not know yet stand in a grid below it, by id, so that the same nodes always get the same places.
 */
export function positionsOf(nodes: readonly ServiceHealth[], layout: LayoutResponse | undefined): readonly Position[] {
  const known = new Map(
    (layout?.positions ?? []).map(([id, x, y]) => [id, { x: Math.round(x * SCALE), y: Math.round(y * SCALE) }]),
  );
  const total = known.size;
  const strangers = nodes.filter(({ resource_id }) => !known.has(resource_id));
  const placed = [...known.values()];
  const [left] = range(placed.map(({ x }) => x));
  const [, bottom] = range(placed.map(({ y }) => y));
  const [startX, startY] = known.size === 0 ? [0, 0] : [left, bottom + 2 * ROW];
  const columns = Math.max(1, Math.ceil(Math.sqrt(strangers.length)));
  strangers.forEach(({ resource_id }, index) =>
    known.set(resource_id, {
      x: startX + (index % columns) * COLUMN,
      y: startY + Math.floor(index / columns) * ROW,
    }),
  );
  const positions = nodes.map(({ resource_id }) => known.get(resource_id) as Position);
  return nodes.length - strangers.length < total ? inView(positions) : positions;
}
