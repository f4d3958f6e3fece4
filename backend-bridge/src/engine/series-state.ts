/**
 * State of many series as a structure of arrays: one typed array a field, index i is series i. No series has an object
 * of its own, so that a tick runs through memory in order and the whole state can be copied, remapped or written out.
 */
const ARRAYS = { f64: Float64Array, f32: Float32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;

interface Field {
  readonly kind: keyof typeof ARRAYS;
  readonly initial: number;
  /** Cells per series, 1 if absent; cell k of series i is at i * width + k. */
  readonly width?: number;
}
export type Layout = Readonly<Record<string, Field>>;
export type SeriesState<L extends Layout> = {
  readonly [F in keyof L]: InstanceType<(typeof ARRAYS)[L[F]['kind']]>;
};

/** New state in which every series has the layout's initial values. */
export function allocate<L extends Layout>(layout: L, count: number): SeriesState<L> {
  const state = Object.entries(layout).map(([name, field]) => {
    const cells = new ARRAYS[field.kind](count * (field.width ?? 1));
    return [name, field.initial === 0 ? cells : cells.fill(field.initial)] as const;
  });
  return Object.fromEntries(state) as unknown as SeriesState<L>;
}

/** Bytes that one series takes. */
export const bytesPerSeries = (layout: Layout): number =>
  Object.values(layout).reduce((sum, { kind, width = 1 }) => sum + width * ARRAYS[kind].BYTES_PER_ELEMENT, 0);

/** Where each series of a new topology was in the old one: `from[newIndex]` is the old index, or -1 for a new series. */
export type Remap = Int32Array;

/** Keeps the state of the series that live on and starts new ones afresh. */
export function remapState<L extends Layout>(layout: L, old: SeriesState<L>, from: Remap): SeriesState<L> {
  const state = allocate(layout, from.length);
  for (const [name, field] of Object.entries(layout)) {
    const width = field.width ?? 1;
    const source = old[name] as Float64Array;
    const target = state[name] as Float64Array;
    for (let i = 0; i < from.length; i += 1) {
      const j = from[i];
      if (j < 0) continue;
      for (let k = 0; k < width; k += 1) target[i * width + k] = source[j * width + k];
    }
  }
  return state;
}

/** Puts one series back to the layout's initial values. */
export function resetSeries<L extends Layout>(layout: L, state: SeriesState<L>, index: number): void {
  for (const [name, field] of Object.entries(layout)) {
    const width = field.width ?? 1;
    (state[name] as Float64Array).fill(field.initial, index * width, (index + 1) * width);
  }
}
