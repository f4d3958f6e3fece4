import { viewThatFits } from './fit.ts';
import { frameClock, type FrameClock } from './frame-clock.ts';
import { isSamePlace } from './edge-lines.ts';
import { GLYPHS, type DrawTheme, type Scene, type Size, type View } from './scene.ts';

export interface MiniMapOptions {
  readonly canvas: HTMLCanvasElement;
  readonly theme: DrawTheme;
  /** Of the map itself. */
  readonly size: Size;
  readonly clock?: FrameClock;
}

/** The whole graph, small, with a rectangle where the panel looks. Draws at the next frame, and what is newest then. */
export interface MiniMap {
  setScene(scene: Scene): void;
  /** What the panel shows, and how large the panel is. */
  setView(view: View, panel: Size): void;
  setTheme(theme: DrawTheme): void;
  /** The view that has in its middle what is at this point of the map (CSS pixels). */
  viewAt(x: number, y: number): View | undefined;
  dispose(): void;
}

const PADDING_PX = 4;
/** More would be a grey square; which ones are left out depends on the order of edges alone, so nothing flickers. */
const MOST_EDGES = 2_000;
const NODE_PX = 2;
const UNHEALTHY_PX = 4;

export const createMiniMap = (options: MiniMapOptions): MiniMap => new CachedMap(options);

class CachedMap implements MiniMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #graph = document.createElement('canvas');
  readonly #clock: FrameClock;
  readonly #size: Size;
  #theme: DrawTheme;
  #scene: Scene | undefined;
  #panel: { readonly view: View; readonly size: Size } | undefined;
  #isStale = true;
  #frame: number | undefined;

  constructor({ canvas, theme, size, clock = frameClock }: MiniMapOptions) {
    this.#canvas = canvas;
    this.#theme = theme;
    this.#size = size;
    this.#clock = clock;
  }

  setScene(scene: Scene): void {
    const isSame = this.#scene !== undefined && looksTheSame(this.#scene, scene);
    this.#scene = scene;
    if (!isSame) this.#redrawGraph();
  }

  setView(view: View, size: Size): void {
    this.#panel = { view, size };
    this.#redraw();
  }

  setTheme(theme: DrawTheme): void {
    this.#theme = theme;
    this.#redrawGraph();
  }

  viewAt(x: number, y: number): View | undefined {
    const map = this.#fitted();
    if (map === undefined || this.#panel === undefined) return undefined;
    const { view, size } = this.#panel;
    const unitX = (x - map.x) / map.k;
    const unitY = (y - map.y) / map.k;
    return { k: view.k, x: size.width / 2 - unitX * view.k, y: size.height / 2 - unitY * view.k };
  }

  dispose(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    this.#frame = undefined;
  }

  #fitted(): View | undefined {
    return this.#scene && viewThatFits(this.#scene, this.#size, { padding: PADDING_PX, limits: [0, 1] });
  }

  #redrawGraph(): void {
    this.#isStale = true;
    this.#redraw();
  }

  #redraw(): void {
    this.#frame ??= this.#clock.nextFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    const map = this.#fitted();
    if (this.#isStale) this.#drawGraph(map);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    // An empty canvas is no image.
    if (this.#graph.width > 0 && this.#graph.height > 0) context.drawImage(this.#graph, 0, 0);
    if (map === undefined || this.#panel === undefined) return;
    drawViewport(context, { ...this.#panel, map, theme: this.#theme, ratio: this.#size.pixelRatio });
  }

  #drawGraph(map: View | undefined): void {
    this.#isStale = false;
    for (const canvas of [this.#canvas, this.#graph]) setPixels(canvas, this.#size);
    const context = this.#graph.getContext('2d');
    if (context === null || this.#scene === undefined || map === undefined) return;
    drawGraph(context, { scene: this.#scene, map, theme: this.#theme, size: this.#size });
  }
}

const looksTheSame = (a: Scene, b: Scene): boolean =>
  isSamePlace(a, b) && a.nodes.color === b.nodes.color && a.nodes.glyph === b.nodes.glyph && a.palette === b.palette;

function setPixels(canvas: HTMLCanvasElement, { width, height, pixelRatio }: Size): void {
  canvas.width = Math.round(width * pixelRatio);
  canvas.height = Math.round(height * pixelRatio);
}

interface Picture {
  readonly scene: Scene;
  readonly map: View;
  readonly theme: DrawTheme;
  readonly size: Size;
}

function drawGraph(context: CanvasRenderingContext2D, { scene, map, theme, size }: Picture): void {
  const { nodes, edges } = scene;
  const ratio = size.pixelRatio;
  const px = (node: number): number => (nodes.x[node] * map.k + map.x) * ratio;
  const py = (node: number): number => (nodes.y[node] * map.k + map.y) * ratio;
  const step = Math.max(1, Math.ceil(edges.source.length / MOST_EDGES));
  context.beginPath();
  for (let edge = 0; edge < edges.source.length; edge += step) {
    context.moveTo(px(edges.source[edge]), py(edges.source[edge]));
    context.lineTo(px(edges.target[edge]), py(edges.target[edge]));
  }
  context.strokeStyle = theme.textSecondary;
  context.globalAlpha = 0.3;
  context.lineWidth = 0.5;
  context.stroke();
  context.globalAlpha = 1;
  for (const isBad of [false, true]) drawNodes(context, { scene, isBad, ratio }, [px, py]);
}

const BAD = [GLYPHS.indexOf('degraded'), GLYPHS.indexOf('failed')];

function drawNodes(
  context: CanvasRenderingContext2D,
  { scene, isBad, ratio }: { readonly scene: Scene; readonly isBad: boolean; readonly ratio: number },
  [px, py]: readonly [(node: number) => number, (node: number) => number],
): void {
  const { color, glyph } = scene.nodes;
  const side = (isBad ? UNHEALTHY_PX : NODE_PX) * ratio;
  const byColor = new Map<number, number[]>();
  for (let node = 0; node < color.length; node++) {
    if (BAD.includes(glyph[node]) !== isBad) continue;
    const list = byColor.get(color[node]);
    if (list === undefined) byColor.set(color[node], [node]);
    else list.push(node);
  }
  for (const [index, list] of byColor) {
    context.fillStyle = scene.palette[index] ?? '';
    context.beginPath();
    for (const node of list) context.rect(px(node) - side / 2, py(node) - side / 2, side, side);
    context.fill();
  }
}

interface Viewport {
  readonly view: View;
  readonly size: Size;
  readonly map: View;
  readonly theme: DrawTheme;
  readonly ratio: number;
}

function drawViewport(context: CanvasRenderingContext2D, { view, size, map, theme, ratio }: Viewport): void {
  const scale = (map.k / view.k) * ratio;
  const left = (-view.x / view.k) * map.k * ratio + map.x * ratio;
  const top = (-view.y / view.k) * map.k * ratio + map.y * ratio;
  context.strokeStyle = theme.selection;
  context.lineWidth = 1.5 * ratio;
  context.strokeRect(left, top, size.width * scale, size.height * scale);
}
