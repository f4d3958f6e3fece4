interface NumberColumn<T> {
  new (length: number): T;
}
type Numbers = Float32Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** A column of rows. `from` of typed arrays goes through an iterator, which takes several times as long. */
export function column<Row, T extends Numbers>(
  type: NumberColumn<T>,
  rows: ArrayLike<Row>,
  read: (row: Row, index: number) => number,
): T {
  const values = new type(rows.length);
  for (let i = 0; i < rows.length; i += 1) values[i] = read(rows[i], i);
  return values;
}

/** 0, 1, 2 … */
export function numbersBelow(count: number): Uint32Array {
  const values = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) values[i] = i;
  return values;
}

/** The column of last time where it says the same, so that it is not sent again. */
export function keptNumbers<T extends Numbers>(previous: T | undefined, next: T): T {
  if (previous?.length !== next.length) return next;
  for (let i = 0; i < next.length; i += 1) if (previous[i] !== next[i]) return next;
  return previous;
}

export function keptTexts(previous: readonly string[] | undefined, next: readonly string[]): readonly string[] {
  if (previous?.length !== next.length) return next;
  for (let i = 0; i < next.length; i += 1) if (previous[i] !== next[i]) return next;
  return previous;
}

/** More entries than this are those of colours that passed by. */
const MAX_KEPT = 4_096;
const MAX_INDEX = 65_535;

/**
 * Numbers texts in the order they come, going on from those of last time: a colour that keeps its number leaves the column
 * of colours the same.
 */
export class TextIndex {
  readonly #texts: string[];
  readonly #known: Map<string, number>;
  readonly #previous: readonly string[];

  constructor(previous: readonly string[] = []) {
    this.#previous = previous;
    this.#texts = previous.length > MAX_KEPT ? [] : [...previous];
    this.#known = new Map(this.#texts.map((text, index) => [text, index]));
  }

  indexOf(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length > MAX_INDEX) return 0;
    this.#known.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  /** The list of last time if nothing was added. */
  texts(): readonly string[] {
    return keptTexts(this.#previous, this.#texts);
  }
}
