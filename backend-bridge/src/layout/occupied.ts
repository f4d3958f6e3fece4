import { COLUMN, NODE_ROWS, ROW } from './layout.ts';

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
    return this.#obstacle(x, row, 1) === undefined;
  }

  /** The free x of a row that is closest to `wish`, and not farther than `limit`; of two, the left one. */
  closestFree(wish: number, row: number, limit: number): number | undefined {
    const left = this.#firstFree(wish, row, { step: -COLUMN, limit });
    const right = this.#firstFree(wish, row, { step: COLUMN, limit: left === undefined ? limit : wish - left });
    if (left === undefined || right === undefined) return left ?? right;
    return right - wish < wish - left ? right : left;
  }

  #firstFree(wish: number, row: number, { step, limit }: { step: number; limit: number }): number | undefined {
    for (let x = wish; Math.abs(x - wish) <= limit;) {
      const obstacle = this.#obstacle(x, row, step);
      if (obstacle === undefined) return x;
      x = obstacle + step;
    }
    return undefined;
  }

  /** Of the nodes that leave no room at x, the one farthest in a direction. */
  #obstacle(x: number, row: number, direction: number): number | undefined {
    let farthest: number | undefined;
    for (let near = row - NODE_ROWS + 1; near < row + NODE_ROWS; near += 1) {
      const xs = this.#rows.get(near);
      if (xs === undefined) continue;
      const first = firstNotBelow(xs, x - COLUMN + 1);
      const found = xs[direction < 0 ? first : firstNotBelow(xs, x + COLUMN) - 1];
      if (found === undefined || Math.abs(found - x) >= COLUMN) continue;
      if (farthest === undefined || (found - farthest) * direction > 0) farthest = found;
    }
    return farthest;
  }
}
