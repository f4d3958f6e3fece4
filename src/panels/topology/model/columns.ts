/** The column of last time where it says the same, so that it is not sent again. */
export function keptNumbers<T extends Float32Array | Uint8Array | Uint16Array | Uint32Array>(
  previous: T | undefined,
  next: T,
): T {
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
