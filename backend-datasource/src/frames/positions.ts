import type { LayoutResponse, ServiceHealth } from '@topdeck/protocol';

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Pixels from circle to circle of Grafana's node graph (80 wide) that leave room for the two lines below each. */
const COLUMN = 110;
const ROW = 115;

/** The least distance above 0 between neighbours; Infinity where there is none. */
function leastGap(values: Iterable<number>): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((least, value, i) => {
    const gap = i === 0 ? 0 : value - sorted[i - 1];
    return gap > 0 ? Math.min(least, gap) : least;
  }, Infinity);
}

/**
 * The node graph begins at scale 1 and does not fit itself to what it shows: the layout is drawn together as far as
 * circles stay apart, never pulled apart.
 */
function drawnTogether(positions: LayoutResponse['positions']): Map<string, Position> {
  const rows = Map.groupBy(positions, ([, , y]) => y);
  const columnGap = Math.min(...[...rows.values()].map((row) => leastGap(row.map(([, x]) => x))));
  const factorX = Math.min(1, COLUMN / columnGap) || 1;
  const factorY = Math.min(1, ROW / leastGap(rows.keys())) || 1;
  return new Map(positions.map(([id, x, y]) => [id, { x: x * factorX, y: y * factorY }]));
}

/** Smallest and largest, for spreading tens of thousands of arguments overflows the stack. */
const range = (values: readonly number[]): readonly [number, number] =>
  values.reduce<readonly [number, number]>(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [Infinity, -Infinity],
  );

/** It looks at the point 0, 0 first: without this, most graphs begin out of sight. */
function centred(positions: readonly Position[]): readonly Position[] {
  const [left, right] = range(positions.map(({ x }) => x));
  const [top, bottom] = range(positions.map(({ y }) => y));
  const [middleX, middleY] = [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
  return positions.map(({ x, y }) => ({ x: Math.round(x) - middleX, y: Math.round(y) - middleY }));
}

/**
 * A place for every node: Grafana's node graph refuses a frame in which some nodes have one and others do not. Those that
 * the layout does not know yet stand in a grid below it, by id, so that the same nodes always get the same places.
 */
export function positionsOf(nodes: readonly ServiceHealth[], layout: LayoutResponse | undefined): readonly Position[] {
  const known = drawnTogether(layout?.positions ?? []);
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
  return centred(nodes.map(({ resource_id }) => known.get(resource_id) as Position));
}
