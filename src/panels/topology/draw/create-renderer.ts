import { Drawing } from './drawing.ts';
import { frameClock } from './frame-clock.ts';
import { prefersReducedMotion } from './reduced-motion.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import type { DrawTheme, Scene, Size, View } from './scene.ts';
import { hasWorkers, startWorker } from './worker-renderer.ts';

/**
 * Draws on a canvas that is given to it for good: it is handed to another thread where there is one, after which nobody
 * else can draw on it, a second renderer neither. Nothing is drawn before scene, view and size are set.
 */
export function createRenderer(options: RendererOptions): Renderer {
  return options.thread === 'main' || !hasWorkers() ? drawHere(options) : new StartingRenderer(options);
}

function drawHere({ canvas, theme, onDrawn = () => undefined }: RendererOptions): Renderer {
  const drawing = new Drawing({ canvas, theme, clock: frameClock, onDrawn });
  return {
    setScene: (scene) => drawing.setScene(scene),
    setView: (view) => drawing.setView(view),
    setSize: (size) => drawing.setSize(size),
    setTheme: (next) => drawing.setTheme(next),
    setFlow: (isOn) => drawing.setFlow(isOn && !prefersReducedMotion()),
    dispose: () => drawing.dispose(),
  };
}

/** Keeps the newest of everything until it is known which thread draws. */
class StartingRenderer implements Renderer {
  readonly #giveUp: () => void;
  readonly #waiting = new Map<string, (renderer: Renderer) => void>();
  #renderer: Renderer | undefined;

  constructor(options: RendererOptions) {
    this.#giveUp = startWorker(options, (started) => {
      this.#renderer = started ?? drawHere(options);
      for (const tell of this.#waiting.values()) tell(this.#renderer);
      this.#waiting.clear();
    });
  }

  setScene(scene: Scene): void {
    this.#tell('scene', (renderer) => renderer.setScene(scene));
  }

  setView(view: View): void {
    this.#tell('view', (renderer) => renderer.setView(view));
  }

  setSize(size: Size): void {
    this.#tell('size', (renderer) => renderer.setSize(size));
  }

  setTheme(theme: DrawTheme): void {
    this.#tell('theme', (renderer) => renderer.setTheme(theme));
  }

  setFlow(isOn: boolean): void {
    this.#tell('flow', (renderer) => renderer.setFlow(isOn));
  }

  dispose(): void {
    if (this.#renderer === undefined) this.#giveUp();
    else this.#renderer.dispose();
  }

  #tell(what: string, tell: (renderer: Renderer) => void): void {
    if (this.#renderer === undefined) this.#waiting.set(what, tell);
    else tell(this.#renderer);
  }
}
