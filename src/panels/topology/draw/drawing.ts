import { CanvasPicture } from './canvas-picture.ts';
import type { DrawnScene } from './drawn-scene.ts';
import { contextOf, emptyCanvas, type AnyCanvas } from './empty-canvas.ts';
import { FlowDots } from './flow-dots.ts';
import type { FrameClock } from './frame-clock.ts';
import type { Painted, Picture } from './painter.ts';
import type { Drawn } from './renderer.ts';
import type { DrawTheme, Size, View } from './scene.ts';

export interface DrawingOptions {
  readonly canvas: AnyCanvas;
  readonly theme: DrawTheme;
  readonly clock: FrameClock;
  readonly onDrawn: (drawn: Drawn) => void;
}

/** After a picture that left edges out, until the whole one. */
const REST_MS = 120;
/** At most 20 pictures of moving dots a second. */
const FLOW_MS = 50;

/** Draws the newest of everything at the next frame, in whichever thread. Without a change there is no frame. */
export class Drawing {
  readonly #canvas: AnyCanvas;
  readonly #clock: FrameClock;
  readonly #onDrawn: (drawn: Drawn) => void;
  readonly #dots = new FlowDots();
  /** On the canvas itself, or beside it while dots move over it. */
  #picture: CanvasPicture;
  #theme: DrawTheme;
  #scene: DrawnScene | undefined;
  #view: View = { x: 0, y: 0, k: 1 };
  #size: Size = { width: 0, height: 0, pixelRatio: 1 };
  #isFlowing = false;
  #frame: number | undefined;
  #timer: number | undefined;
  #isRested = true;
  #pictures = 0;

  constructor({ canvas, theme, clock, onDrawn }: DrawingOptions) {
    this.#canvas = canvas;
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
    this.#isRested = false;
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

  setFlow(isOn: boolean): void {
    if (isOn === this.#isFlowing) return;
    this.#isFlowing = isOn;
    this.#picture = new CanvasPicture(isOn ? emptyCanvas(1, 1) : this.#canvas);
    this.#redraw();
  }

  dispose(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#frame = undefined;
    this.#timer = undefined;
  }

  #redraw(): void {
    this.#frame ??= this.#clock.nextFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #redrawAfter(delayMs: number): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      this.#isRested = true;
      this.#redraw();
    });
  }

  #draw(): void {
    const { width, height, pixelRatio: ratio } = this.#size;
    if (this.#scene === undefined) return;
    const startMs = this.#clock.now();
    const { x, y, k } = this.#view;
    const picture = {
      scene: this.#scene,
      theme: this.#theme,
      k: k * ratio,
      x: Math.round(x * ratio),
      y: Math.round(y * ratio),
      ratio,
    };
    this.#picture.resize(Math.round(width * ratio), Math.round(height * ratio));
    const isHurried = !this.#isRested && this.#picture.isZoomed(picture);
    const painted = this.#picture.show({ ...picture, isHurried });
    if (painted === undefined) return;
    if (this.#isFlowing) this.#addDots({ ...picture, isHurried }, startMs);
    this.#goOn(painted);
    const { nodes, edges } = painted;
    this.#onDrawn({ nodes, edges, tookMs: this.#clock.now() - startMs, picture: ++this.#pictures });
  }

  #goOn({ isThinned }: Painted): void {
    if (isThinned) this.#redrawAfter(REST_MS);
    else if (this.#isFlowing) this.#redrawAfter(FLOW_MS);
  }

  #addDots(picture: Picture, nowMs: number): void {
    const { width, height } = this.#picture.canvas;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = contextOf(this.#canvas);
    if (context === null) return;
    context.globalCompositeOperation = 'copy';
    context.drawImage(this.#picture.canvas, 0, 0);
    context.globalCompositeOperation = 'source-over';
    this.#dots.paint(context, picture, { nowMs, extent: { width, height } });
  }
}
