import type { Context } from './frame.ts';

/** Widths are measured once at this size: they grow with it. */
const MEASURED_PX = 32;
const MOST_KEPT = 20_000;
const ELLIPSIS = '…';

/** Cuts texts to a width. Measuring is what costs, so that widths and cuts are kept. */
export class TextFit {
  readonly #family: string;
  readonly #widths = new Map<string, number>();
  readonly #cuts = new Map<string, string>();

  constructor(family: string) {
    this.#family = family;
  }

  /** In em. */
  width(context: Context, text: string): number {
    const kept = this.#widths.get(text);
    if (kept !== undefined) return kept;
    context.font = `${MEASURED_PX}px ${this.#family}`;
    const width = context.measureText(text).width / MEASURED_PX;
    if (this.#widths.size >= MOST_KEPT) this.#widths.clear();
    this.#widths.set(text, width);
    return width;
  }

  /** The text, or as much of its beginning as fits with an ellipsis into `mostEm`; empty where not even one letter does. */
  cut(context: Context, text: string, mostEm: number): string {
    // Half ems: while somebody zooms, the room changes at each frame, and what is cut does not.
    const most = Math.floor(2 * mostEm) / 2;
    if (this.width(context, text) <= most) return text;
    const key = `${most} ${text}`;
    const kept = this.#cuts.get(key);
    if (kept !== undefined) return kept;
    const cut = this.#longest(context, text, most);
    if (this.#cuts.size >= MOST_KEPT) this.#cuts.clear();
    this.#cuts.set(key, cut);
    return cut;
  }

  #longest(context: Context, text: string, mostEm: number): string {
    context.font = `${MEASURED_PX}px ${this.#family}`;
    const letters = Array.from(text);
    let least = 0;
    let most = letters.length - 1;
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      const { width } = context.measureText(letters.slice(0, middle).join('') + ELLIPSIS);
      if (width / MEASURED_PX <= mostEm) least = middle;
      else most = middle - 1;
    }
    return least <= 0 ? '' : letters.slice(0, least).join('').trimEnd() + ELLIPSIS;
  }
}
