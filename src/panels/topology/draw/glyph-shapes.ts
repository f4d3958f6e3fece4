import type { Context, Point } from './frame.ts';
import type { Glyph, Mark } from './scene.ts';

/** Adds a shape to the current path: its middle, and half its size. */
type Shape = (context: Context, middle: Point, size: number) => void;

/** `stroke`: with a line of this share of the size. */
export interface Drawn {
  readonly path: Shape;
  readonly stroke?: number;
}

const disc: Shape = (context, [x, y], r) => {
  context.moveTo(x + r, y);
  context.arc(x, y, r, 0, 2 * Math.PI);
};
const square: Shape = (context, [x, y], r) => context.rect(x - r, y - r, 2 * r, 2 * r);
const triangle: Shape = (context, [x, y], r) => {
  context.moveTo(x, y - r);
  context.lineTo(x + r, y + 0.8 * r);
  context.lineTo(x - r, y + 0.8 * r);
  context.closePath();
};
const cross: Shape = (context, [x, y], r) => {
  const arm = 0.8 * r;
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x + arm, y - arm);
  context.lineTo(x - arm, y + arm);
};
const check: Shape = (context, [x, y], r) => {
  context.moveTo(x - 0.8 * r, y + 0.05 * r);
  context.lineTo(x - 0.2 * r, y + 0.65 * r);
  context.lineTo(x + 0.85 * r, y - 0.65 * r);
};
const question: Shape = (context, [x, y], r) => {
  context.moveTo(x - 0.55 * r, y - 0.4 * r);
  context.arc(x, y - 0.4 * r, 0.55 * r, Math.PI, 2.45 * Math.PI);
  context.lineTo(x, y + 0.3 * r);
  context.moveTo(x, y + 0.75 * r);
  context.lineTo(x, y + 0.95 * r);
};
const bullseye: Shape = (context, [x, y], r) => {
  disc(context, [x, y], 0.85 * r);
  disc(context, [x, y], 0.2 * r);
};
const one: Shape = (context, [x, y], r) => {
  context.moveTo(x - 0.4 * r, y - 0.45 * r);
  context.lineTo(x + 0.1 * r, y - 0.85 * r);
  context.lineTo(x + 0.1 * r, y + 0.85 * r);
};
const arrowDown: Shape = (context, [x, y], r) => {
  context.moveTo(x, y - 0.85 * r);
  context.lineTo(x, y + 0.8 * r);
  context.moveTo(x - 0.6 * r, y + 0.2 * r);
  context.lineTo(x, y + 0.8 * r);
  context.lineTo(x + 0.6 * r, y + 0.2 * r);
};

/** Large enough for a badge or the inside of a ring. */
export const GLYPH_SHAPES: Readonly<Record<Exclude<Glyph, 'none'>, Drawn>> = {
  healthy: { path: check, stroke: 0.4 },
  degraded: { path: triangle },
  failed: { path: cross, stroke: 0.45 },
  unknown: { path: question, stroke: 0.35 },
};

/**
 * Nodes of a few pixels: only outlines can be told apart there. What is unhealthy is larger than its radius, so that it
 * stands out of thousands also on a picture in grey.
 */
export const DOT_SHAPES: Readonly<Record<Glyph, Drawn & { readonly leastPx: number; readonly grow: number }>> = {
  none: { path: square, leastPx: 1.25, grow: 1 },
  healthy: { path: square, leastPx: 1.25, grow: 1 },
  degraded: { path: triangle, leastPx: 4.5, grow: 1.3 },
  failed: { path: cross, stroke: 0.5, leastPx: 4.5, grow: 1.3 },
  unknown: { path: disc, stroke: 0.45, leastPx: 2.25, grow: 1 },
};

export const MARK_SHAPES: Readonly<Record<Exclude<Mark, 'none'>, Required<Drawn>>> = {
  cause: { path: bullseye, stroke: 0.3 },
  'first-failure': { path: one, stroke: 0.35 },
  impacted: { path: arrowDown, stroke: 0.3 },
};

export { disc, square };
