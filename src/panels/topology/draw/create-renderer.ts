import { Drawing } from './drawing.ts';
import { frameClock } from './frame-clock.ts';
import type { Renderer, RendererOptions } from './renderer.ts';

export function createRenderer({ canvas, theme, onDrawn = () => undefined }: RendererOptions): Renderer {
  const drawing = new Drawing({ canvas, theme, clock: frameClock, onDrawn });
  return {
    setScene: (scene) => drawing.setScene(scene),
    setView: (view) => drawing.setView(view),
    setSize: (size) => drawing.setSize(size),
    setTheme: (next) => drawing.setTheme(next),
    setFlow: () => undefined,
    dispose: () => drawing.dispose(),
  };
}
