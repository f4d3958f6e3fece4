import { NODE_RADIUS } from '../draw/scene.ts';
import type { Place } from '../graph.ts';

/** Least distances of the middles of two nodes, in graph units: a title of two lines stands below each. */
export const COLUMN = 2.75 * NODE_RADIUS;
export const ROW = 3.25 * NODE_RADIUS;
/** Rings of candidates around a wanted place; beyond them, the last one is taken. */
const MAX_RINGS = 200;

const cellKey = (column: number, row: number): number => column * 67_108_864 + row;

/** Where nodes stand, in cells as large as the distance they keep, so that only neighbouring cells matter. */
export class Occupied {
  readonly #cells = new Map<number, Place[]>();

  add(place: Place): void {
    const key = cellKey(Math.floor(place.x / COLUMN), Math.floor(place.y / ROW));
    const cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, [place]);
    else cell.push(place);
  }

  isFree({ x, y }: Place): boolean {
    const [column, row] = [Math.floor(x / COLUMN), Math.floor(y / ROW)];
    for (let c = column - 1; c <= column + 1; c += 1) {
      for (let r = row - 1; r <= row + 1; r += 1) {
        const cell = this.#cells.get(cellKey(c, r)) ?? [];
        if (cell.some((other) => Math.abs(other.x - x) < COLUMN && Math.abs(other.y - y) < ROW)) return false;
      }
    }
    return true;
  }

  /** The wanted place or the nearest free one of a grid around it: by the wanted place and what stands there alone. */
  nearestFree(wanted: Place): Place {
    if (this.isFree(wanted)) return wanted;
    for (let ring = 1; ring < MAX_RINGS; ring += 1) {
      const candidates = ringAround(wanted, ring).filter((place) => this.isFree(place));
      if (candidates.length > 0)
        return candidates.reduce((a, b) => (distance(a, wanted) <= distance(b, wanted) ? a : b));
    }
    return { x: wanted.x + MAX_RINGS * COLUMN, y: wanted.y };
  }
}

const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Below comes before above: what is added late is looked for at the end. */
function ringAround({ x, y }: Place, ring: number): readonly Place[] {
  const places: Place[] = [];
  for (let row = ring; row >= -ring; row -= 1) {
    const isWhole = Math.abs(row) === ring;
    for (let column = -ring; column <= ring; column += isWhole ? 1 : 2 * ring) {
      places.push({ x: x + column * COLUMN, y: y + row * ROW });
    }
  }
  return places;
}
