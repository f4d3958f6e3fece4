export type AnyCanvas = HTMLCanvasElement | OffscreenCanvas;

/** A canvas that nobody sees, in a worker or on a page. Device pixels. */
export function emptyCanvas(width: number, height: number): AnyCanvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
