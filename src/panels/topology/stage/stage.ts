import { createHitIndex } from '../draw/hit-index.ts';
import { boundsOf } from '../draw/fit.ts';
import type { MiniMap } from '../draw/mini-map.ts';
import type { Renderer } from '../draw/renderer.ts';
import type { DrawTheme, Hit, Scene, Size, View } from '../draw/scene.ts';
import { createViewControl, type ViewControl } from '../draw/view-control.ts';
import type { Drawing } from './drawing.ts';
import { laidOver, type Overlay } from './overlay.ts';
import { followPointer, type Point, type PointerFollower } from './pointer.ts';

export interface StageEvents {
  readonly onHover: (hit: Hit | undefined, at: Point) => void;
  readonly onClick: (hit: Hit | undefined, isWithShift: boolean) => void;
  readonly onDoubleClick: (hit: Hit | undefined) => void;
  /** In graph units. */
  readonly onDrop: (node: number, place: Point) => void;
  /** Whether a wheel moves the view, rather than the page. */
  readonly mayZoom: (event: WheelEvent) => boolean;
}

export interface StageOptions {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly drawing: Drawing;
  readonly theme: DrawTheme;
  /** Read at each event, so that what it closes over may change. */
  readonly events: () => StageEvents;
}

/**
 * A canvas with its view, its pointer and what lies under it. It is fed by React and asks nothing of it: what follows a
 * hand (hover, drag, pan, zoom) goes to the renderer without a component being drawn again.
 */
