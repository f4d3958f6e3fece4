import { select } from 'd3-selection';
import { zoom, zoomIdentity, zoomTransform, type D3ZoomEvent, type ZoomBehavior } from 'd3-zoom';
import { viewThatFits } from './fit.ts';
import { frameClock, type FrameClock } from './frame-clock.ts';
import { prefersReducedMotion } from './reduced-motion.ts';
import type { Scene, Size, View } from './scene.ts';
import { ViewMotion } from './view-motion.ts';

const ZOOM_STEP = 1.4;
const PAN_STEP_PX = 60;

export interface ViewControlOptions {
  /** Gets the listeners for wheel, drag, pinch and double click. */
  readonly element: HTMLElement;
  /** Told at each change, whoever made it. */
  readonly onView: (view: View) => void;
  /** Whether this wheel, mouse or touch event may move the view; false where a node is being dragged, for instance. */
  readonly mayPan?: (event: Event) => boolean;
  /** Least and greatest scale. */
  readonly limits?: readonly [least: number, greatest: number];
  readonly clock?: FrameClock;
}

export interface FitOptions {
  /** CSS pixels on each side; 24 by default. */
  readonly padding?: number;
  readonly how?: 'at once' | 'animated';
}

/** Zoom and pan. Moves are animated unless the system asks for reduced motion. */
export interface ViewControl {
  view(): View;
  /** `at once` for what is no answer to somebody's hand: the first view, or that of a changed size. */
  setView(view: View, how?: 'at once' | 'animated'): void;
  /** Shows the whole graph. Without nodes nothing happens. */
  fit(scene: Scene, size: Size, options?: FitOptions): void;
  /** About the middle of the element. */
  zoomBy(factor: number): void;
  /** CSS pixels. */
  panBy(dx: number, dy: number): void;
  /** Brings a node to the middle, near enough to be read. */
  centreOn(place: { readonly x: number; readonly y: number }, size: Size): void;
  /** Arrow keys pan, + and - zoom, 0 calls `fit`. False for a key that means nothing here. */
  key(key: string, fit: () => void): boolean;
  dispose(): void;
}

const KEYS: Readonly<Record<string, (control: ViewControl, fit: () => void) => void>> = {
  ArrowLeft: (control) => control.panBy(PAN_STEP_PX, 0),
  ArrowRight: (control) => control.panBy(-PAN_STEP_PX, 0),
  ArrowUp: (control) => control.panBy(0, PAN_STEP_PX),
  ArrowDown: (control) => control.panBy(0, -PAN_STEP_PX),
  '+': (control) => control.zoomBy(ZOOM_STEP),
  '=': (control) => control.zoomBy(ZOOM_STEP),
  '-': (control) => control.zoomBy(1 / ZOOM_STEP),
  '0': (_control, fit) => fit(),
};

export const LIMITS: readonly [number, number] = [0.01, 4];
/** Scale at which a node's labels are shown. */
const READABLE_K = 0.8;

const clampTo = ([least, greatest]: readonly [number, number], k: number): number =>
  Math.max(least, Math.min(greatest, k));

export const createViewControl = (options: ViewControlOptions): ViewControl => new ZoomedView(options);

class ZoomedView implements ViewControl {
  readonly #element: HTMLElement;
  readonly #limits: readonly [number, number];
  readonly #motion: ViewMotion;
  readonly #behaviour: ZoomBehavior<HTMLElement, unknown>;

  constructor({ element, onView, mayPan = () => true, limits = LIMITS, clock = frameClock }: ViewControlOptions) {
    this.#element = element;
    this.#limits = limits;
    this.#motion = new ViewMotion(clock);
    this.#behaviour = zoom<HTMLElement, unknown>()
      .scaleExtent([...limits])
      .filter((event: MouseEvent) => isPlain(event) && mayPan(event))
      .on('start', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        if (event.sourceEvent !== null) this.#motion.stop();
      })
      .on('zoom', ({ transform: { x, y, k } }: D3ZoomEvent<HTMLElement, unknown>) => onView({ x, y, k }));
    // d3-zoom's own answer to a double click is animated also where motion is to be reduced.
    select(element)
      .call(this.#behaviour)
      .on('dblclick.zoom', (event: MouseEvent) => {
        const { left, top } = element.getBoundingClientRect();
        if (mayPan(event)) this.setView(this.#scaled(2, event.clientX - left, event.clientY - top));
      });
  }

  view(): View {
    const { x, y, k } = zoomTransform(this.#element);
    return { x, y, k };
  }

  setView(view: View, how: 'at once' | 'animated' = 'animated'): void {
    const isAnimated = how === 'animated' && !prefersReducedMotion();
    if (isAnimated) this.#motion.run(this.view(), view, (between) => this.#apply(between));
    else {
      this.#motion.stop();
      this.#apply(view);
    }
  }

  fit(scene: Scene, size: Size, { padding = 24, how = 'animated' }: FitOptions = {}): void {
    const view = viewThatFits(scene, size, { padding, limits: [this.#limits[0], 1] });
    if (view !== undefined) this.setView(view, how);
  }

  zoomBy(factor: number): void {
    this.setView(this.#scaled(factor, this.#element.clientWidth / 2, this.#element.clientHeight / 2));
  }

  panBy(dx: number, dy: number): void {
    const { x, y, k } = this.#next();
    this.setView({ x: x + dx, y: y + dy, k });
  }

  centreOn(place: { readonly x: number; readonly y: number }, size: Size): void {
    const k = Math.max(this.view().k, READABLE_K);
    this.setView({ k, x: size.width / 2 - place.x * k, y: size.height / 2 - place.y * k });
  }

  key(key: string, fit: () => void): boolean {
    const act = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    act?.(this, fit);
    return act !== undefined;
  }

  dispose(): void {
    this.#motion.stop();
    select(this.#element).on('.zoom', null);
  }

  /** Where a move that is under way will end: a second press of a key goes on from there. */
  #next(): View {
    return this.#motion.target ?? this.view();
  }

  #apply({ x, y, k }: View): void {
    this.#behaviour.transform(select(this.#element), zoomIdentity.translate(x, y).scale(k));
  }

  /** Scaled about a point, which keeps its place. */
  #scaled(factor: number, x: number, y: number): View {
    const from = this.#next();
    const k = clampTo(this.#limits, from.k * factor);
    return { k, x: x - ((x - from.x) / from.k) * k, y: y - ((y - from.y) / from.k) * k };
  }
}

/** As d3-zoom's own filter: no other button, and Ctrl only with the wheel, which is how browsers tell a pinch. */
const isPlain = (event: MouseEvent): boolean => (!event.ctrlKey || event.type === 'wheel') && !event.button;
