import { CanvasPicture } from './canvas-picture.ts';
import type { DrawnScene } from './drawn-scene.ts';
import type { FrameClock } from './frame-clock.ts';
import type { Picture } from './painter.ts';
import type { Drawn } from './renderer.ts';
import type { DrawTheme, Size, View } from './scene.ts';

export interface DrawingOptions {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly theme: DrawTheme;
  readonly clock: FrameClock;
  readonly onDrawn: (drawn: Drawn) => void;
}

/** Draws the newest of everything at the next frame, in whichever thread. Without a change there is no frame. */
export class Drawing {
  readonly #picture: CanvasPicture;
  readonly #clock: FrameClock;
  readonly #onDrawn: (drawn: Drawn) => void;
  #theme: DrawTheme;
  #scene: DrawnScene | undefined;
  #view: View = { x: 0, y: 0, k: 1 };
  #size: Size = { width: 0, height: 0, pixelRatio: 1 };
  #frame: number | undefined;
  #pictures = 0;

  constructor({ canvas, theme, clock, onDrawn }: DrawingOptions) {
    this.#picture = new CanvasPicture(canvas);
    this.#theme = theme;
    this.#clock = clock;
    this.#onDrawn = onDrawn;
  }

  setScene(scene: DrawnScene): void {
    this.#scene = scene;
    this.#redraw();
  }

  setView(view: View): void {
    this.#view = view;
    this.#redraw();
  }

  setSize(size: Size): void {
    this.#size = size;
    this.#redraw();
  }

  setTheme(theme: DrawTheme): void {
    this.#theme = theme;
    this.#redraw();
  }

  dispose(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    this.#frame = undefined;
  }

  #redraw(): void {
    this.#frame ??= this.#clock.nextFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const { width, height, pixelRatio: ratio } = this.#size;
    if (this.#scene === undefined) return;
    const startMs = this.#clock.now();
    this.#picture.resize(Math.round(width * ratio), Math.round(height * ratio));
    const { x, y, k } = this.#view;
    const picture: Picture = {
      scene: this.#scene,
      theme: this.#theme,
      k: k * ratio,
      x: Math.round(x * ratio),
      y: Math.round(y * ratio),
      ratio,
    };
    const painted = this.#picture.show(picture);
    if (painted === undefined) return;
    this.#onDrawn({ ...painted, tookMs: this.#clock.now() - startMs, picture: ++this.#pictures });
  }
}
