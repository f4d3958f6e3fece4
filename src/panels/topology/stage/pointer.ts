import { frameClock, type FrameClock } from '../draw/frame-clock.ts';
import type { Hit } from '../draw/scene.ts';

/** CSS pixels of the stage. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PointerEvents {
  hitAt(point: Point): Hit | undefined;
  onHover(hit: Hit | undefined, at: Point): void;
  onClick(hit: Hit | undefined, isWithShift: boolean): void;
  onDoubleClick(hit: Hit | undefined): void;
  /** While a node follows the pointer. */
  onDrag(node: number, at: Point): void;
  onDrop(node: number, at: Point): void;
}

/** A hand is never quite still. */
const CLICK_SLACK_PX = 4;

interface Press {
  readonly id: number;
  readonly from: Point;
  readonly hit: Hit | undefined;
  readonly isDragging: boolean;
}

export interface PointerFollower {
  /** Indices mean other things now: what was pressed is let go without a word. */
  letGo(): void;
  dispose(): void;
}

/** Turns what a pointer does on the stage into what it means. */
export function followPointer(
  element: HTMLElement,
  events: PointerEvents,
  clock: FrameClock = frameClock,
): PointerFollower {
  const following = new Following(element, events, clock);
  const listening = new AbortController();
  const { signal } = listening;
  const on = (type: 'pointerdown' | 'pointermove' | 'pointerup', act: (event: PointerEvent) => void): void =>
    element.addEventListener(type, act, { signal });
  on('pointerdown', (event) => following.down(event));
  on('pointermove', (event) => following.move(event));
  on('pointerup', (event) => following.up(event));
  element.addEventListener('pointercancel', () => following.cancel(), { signal });
  element.addEventListener('pointerleave', () => following.leave(), { signal });
  element.addEventListener('dblclick', (event) => following.doubleClick(event), { signal });
  return {
    letGo: () => following.letGo(),
    dispose: () => {
      listening.abort();
      following.letGo();
    },
  };
}

class Following {
  readonly #element: HTMLElement;
  readonly #events: PointerEvents;
  readonly #clock: FrameClock;
  #press: Press | undefined;
  #hovering: { readonly at: Point; readonly frame: number } | undefined;

  constructor(element: HTMLElement, events: PointerEvents, clock: FrameClock) {
    this.#element = element;
    this.#events = events;
    this.#clock = clock;
  }

  down(event: PointerEvent): void {
    if (event.button !== 0 || !event.isPrimary) return;
    const from = this.#pointOf(event);
    this.#press = { id: event.pointerId, from, hit: this.#events.hitAt(from), isDragging: false };
  }

  move(event: PointerEvent): void {
    const at = this.#pointOf(event);
    // Let go somewhere else, where nobody told.
    if (event.buttons === 0) this.#press = undefined;
    const press = this.#press;
    if (press === undefined) this.#hover(at);
    if (press?.id !== event.pointerId) return;
    if (!press.isDragging) {
      if (distance(press.from, at) <= CLICK_SLACK_PX) return;
      this.#press = { ...press, isDragging: true };
      this.#endHover();
      if (press.hit?.kind === 'node') this.#element.setPointerCapture?.(event.pointerId);
    }
    if (press.hit?.kind === 'node') this.#events.onDrag(press.hit.index, at);
  }

  up(event: PointerEvent): void {
    const press = this.#press;
    if (press?.id !== event.pointerId) return;
    this.#press = undefined;
    if (!press.isDragging) this.#events.onClick(press.hit, event.shiftKey);
    else if (press.hit?.kind === 'node') this.#events.onDrop(press.hit.index, this.#pointOf(event));
  }

  cancel(): void {
    const press = this.#press;
    this.#press = undefined;
    this.#endHover();
    if (press?.isDragging === true && press.hit?.kind === 'node') this.#events.onDrop(press.hit.index, press.from);
  }

  leave(): void {
    if (this.#press === undefined) this.#endHover();
  }

  doubleClick(event: MouseEvent): void {
    this.#events.onDoubleClick(this.#events.hitAt(this.#pointOf(event)));
  }

  letGo(): void {
    this.#press = undefined;
    this.#forgetHover();
  }

  #forgetHover(): void {
    if (this.#hovering !== undefined) this.#clock.cancelFrame(this.#hovering.frame);
    this.#hovering = undefined;
  }

  #pointOf(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** Looked up once a frame, however often the pointer tells. */
  #hover(at: Point): void {
    const frame = this.#hovering?.frame ?? this.#clock.nextFrame(() => this.#tellHover());
    this.#hovering = { at, frame };
  }

  #tellHover(): void {
    const at = this.#hovering?.at;
    this.#hovering = undefined;
    if (at !== undefined) this.#events.onHover(this.#events.hitAt(at), at);
  }

  #endHover(): void {
    this.#forgetHover();
    this.#events.onHover(undefined, { x: 0, y: 0 });
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
