import { changedColumns } from './drawn-scene.ts';
import { frameClock } from './frame-clock.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { pageFonts } from './page-fonts.ts';
import { prefersReducedMotion } from './reduced-motion.ts';
import type { Renderer, RendererOptions } from './renderer.ts';
import type { DrawTheme, Scene, Size, View } from './scene.ts';

/** A worker that has not answered by then is not waited for: its script may be blocked without a word. */
const PATIENCE_MS = 2_000;

export const hasWorkers = (): boolean =>
  typeof Worker !== 'undefined' &&
  typeof OffscreenCanvas !== 'undefined' &&
  'transferControlToOffscreen' in HTMLCanvasElement.prototype;

/**
 * Starts a drawing thread and tells its renderer, or undefined where none starts: a security policy forbids it, the script
 * lies on another host, or the browser's workers cannot draw. Until then the canvas is untouched. Returns what gives up.
 */
export function startWorker(options: RendererOptions, onOutcome: (renderer: Renderer | undefined) => void): () => void {
  const worker = spawn();
  if (worker === undefined) {
    onOutcome(undefined);
    return () => undefined;
  }
  let patience = 0;
  const settle = (): void => {
    frameClock.cancel(patience);
    worker.onerror = null;
    worker.onmessage = null;
  };
  const fail = (): void => {
    settle();
    worker.terminate();
    onOutcome(undefined);
  };
  patience = frameClock.after(PATIENCE_MS, fail);
  worker.onerror = (event) => {
    event.preventDefault();
    fail();
  };
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    const canvas = data.kind === 'ready' && data.canDraw ? handOver(options.canvas) : undefined;
    if (canvas === undefined) {
      fail();
      return;
    }
    settle();
    onOutcome(new WorkerRenderer(worker, canvas, options));
  };
  return () => {
    settle();
    worker.terminate();
  };
}

function spawn(): Worker | undefined {
  try {
    // Webpack makes a chunk of it only where it stands just so.
    return new Worker(new URL('./draw-worker.ts', import.meta.url));
  } catch {
    return undefined;
  }
}

/** undefined of a canvas that has been drawn on. */
function handOver(canvas: HTMLCanvasElement): OffscreenCanvas | undefined {
  try {
    return canvas.transferControlToOffscreen();
  } catch {
    return undefined;
  }
}

class WorkerRenderer implements Renderer {
  readonly #worker: Worker;
  #sent: Scene | undefined;

  constructor(worker: Worker, canvas: OffscreenCanvas, { theme, onDrawn }: RendererOptions) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'drawn') onDrawn?.(data.drawn);
    };
    const start = { canvas, theme, fonts: pageFonts(theme.fontFamily), isTold: onDrawn !== undefined };
    this.#send({ kind: 'start', ...start }, [canvas]);
  }

  setScene(scene: Scene): void {
    const changed = changedColumns(this.#sent, scene);
    this.#sent = scene;
    if (Object.keys(changed).length > 0) this.#send({ kind: 'scene', changed });
  }

  setView(view: View): void {
    this.#send({ kind: 'view', view });
  }

  setSize(size: Size): void {
    this.#send({ kind: 'size', size });
  }

  setTheme(theme: DrawTheme): void {
    this.#send({ kind: 'theme', theme });
  }

  setFlow(isOn: boolean): void {
    this.#send({ kind: 'flow', isOn: isOn && !prefersReducedMotion() });
  }

  dispose(): void {
    this.#worker.onmessage = null;
    this.#worker.terminate();
  }

  #send(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}
