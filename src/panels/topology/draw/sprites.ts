import { contextOf, emptyCanvas, type AnyCanvas } from './empty-canvas.ts';
import type { Context } from './frame.ts';
import { disc, GLYPH_SHAPES } from './glyph-shapes.ts';
import type { DrawTheme, Glyph } from './scene.ts';

interface Look {
  readonly color: string;
  readonly glyph: Glyph;
  readonly isDashed: boolean;
  /** Device pixels. */
  readonly radius: number;
}

/** Share of the radius. */
const RING_SHARE = 0.15;

export const ringWidth = (radius: number, ratio: number): number => Math.max(RING_SHARE * radius, 1.5 * ratio);

/** Twelve dashes, whatever the size. */
export const dashesOf = (radius: number): number[] => [0.6, 0.4].map((share) => (share * 2 * Math.PI * radius) / 12);

/**
 * Small nodes, painted once a look and copied: 1,000 rings took 11 to 19 ms as paths (the more in one path, the longer),
 * and below 3 as copies. While somebody zooms, the dozen looks are painted anew at each frame.
 */
export class Sprites {
  readonly #theme: DrawTheme;
  readonly #ratio: number;
  readonly #painted = new Map<string, AnyCanvas>();

  constructor(theme: DrawTheme, ratio: number) {
    this.#theme = theme;
    this.#ratio = ratio;
  }

  get(look: Look): AnyCanvas {
    const key = `${look.color} ${look.glyph} ${look.isDashed}`;
    let sprite = this.#painted.get(key);
    if (sprite === undefined) this.#painted.set(key, (sprite = this.#paint(look)));
    return sprite;
  }

  #paint({ color, glyph, isDashed, radius }: Look): AnyCanvas {
    const side = 2 * Math.ceil(radius + 1);
    const sprite = emptyCanvas(side, side);
    const context = contextOf(sprite);
    if (context === null) return sprite;
    const middle = [side / 2, side / 2] as const;
    const width = ringWidth(radius, this.#ratio);
    context.beginPath();
    disc(context, middle, radius);
    context.fillStyle = this.#theme.background;
    context.fill();
    context.beginPath();
    disc(context, middle, radius - width / 2);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash(isDashed ? dashesOf(radius) : []);
    context.stroke();
    context.setLineDash([]);
    if (glyph !== 'none') paintGlyph(context, { color, glyph, radius }, middle);
    return sprite;
  }
}

function paintGlyph(
  context: Context,
  { color, glyph, radius }: { readonly color: string; readonly glyph: Exclude<Glyph, 'none'>; readonly radius: number },
  middle: readonly [number, number],
): void {
  const { path, stroke } = GLYPH_SHAPES[glyph];
  const size = 0.5 * radius;
  context.beginPath();
  path(context, middle, size);
  context.fillStyle = color;
  context.lineWidth = (stroke ?? 0) * size;
  if (stroke === undefined) context.fill();
  else context.stroke();
}

/** The sprites of one scale and theme; those before are dropped. */
export class SpriteCache {
  #key: { readonly theme: DrawTheme; readonly k: number; readonly ratio: number } | undefined;
  #sprites: Sprites | undefined;

  of({ theme, k, ratio }: { readonly theme: DrawTheme; readonly k: number; readonly ratio: number }): Sprites {
    const isSame = this.#key?.theme === theme && this.#key.k === k && this.#key.ratio === ratio;
    if (this.#sprites === undefined || !isSame) this.#sprites = new Sprites(theme, ratio);
    this.#key = { theme, k, ratio };
    return this.#sprites;
  }
}
