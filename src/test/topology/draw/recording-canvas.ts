/** One painting call, with the style that it was made in. */
export interface Painting {
  readonly call: 'fill' | 'stroke' | 'fillRect' | 'clearRect' | 'fillText' | 'strokeText' | 'drawImage';
  /** Of the fill or the stroke, whichever it is. */
  readonly color: string;
  readonly alpha: number;
  readonly width: number;
  readonly dash: readonly number[];
  readonly operation: string;
  /** Steps of the path, or arguments of the call. */
  readonly path: readonly (readonly [step: string, ...values: unknown[]])[];
  readonly text: string | undefined;
}

const PAINTING = new Set(['fill', 'stroke', 'fillRect', 'clearRect', 'fillText', 'strokeText', 'drawImage']);
const STEPS = new Set(['moveTo', 'lineTo', 'arc', 'rect', 'closePath']);

interface Style {
  fillStyle: string;
  strokeStyle: string;
  globalAlpha: number;
  lineWidth: number;
  globalCompositeOperation: string;
  dash: readonly number[];
}

const initial = (): Style => ({
  fillStyle: '#000',
  strokeStyle: '#000',
  globalAlpha: 1,
  lineWidth: 1,
  globalCompositeOperation: 'source-over',
  dash: [],
});

/** A canvas that keeps what was painted, instead of pixels: jsdom has none. */
export class RecordingCanvas {
  width = 0;
  height = 0;
  readonly paintings: Painting[] = [];
  readonly #style = initial();
  readonly #saved: Style[] = [];
  #path: (readonly [string, ...unknown[]])[] = [];

  /** Forgets; returns what had been painted. */
  take(): Painting[] {
    return this.paintings.splice(0);
  }

  getContext(): CanvasRenderingContext2D {
    return new Proxy(this.#style, {
      get: (style, name: string) => (name in style ? style[name as keyof Style] : this.#method(name)),
    }) as unknown as CanvasRenderingContext2D;
  }

  #method(name: string): (...values: unknown[]) => unknown {
    if (PAINTING.has(name)) return (...values) => this.#paint(name as Painting['call'], values);
    if (STEPS.has(name)) return (...values) => this.#path.push([name, ...values]);
    const methods: Record<string, (...values: unknown[]) => unknown> = {
      beginPath: () => (this.#path = []),
      save: () => this.#saved.push({ ...this.#style }),
      restore: () => Object.assign(this.#style, this.#saved.pop()),
      setLineDash: (dash) => (this.#style.dash = dash as readonly number[]),
      // Half an em a letter.
      measureText: (text) => ({ width: (text as string).length * 16 }),
    };
    return methods[name] ?? (() => undefined);
  }

  #paint(call: Painting['call'], values: readonly unknown[]): void {
    const style = this.#style;
    const isText = call === 'fillText' || call === 'strokeText';
    this.paintings.push({
      call,
      color: call.startsWith('stroke') ? style.strokeStyle : style.fillStyle,
      alpha: style.globalAlpha,
      width: style.lineWidth,
      dash: style.dash,
      operation: style.globalCompositeOperation,
      path: call === 'fill' || call === 'stroke' ? this.#path : [[call, ...values]],
      text: isText ? (values[0] as string) : undefined,
    });
  }
}

/** As the elements that it stands in for. */
export const asCanvas = (canvas: RecordingCanvas): HTMLCanvasElement => canvas as unknown as HTMLCanvasElement;

export const texts = (paintings: readonly Painting[]): string[] =>
  paintings.flatMap(({ call, text }) => (call === 'fillText' && text !== undefined ? [text] : []));
export const strokesOf = (paintings: readonly Painting[], color: string): Painting[] =>
  paintings.filter((painting) => painting.call === 'stroke' && painting.color === color && painting.path.length > 0);
export const linesIn = (paintings: readonly Painting[]): number =>
  paintings.flatMap(({ path }) => path).filter(([step]) => step === 'lineTo').length;
