import type { DrawTheme, Scene, Size, View } from './scene.ts';

/** Told after each picture, for measurements and for tests. */
export interface Drawn {
  /** Of the thread that drew. */
  readonly tookMs: number;
  readonly nodes: number;
  readonly edges: number;
  /** Counts pictures. */
  readonly picture: number;
}

export interface RendererOptions {
  readonly canvas: HTMLCanvasElement;
  readonly theme: DrawTheme;
  readonly onDrawn?: (drawn: Drawn) => void;
  /** `main` where no worker may be used; by default a worker where the browser has OffscreenCanvas and lets one start. */
  readonly thread?: 'worker' | 'main';
}

/** Draws the newest of everything at the next frame; what comes in between is never drawn. */
export interface Renderer {
  setScene(scene: Scene): void;
  setView(view: View): void;
  setSize(size: Size): void;
  setTheme(theme: DrawTheme): void;
  /** Moving dots along edges. Costs nothing while off. */
  setFlow(isOn: boolean): void;
  dispose(): void;
}