export class Stage {
  readonly #options: StageOptions;
  readonly #renderer: Renderer;
  readonly #control: ViewControl;
  readonly #hits = createHitIndex();
  readonly #pointer: PointerFollower;
  #scene: Scene | undefined;
  #size: Size = { width: 0, height: 0, pixelRatio: 1 };
  #overlay: Overlay = {};
  #isFitted = false;
  #miniMap: MiniMap | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
    const { element, canvas, drawing, theme } = options;
    this.#renderer = drawing.createRenderer({ canvas, theme });
    this.#control = createViewControl({
      element,
      onView: (view) => this.#showView(view),
      mayPan: (event) => this.#mayPan(event),
    });
    this.#pointer = followPointer(element, {
      hitAt: ({ x, y }) => this.#hitAt(x, y),
      onHover: (hit, at) => this.#hover(hit, at),
      onClick: (hit, isWithShift) => options.events().onClick(hit, isWithShift),
      onDoubleClick: (hit) => options.events().onDoubleClick(hit),
      onDrag: (node, at) => this.#drag(node, at),
      onDrop: (node, at) => this.#drop(node, at),
    });
  }

  setScene(scene: Scene): void {
    const isOther = this.#scene?.nodes.ids !== scene.nodes.ids || this.#scene.edges.ids !== scene.edges.ids;
    this.#scene = scene;
    if (isOther) {
      this.#overlay = {};
      this.#pointer.letGo();
      this.#options.events().onHover(undefined, { x: 0, y: 0 });
    }
    this.#draw();
    this.#fitFirst();
  }

  setSize(size: Size): void {
    const before = this.#size;
    this.#size = size;
    this.#renderer.setSize(size);
    if (this.#isFitted) this.#keepMiddle(before, size);
    else this.#fitFirst();
    this.#miniMap?.setView(this.#control.view(), size);
  }

  setTheme(theme: DrawTheme): void {
    this.#renderer.setTheme(theme);
    this.#miniMap?.setTheme(theme);
  }

  setFlow(isOn: boolean): void {
    this.#renderer.setFlow(isOn);
  }

  /** Gives its end. */
  attachMiniMap(miniMap: MiniMap): () => void {
    this.#miniMap = miniMap;
    if (this.#scene !== undefined) miniMap.setScene(this.#scene);
    miniMap.setView(this.#control.view(), this.#size);
    return () => {
      this.#miniMap = undefined;
      miniMap.dispose();
    };
  }

  fit(): void {
    if (this.#scene !== undefined) this.#control.fit(this.#scene, this.#size);
  }

  zoomBy(factor: number): void {
    this.#control.zoomBy(factor);
  }

  panBy(dx: number, dy: number): void {
    this.#control.panBy(dx, dy);
  }

  centreOn(node: number): void {
    const nodes = this.#scene?.nodes;
    if (nodes === undefined || node >= nodes.x.length) return;
    this.#control.centreOn({ x: nodes.x[node], y: nodes.y[node] }, this.#size);
  }

  /** Shows where the keyboard is. */
  point(node: number | undefined): void {
    if (this.#overlay.cursor === node) return;
    this.#overlay = { ...this.#overlay, cursor: node };
    this.#draw();
  }

  /** Moves the view only when the node is not in it. */
  reveal(node: number): void {
    const nodes = this.#scene?.nodes;
    if (nodes === undefined || node >= nodes.x.length) return;
    const { x, y, k } = this.#control.view();
    const isSeen =
      isWithin(nodes.x[node] * k + x, this.#size.width) && isWithin(nodes.y[node] * k + y, this.#size.height);
    if (!isSeen) this.centreOn(node);
  }

  setView(view: View): void {
    this.#control.setView(view, 'at once');
  }

  dispose(): void {
    this.#pointer.dispose();
    this.#control.dispose();
    this.#renderer.dispose();
  }

  #draw(): void {
    if (this.#scene === undefined) return;
    const scene = laidOver(this.#scene, this.#overlay);
    this.#renderer.setScene(scene);
    this.#hits.setScene(scene);
    this.#miniMap?.setScene(this.#overlay.dragged === undefined ? this.#scene : scene);
  }

  /** Once: whoever has looked at a place is not to be carried away from it by data. */
  #fitFirst(): void {
    const { width, height } = this.#size;
    if (this.#isFitted || this.#scene === undefined || width === 0 || height === 0) return;
    if (boundsOf(this.#scene) === undefined) return;
    this.#isFitted = true;
    this.#control.fit(this.#scene, this.#size, { how: 'at once' });
  }

  #keepMiddle(before: Size, now: Size): void {
    const { x, y, k } = this.#control.view();
    const dx = (now.width - before.width) / 2;
    const dy = (now.height - before.height) / 2;
    if (dx !== 0 || dy !== 0) this.#control.setView({ x: x + dx, y: y + dy, k }, 'at once');
  }

  #showView(view: View): void {
    this.#renderer.setView(view);
    this.#miniMap?.setView(view, this.#size);
  }

  #hitAt(x: number, y: number): Hit | undefined {
    return this.#hits.at(x, y, this.#control.view());
  }

  #mayPan(event: Event): boolean {
    if (event.type === 'wheel') return this.#options.events().mayZoom(event as WheelEvent);
    // Two fingers zoom, wherever they are.
    if ('touches' in event && (event as TouchEvent).touches.length > 1) return true;
    const at = 'touches' in event ? (event as TouchEvent).touches[0] : (event as MouseEvent);
    if (at === undefined) return true;
    const { left, top } = this.#options.element.getBoundingClientRect();
    return this.#hitAt(at.clientX - left, at.clientY - top)?.kind !== 'node';
  }

  #hover(hit: Hit | undefined, at: Point): void {
    const hoveredNode = hit?.kind === 'node' ? hit.index : undefined;
    const hoveredEdge = hit?.kind === 'edge' ? hit.index : undefined;
    if (hoveredNode !== this.#overlay.hoveredNode || hoveredEdge !== this.#overlay.hoveredEdge) {
      this.#overlay = { ...this.#overlay, hoveredNode, hoveredEdge };
      this.#draw();
    }
    this.#options.element.style.cursor = hit === undefined ? 'grab' : 'pointer';
    this.#options.events().onHover(hit, at);
  }

  #inUnits({ x, y }: Point): Point {
    const view = this.#control.view();
    return { x: (x - view.x) / view.k, y: (y - view.y) / view.k };
  }

  #drag(node: number, at: Point): void {
    this.#overlay = { ...this.#overlay, dragged: { node, ...this.#inUnits(at) } };
    this.#draw();
  }

  #drop(node: number, at: Point): void {
    this.#overlay = { ...this.#overlay, dragged: undefined };
    // Still where it was let go until the scene with its new place comes.
    this.#options.events().onDrop(node, this.#inUnits(at));
  }
}

const isWithin = (pixel: number, length: number): boolean => pixel > 0 && pixel < length;
