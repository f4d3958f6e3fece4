import { COLUMN, ROW } from './layout.ts';

/** Index of the first value that is not below `limit`. */
function firstNotBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Which places are taken. Rows are in units of ROW. */
export class Occupied {
  /** x of the nodes of each row, ascending. */
  readonly #rows = new Map<number, number[]>();
  left = Infinity;
  right = -Infinity;
  top = Infinity;
  bottom = -Infinity;

  take(x: number, row: number): void {
    const known = this.#rows.get(row);
    if (known === undefined) this.#rows.set(row, [x]);
    else known.splice(firstNotBelow(known, x), 0, x);
    this.left = Math.min(this.left, x);
    this.right = Math.max(this.right, x);
    this.top = Math.min(this.top, row * ROW);
    this.bottom = Math.max(this.bottom, row * ROW);
  }

  isFree(x: number, row: number): boolean {
    const xs = this.#rows.get(row) ?? [];
    const next = firstNotBelow(xs, x - COLUMN + 1);
    return next === xs.length || xs[next] >= x + COLUMN;
  }

  /** The free x of a row that is closest to `wish`; of two, the left one. */
  closestFree(wish: number, row: number): number {
    const xs = this.#rows.get(row) ?? [];
    // Stretch k lies between the nodes k − 1 and k; those next to the wish on either side that have room are compared.
    const placeIn = (k: number): number | undefined => {
      const low = k === 0 ? -Infinity : xs[k - 1] + COLUMN;
      const high = k === xs.length ? Infinity : xs[k] - COLUMN;
      return low > high ? undefined : Math.min(Math.max(wish, low), high);
    };
    const start = firstNotBelow(xs, wish);
    let left: number | undefined;
    for (let k = start; left === undefined; k -= 1) left = placeIn(k);
    let right: number | undefined;
    for (let k = start; right === undefined; k += 1) right = placeIn(k);
    return Math.abs(right - wish) < Math.abs(left - wish) ? right : left;
  }
}
