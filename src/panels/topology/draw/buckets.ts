/** Rows that are painted alike, beside each other. */
export interface Buckets {
  /** Bucket b has the rows order[offsets[b]] … order[offsets[b + 1] - 1]. */
  readonly offsets: Uint32Array;
  readonly order: Uint32Array;
  readonly count: number;
}

/** Buckets come ascending by key, which so decides what is painted over what; rows keep their order. */
export function bucketsOf(rows: number, keyOf: (row: number) => number): Buckets {
  const keys = new Float64Array(rows);
  const sizes = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const key = keyOf(row);
    keys[row] = key;
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  const sorted = [...sizes.keys()].sort((a, b) => a - b);
  const offsets = new Uint32Array(sorted.length + 1);
  const next = new Map<number, number>();
  sorted.forEach((key, bucket) => {
    next.set(key, offsets[bucket]);
    offsets[bucket + 1] = offsets[bucket] + (sizes.get(key) ?? 0);
  });
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = next.get(keys[row]) ?? 0;
    order[at] = row;
    next.set(keys[row], at + 1);
  }
  return { offsets, order, count: sorted.length };
}

export function rowsWhere(column: Uint8Array, holds: (value: number) => boolean): readonly number[] {
  const rows: number[] = [];
  column.forEach((value, row) => {
    if (holds(value)) rows.push(row);
  });
  return rows;
}
