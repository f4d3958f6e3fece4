import type { DrawnScene } from './drawn-scene.ts';
import { NODE_RADIUS, type DrawTheme } from './scene.ts';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Device pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One picture. Everything is painted in device pixels: pixel = unit × k + offset. */
export interface Frame {
  readonly context: Context;
  readonly scene: DrawnScene;
  readonly theme: DrawTheme;
  readonly k: number;
  readonly x: number;
  readonly y: number;
  /** Device pixels in a CSS pixel. */
  readonly ratio: number;
  /** What is to be painted; the context is clipped to it. */
  readonly area: Area;
  readonly level: Level;
  /** Another picture follows at once: of very many edges, some may be left out. */
  readonly isHurried: boolean;
}

/**
 * How near: `dot` nodes are shapes that tell health alone, `shape` ones have a ring with their glyph in it, `full` ones have
 * numbers, icon and labels.
 */
export type Level = 'dot' | 'shape' | 'full';

/** Radius of a node in CSS pixels from which on there is room for more. */
const SHAPE_FROM_PX = 5;
const FULL_FROM_PX = 16;

export function levelOf(k: number): Level {
  const radius = NODE_RADIUS * k;
  if (radius < SHAPE_FROM_PX) return 'dot';
  return radius < FULL_FROM_PX ? 'shape' : 'full';
}

export type Point = readonly [x: number, y: number];

/** Whether anything within `reach` of a point is in the area. */
export const isNear = ({ left, top, right, bottom }: Area, [x, y]: Point, reach: number): boolean =>
  x > left - reach && x < right + reach && y > top - reach && y < bottom + reach;

export const colorOf = (frame: Frame, index: number): string => frame.scene.palette[index] ?? frame.theme.textSecondary;
