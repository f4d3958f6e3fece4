import { itemsOf, type Adjacency } from './adjacency.ts';

/** Crossings of the arcs between two layers, of which `upper` is the order of one and `position` that of the other. */
function crossingsBetween(upper: readonly number[], below: Adjacency, position: Float64Array): number {
  const ends: number[] = [];
  for (const item of upper) ends.push(...Array.from(itemsOf(below, item), (i) => position[i]).sort((a, b) => a - b));
  // Inversions, counted with a binary indexed tree (Barth, Jünger, Mutzel, 2002).
  const size = ends.reduce((most, end) => Math.max(most, end), 0) + 1;
  const tree = new Uint32Array(size + 1);
  let crossings = 0;
  for (let seen = 0; seen < ends.length; seen += 1) {
    let notAfter = 0;
    for (let at = ends[seen] + 1; at > 0; at -= at & -at) notAfter += tree[at];
    crossings += seen - notAfter;
    for (let at = ends[seen] + 1; at <= size; at += at & -at) tree[at] += 1;
  }
  return crossings;
}

/** Of a proper layered graph. */
export function countCrossings(layers: readonly number[][], below: Adjacency, position: Float64Array): number {
  return layers.slice(0, -1).reduce((sum, layer) => sum + crossingsBetween(layer, below, position), 0);
}

/** Crossings between the arcs of `left` and those of `right` as they stand, less those if the two changed places. */
function gainOfSwap(left: Uint32Array, right: Uint32Array, position: Float64Array): number {
  let gain = 0;
  for (const a of left) for (const b of right) gain += Math.sign(position[a] - position[b]);
  return gain;
}

/** Swaps neighbours in their layers while that removes crossings. */
export function transpose(
  layers: readonly number[][],
  sides: readonly [Adjacency, Adjacency],
  position: Float64Array,
): void {
  const gain = (a: number, b: number): number =>
    sides.reduce((sum, side) => sum + gainOfSwap(itemsOf(side, a), itemsOf(side, b), position), 0);
  for (let improved = true; improved;) {
    improved = false;
    for (const layer of layers) {
      for (let k = 1; k < layer.length; k += 1) {
        const [left, right] = [layer[k - 1], layer[k]];
        if (gain(left, right) <= 0) continue;
        [layer[k - 1], layer[k]] = [right, left];
        [position[left], position[right]] = [k, k - 1];
        improved = true;
      }
    }
  }
}
