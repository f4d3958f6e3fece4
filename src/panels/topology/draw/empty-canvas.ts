import type { Context } from './frame.ts';

export type AnyCanvas = HTMLCanvasElement | OffscreenCanvas;

/** A canvas that nobody sees, in a worker or on a page. Device pixels. */
export function emptyCanvas(width: number, height: number): AnyCanvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** Both kinds have it, but TypeScript does not find what two sets of overloads have in common. */
export const contextOf = (canvas: AnyCanvas): Context | null =>
  'transferToImageBitmap' in canvas ? canvas.getContext('2d') : canvas.getContext('2d');
