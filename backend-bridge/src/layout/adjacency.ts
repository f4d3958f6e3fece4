/** For each node a list of numbers: those of node i are items[offsets[i]] … items[offsets[i + 1] − 1]. */
export interface Adjacency {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** Groups `values` (by default the indices) by `keys`, keeping their order within a key. */
export function groupBy(count: number, keys: ArrayLike<number>, values?: ArrayLike<number>): Adjacency {
  const offsets = new Uint32Array(count + 1);
  for (let k = 0; k < keys.length; k += 1) offsets[keys[k] + 1] += 1;
  for (let i = 0; i < count; i += 1) offsets[i + 1] += offsets[i];
  const next = offsets.slice(0, count);
  const items = new Uint32Array(keys.length);
  for (let k = 0; k < keys.length; k += 1) {
    items[next[keys[k]]] = values === undefined ? k : values[k];
    next[keys[k]] += 1;
  }
  return { offsets, items };
}

export const degree = ({ offsets }: Adjacency, i: number): number => offsets[i + 1] - offsets[i];
export const itemsOf = ({ offsets, items }: Adjacency, i: number): Uint32Array =>
  items.subarray(offsets[i], offsets[i + 1]);
