/** Runs in the browser: the panel's drawing on a page of its own, moved as a hand moves it. */
import { createRenderer } from '../../../../src/panels/topology/draw/create-renderer.ts';
import { viewThatFits } from '../../../../src/panels/topology/draw/fit.ts';
import type { Drawn, Renderer } from '../../../../src/panels/topology/draw/renderer.ts';
import type { DrawTheme, Scene, Size, View } from '../../../../src/panels/topology/draw/scene.ts';
import type { BenchPage, Difference, GraphSize, Motion, Thread } from '../contract.ts';
import { benchScene, nextState } from '../scene.ts';

const SIZE: Size = { width: 1600, height: 900, pixelRatio: 1 };
const THEME: DrawTheme = {
  background: '#181b1f',
  text: '#ccccdc',
  textSecondary: '#9a9aa5',
  selection: '#6e9fff',
  marks: { cause: '#f2495c', 'first-failure': '#b877d9', impacted: '#ff9830' },
  fontFamily: 'Helvetica, Arial, sans-serif',
};
/** A hand in a hurry: pixels a frame, around a circle. */
const STEP_PX = 12;
const CIRCLE_PX = 300;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** What a canvas shows on nothing, or on its page; also one whose drawing was handed to a worker. */
function pixelsOf(canvas: HTMLCanvasElement, width: number, background?: string): Uint8ClampedArray {
  const height = Math.round((width * SIZE.height) / SIZE.width);
  const copy = new OffscreenCanvas(width, height).getContext('2d');
  if (copy === null) return new Uint8ClampedArray(0);
  if (background !== undefined) {
    copy.fillStyle = background;
    copy.fillRect(0, 0, width, height);
  }
  copy.drawImage(canvas, 0, 0, width, height);
  return copy.getImageData(0, 0, width, height).data;
}

class Bench implements BenchPage {
  #scene: Scene = benchScene({ nodes: 0, edges: 0 });
  #fitted: View = { x: 0, y: 0, k: 1 };
  #view: View = this.#fitted;
  #canvas = document.createElement('canvas');
  #remembered: Uint8ClampedArray = new Uint8ClampedArray(0);
  #renderer: Renderer | undefined;
  #drawn: Drawn[] = [];
  #onDrawn: (() => void) | undefined;

  prepare(graph: GraphSize): void {
    this.#renderer?.dispose();
    this.#scene = benchScene(graph);
    this.#fitted = viewThatFits(this.#scene, SIZE, { padding: 24, limits: [0.001, 1] }) ?? this.#fitted;
    this.#view = this.#fitted;
    this.#canvas = document.createElement('canvas');
    this.#canvas.width = SIZE.width;
    this.#canvas.height = SIZE.height;
    document.body.replaceChildren(this.#canvas);
  }

  async firstPicture(thread: Thread): Promise<number> {
    const startMs = performance.now();
    this.#renderer = createRenderer({
      canvas: this.#canvas,
      theme: THEME,
      thread,
      onDrawn: (drawn) => {
        this.#drawn.push(drawn);
        this.#onDrawn?.();
      },
    });
    this.#renderer.setSize(SIZE);
    this.#renderer.setView(this.#view);
    this.#renderer.setScene(this.#scene);
    // A worker says that it has drawn before the page shows it.
    do await frame();
    while (!pixelsOf(this.#canvas, 160).some((channel) => channel > 0));
    return performance.now() - startMs;
  }

  async updates(count: number): Promise<readonly number[]> {
    const took: number[] = [];
    for (let tick = 0; tick < count; tick++) {
      const next = nextState(this.#scene, tick);
      await frame();
      const painted = this.#nextPicture();
      const startMs = performance.now();
      this.#renderer?.setScene(next);
      took.push(performance.now() - startMs);
      await painted;
    }
    return took;
  }

  pan(durationMs: number, k = this.#fitted.k): Promise<Motion> {
    const middleX = (SIZE.width / 2 - this.#fitted.x) / this.#fitted.k;
    const middleY = (SIZE.height / 2 - this.#fitted.y) / this.#fitted.k;
    return this.#move(durationMs, (step) => {
      const angle = (step * STEP_PX) / CIRCLE_PX;
      return {
        k,
        x: SIZE.width / 2 - middleX * k + CIRCLE_PX * Math.cos(angle),
        y: SIZE.height / 2 - middleY * k + CIRCLE_PX * Math.sin(angle),
      };
    });
  }

  zoom(durationMs: number): Promise<Motion> {
    const { x, y, k } = this.#fitted;
    return this.#move(durationMs, (step) => {
      // To the fourfold and back, in 150 frames.
      const factor = 1 + 3 * (0.5 - 0.5 * Math.cos(step / 25));
      const about = (middle: number, offset: number): number => middle - (middle - offset) * factor;
      return { k: k * factor, x: about(SIZE.width / 2, x), y: about(SIZE.height / 2, y) };
    });
  }

  thread(): Thread {
    try {
      return this.#canvas.getContext('2d') === null ? 'worker' : 'main';
    } catch {
      return 'worker';
    }
  }

  async moveBy(dx: number, dy: number): Promise<void> {
    const painted = this.#nextPicture();
    this.#view = { ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy };
    this.#renderer?.setView(this.#view);
    await painted;
  }

  async repaint(): Promise<void> {
    const painted = this.#nextPicture();
    this.#renderer?.setTheme({ ...THEME });
    await painted;
  }

  async remember(): Promise<void> {
    this.#remembered = await this.#shown();
  }

  async difference(): Promise<Difference> {
    const now = await this.#shown();
    let pixels = 0;
    let most = 0;
    for (let pixel = 0; pixel < now.length; pixel += 4) {
      const channels = [0, 1, 2, 3].map((at) => Math.abs(now[pixel + at] - this.#remembered[pixel + at]));
      const greatest = Math.max(...channels);
      if (greatest > 0) pixels++;
      most = Math.max(most, greatest);
    }
    return { pixels, most };
  }

  /** Some frames later than it was drawn: a worker's pictures come to the page by themselves. */
  async #shown(): Promise<Uint8ClampedArray> {
    for (let wait = 0; wait < 10; wait++) await frame();
    return pixelsOf(this.#canvas, SIZE.width, THEME.background);
  }

  async #move(durationMs: number, viewAt: (step: number) => View): Promise<Motion> {
    const begun = this.#nextPicture();
    this.#renderer?.setView(viewAt(0));
    await begun;
    const first = this.#drawn.length;
    const startMs = performance.now();
    for (let step = 1; performance.now() - startMs < durationMs; step++) {
      this.#renderer?.setView(viewAt(step));
      await frame();
    }
    const pictures = this.#drawn.slice(first);
    const fps = (1000 * pictures.length) / (performance.now() - startMs);
    return { fps, tookMs: median(pictures.map(({ tookMs }) => tookMs)) };
  }

  #nextPicture(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrawn = () => {
        this.#onDrawn = undefined;
        resolve();
      };
    });
  }
}

Object.assign(window, { bench: new Bench() });
