import { groupBy, itemsOf } from './adjacency.ts';
import { COLUMN, LAYER_ROWS, ROW, type LayoutGraph } from './layout.ts';
import type { Occupied } from './occupied.ts';

/** Places by node; NaN: none yet. */
export interface Placing {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly occupied: Occupied;
}

export const isPlaced = ({ x }: Placing, node: number): boolean => !Number.isNaN(x[node]);

export function put(
  { x, y, occupied }: Placing,
  node: number,
  place: { readonly x: number; readonly y: number },
): void {
  x[node] = place.x;
  y[node] = place.y;
  occupied.take(place.x, place.y / ROW);
}

interface Rows {
  readonly first: number;
  readonly last: number;
  readonly preferred: number;
}

/** How far from the preferred row a place is looked for. */
const REACH_ROWS = 8;
/** To stand in another row than the preferred one is worth so many columns; */
const ROW_COST = 0.75;
/** to stand above a caller, or below what one calls, so many. */
const WRONG_SIDE_COST = 12;

/** Rows in which a node is below its callers and above what it calls; none where a caller is not above what is called. */
function rowsFor(callers: readonly number[], callees: readonly number[]): Rows {
  const above = callers.reduce((most, row) => Math.max(most, row), -Infinity);
  const below = callees.reduce((least, row) => Math.min(least, row), Infinity);
  if (callees.length === 0) return { first: above + LAYER_ROWS, last: Infinity, preferred: above + LAYER_ROWS };
  if (callers.length === 0) return { first: -Infinity, last: below - LAYER_ROWS, preferred: below - LAYER_ROWS };
  const preferred = above < below ? Math.min(above + LAYER_ROWS, below - 1) : Math.round((above + below) / 2);
  return { first: above + 1, last: below - 1, preferred };
}

/** The preferred row first, then by distance: what is found early keeps the search in the others short. */
const rowsAround = (preferred: number): number[] =>
  Array.from({ length: 2 * REACH_ROWS + 1 }, (_, k) => preferred + (k % 2 === 0 ? k / 2 : -(k + 1) / 2));

function placeBeside({ x, y, occupied }: Placing, callers: readonly number[], callees: readonly number[]) {
  const rowOf = (node: number): number => y[node] / ROW;
  const { first, last, preferred } = rowsFor(callers.map(rowOf), callees.map(rowOf));
  const around = [...callers, ...callees].map((node) => x[node]).sort((a, b) => a - b);
  const wish = around[around.length >> 1];
  let best = { x: 0, y: 0, cost: Infinity };
  for (const row of rowsAround(preferred)) {
    const isWrong = first <= last && (row < first || row > last);
    const detour = ROW_COST * Math.abs(row - preferred) + (isWrong ? WRONG_SIDE_COST : 0);
    const free = occupied.closestFree(wish, row, (best.cost - detour) * COLUMN);
    if (free === undefined) continue;
    const cost = Math.abs(free - wish) / COLUMN + detour;
    if (cost < best.cost) best = { x: free, y: row * ROW, cost };
  }
  return best;
}

/**
 * Places, near their neighbours, all nodes that are reachable from placed ones over edges in either direction; the
 * closest first, by index among equals.
 */
export function placeBesideNeighbours({ ids, edgeSource, edgeTarget }: LayoutGraph, placing: Placing): void {
  const callersOf = groupBy(ids.length, edgeTarget, edgeSource);
  const calleesOf = groupBy(ids.length, edgeSource, edgeTarget);
  const isKnown = (node: number): boolean => isPlaced(placing, node);
  const neighbours = (node: number): number[] => [...itemsOf(callersOf, node), ...itemsOf(calleesOf, node)];
  let wave = Array.from(ids.keys()).filter((node) => !isKnown(node) && neighbours(node).some(isKnown));
  while (wave.length > 0) {
    for (const node of wave) {
      const callers = [...itemsOf(callersOf, node)].filter(isKnown);
      put(placing, node, placeBeside(placing, callers, [...itemsOf(calleesOf, node)].filter(isKnown)));
    }
    const next = new Set(wave.flatMap(neighbours).filter((node) => !isKnown(node)));
    wave = [...next].sort((a, b) => a - b);
  }
}
