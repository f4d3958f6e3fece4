import { itemsOf, type Adjacency } from './adjacency.ts';
import type { LayeredGraph } from './layered-graph.ts';
import { COLUMN } from './layout.ts';

/** Room for an edge that passes between two nodes. */
const BEND_COLUMN = 60;
/** How hard an arc pulls by the number of its ends that are bends, which straightens edges (as in dot: Gansner, 1993). */
const PULL = [1, 2, 8];
/** How firmly a bend stays on the line that will be drawn: nodes make way for it rather than the other way round. */
const LINE_PULL = 16;
/** Of an item that nothing pulls. */
const INERTIA = 0.1;

/** `along`: by the neighbours on the side the pass comes from. `settle`: by those on both sides, bends on straight lines. */
export type Phase = 'along' | 'settle';

interface Pull {
  readonly sum: number;
  readonly weight: number;
}

/**
 * The places closest to `wishes` by least squares that keep the distances, `offsets` being the sum of the distances
 * before each: isotonic regression by pooling neighbours that violate their order.
 */
function keepApart(wishes: Float64Array, offsets: Float64Array, weights: Float64Array): Float64Array {
  const pools: { mean: number; weight: number; size: number }[] = [];
  for (let k = 0; k < wishes.length; k += 1) {
    let pool = { mean: wishes[k] - offsets[k], weight: weights[k], size: 1 };
    for (let last = pools.at(-1); last !== undefined && last.mean >= pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const mean = (last.mean * last.weight + pool.mean * pool.weight) / weight;
      pool = { mean, weight, size: last.size + pool.size };
    }
    pools.push(pool);
  }
  const places = new Float64Array(wishes.length);
  let k = 0;
  for (const { mean, size } of pools) {
    for (const end = k + size; k < end; k += 1) places[k] = mean + offsets[k];
  }
  return places;
}

/** Moves the items of ordered rows sideways, towards their neighbours, without changing the order. */
export class Relaxation {
  readonly x: Float64Array;
  readonly row: Int32Array;
  readonly #graph: LayeredGraph;
  readonly #rows: readonly (readonly number[])[];
  /** Per row: the least distance of each item from the first. */
  readonly #offsets: readonly Float64Array[];

  constructor(graph: LayeredGraph, rows: readonly (readonly number[])[]) {
    this.#graph = graph;
    this.#rows = rows;
    this.#offsets = rows.map((items) => this.#offsetsOf(items));
    this.x = new Float64Array(graph.count);
    this.row = new Int32Array(graph.count);
    rows.forEach((items, r) => {
      const middle = (this.#offsets[r].at(-1) ?? 0) / 2;
      items.forEach((item, k) => {
        this.row[item] = r;
        this.x[item] = this.#offsets[r][k] - middle;
      });
    });
  }

  /** Draws each row in turn to its neighbours. */
  pass(down: boolean, phase: Phase): void {
    for (let step = 0; step < this.#rows.length; step += 1) {
      const r = down ? step : this.#rows.length - 1 - step;
      const items = this.#rows[r];
      const wishes = new Float64Array(items.length);
      const weights = new Float64Array(items.length);
      items.forEach((item, k) => {
        const { sum, weight } = this.#pullOn(item, down, phase);
        wishes[k] = weight === 0 ? this.x[item] : sum / weight;
        weights[k] = Math.max(weight, INERTIA);
      });
      const places = keepApart(wishes, this.#offsets[r], weights);
      items.forEach((item, k) => (this.x[item] = places[k]));
    }
  }

  /** To multiples of `grid`, of which all distances are multiples too. */
  round(grid: number): void {
    this.#rows.forEach((items, r) => {
      const offsets = this.#offsets[r];
      let before = -Infinity;
      items.forEach((item, k) => {
        const rounded = Math.round((this.x[item] - offsets[k]) / grid) * grid;
        // A sum of fractions may be a hair short of the distance and round to the wrong side.
        before = Math.max(before, rounded);
        this.x[item] = before + offsets[k];
      });
    });
  }

  #offsetsOf(items: readonly number[]): Float64Array {
    const half = (item: number): number => (item < this.#graph.nodes ? COLUMN : BEND_COLUMN) / 2;
    const offsets = new Float64Array(items.length);
    for (let k = 1; k < items.length; k += 1) offsets[k] = offsets[k - 1] + half(items[k - 1]) + half(items[k]);
    return offsets;
  }

  #pullOn(item: number, down: boolean, phase: Phase): Pull {
    const { nodes, above, below } = this.#graph;
    if (phase === 'along') return this.#pullFrom(item, down ? above : below, (other) => this.x[other]);
    if (item >= nodes) return { sum: LINE_PULL * this.#onLine(item, item), weight: LINE_PULL };
    const place = (other: number): number => (other < nodes ? this.x[other] : this.#onLine(other, item));
    const [up, low] = [this.#pullFrom(item, above, place), this.#pullFrom(item, below, place)];
    return { sum: up.sum + low.sum, weight: up.weight + low.weight };
  }

  #pullFrom(item: number, side: Adjacency, place: (other: number) => number): Pull {
    const { nodes } = this.#graph;
    let [sum, weight] = [0, 0];
    for (const other of itemsOf(side, item)) {
      const pull = PULL[Number(item >= nodes) + Number(other >= nodes)];
      sum += pull * place(other);
      weight += pull;
    }
    return { sum, weight };
  }

  /**
   * Where the straight line of a bend's edge passes the row of `item`: of the bend itself, between the ends of the edge;
   * of one of those ends, from the other end through the bend.
   */
  #onLine(bend: number, item: number): number {
    const { from, to } = this.#graph.bends[bend - this.#graph.nodes];
    const [a, b] = item === bend ? [from, to] : [item === from ? to : from, bend];
    return this.x[a] + ((this.row[item] - this.row[a]) / (this.row[b] - this.row[a])) * (this.x[b] - this.x[a]);
  }
}
