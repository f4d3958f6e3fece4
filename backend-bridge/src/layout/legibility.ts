import type { LayeredGraph } from './layered-graph.ts';
import { itemsOf } from './adjacency.ts';
import { COLUMN, ROW } from './layout.ts';
import type { Coordinates } from './coordinates.ts';

/** A line that runs through a node reads as two edges of that node, which is worse than some crossings. */
const RUN_THROUGH_COST = 4;
/** Radius of a node with some room around, as a share of COLUMN. */
const CLEARANCE = 0.28 * COLUMN;
/** Length only decides between drawings that are alike otherwise. */
const LENGTH_COST = 1 / (40 * COLUMN);

interface Line {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** The edges as they will be drawn: straight from node to node, whatever they bend around. */
function linesOf({ nodes, below, bends }: LayeredGraph, { x, row }: Coordinates): Line[] {
  const lines: Line[] = [];
  for (let from = 0; from < nodes; from += 1) {
    for (const next of itemsOf(below, from)) {
      const to = next < nodes ? next : bends[next - nodes].to;
      lines.push({ from, to, x: x[from], y: row[from] * ROW, dx: x[to] - x[from], dy: (row[to] - row[from]) * ROW });
    }
  }
  return lines;
}

/** On which side of a line a node is: −1, 0 or 1. */
const sideOf = ({ x, y, dx, dy }: Line, place: Coordinates, node: number): number =>
  Math.sign(dx * (place.row[node] * ROW - y) - dy * (place.x[node] - x));

function cross(a: Line, b: Line, place: Coordinates): boolean {
  if (a.from === b.from || a.to === b.to || a.from === b.to || a.to === b.from) return false;
  const separates = (line: Line, other: Line): boolean =>
    sideOf(line, place, other.from) * sideOf(line, place, other.to) < 0;
  return separates(a, b) && separates(b, a);
}

function runsThrough({ from, to, x, y, dx, dy }: Line, place: Coordinates, node: number): boolean {
  if (node === from || node === to) return false;
  const [aside, down] = [place.x[node] - x, place.row[node] * ROW - y];
  if (down <= 0 || down >= dy) return false;
  return Math.abs(aside * dy - down * dx) < CLEARANCE * Math.hypot(dx, dy);
}

/** How hard a drawing of a component is to read; the number of edges squared to compute, so for small ones. */
export function difficulty(graph: LayeredGraph, place: Coordinates): number {
  const lines = linesOf(graph, place);
  let cost = 0;
  lines.forEach((line, e) => {
    cost += Math.hypot(line.dx, line.dy) * LENGTH_COST;
    for (let other = e + 1; other < lines.length; other += 1) cost += Number(cross(line, lines[other], place));
    for (let node = 0; node < graph.nodes; node += 1) {
      if (runsThrough(line, place, node)) cost += RUN_THROUGH_COST;
    }
  });
  return cost;
}
