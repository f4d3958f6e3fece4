import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createViewControl, type ViewControlOptions } from '../../../panels/topology/draw/view-control.ts';
import type { Size, View } from '../../../panels/topology/draw/scene.ts';
import { FakeFrames } from './fake-frames.ts';
import { sceneOf } from './scenes.ts';

/** As browser-setup says of every element. */
const SIZE: Size = { width: 400, height: 400, pixelRatio: 1 };
const scene = sceneOf([{ at: [0, 0] }, { at: [2000, 1000] }]);

function started(options: Partial<ViewControlOptions> = {}) {
  const element = document.createElement('div');
  document.body.append(element);
  const views: View[] = [];
  const frames = new FakeFrames();
  const onView = (view: View): void => void views.push(view);
  const control = createViewControl({ element, onView, clock: frames, ...options });
  return { element, views, frames, control };
}

const preferMotion = (isReduced: boolean): void => {
  jest.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: isReduced } as MediaQueryList);
};
const pixelOf = (view: View, x: number, y: number): readonly [number, number] => [
  x * view.k + view.x,
  y * view.k + view.y,
];
const unitAt = (view: View, x: number, y: number): readonly [number, number] => [
  (x - view.x) / view.k,
  (y - view.y) / view.k,
];
const near = (actual: readonly number[], expected: readonly number[]): void => {
  actual.forEach((value, at) => expect(value).toBeCloseTo(expected[at], 4));
};

beforeEach(() => preferMotion(false));
afterEach(() => {
  jest.restoreAllMocks();
  document.body.replaceChildren();
});

describe('a view', () => {
  test('fits all nodes, in the middle', () => {
    const { control } = started();
    control.fit(scene, SIZE, { padding: 20, how: 'at once' });
    const view = control.view();
    for (const [x, y] of [
      [0, 0],
      [2000, 1000],
    ] as const) {
      for (const pixel of pixelOf(view, x, y)) {
        expect(pixel).toBeGreaterThanOrEqual(20);
        expect(pixel).toBeLessThanOrEqual(380);
      }
    }
    expect(pixelOf(view, 1000, 0)[0]).toBeCloseTo(200);
  });

  test('does not enlarge a few nodes beyond their size, and stays where there is none', () => {
    const { control, views } = started();
    control.fit(sceneOf([{ at: [5, 5] }]), SIZE, { how: 'at once' });
    expect(control.view().k).toBe(1);
    control.fit(sceneOf([]), SIZE, { how: 'at once' });
    expect(views).toHaveLength(1);
  });

  test('moves over some frames and arrives exactly', () => {
    const { control, views, frames } = started();
    control.setView({ x: 100, y: -50, k: 2 });
    expect(views).toHaveLength(0);
    frames.advance(100);
    const between = control.view();
    expect(between.k).toBeGreaterThan(1);
    expect(between.k).toBeLessThan(2);
    frames.advance(400);
    expect(control.view()).toEqual({ x: 100, y: -50, k: 2 });
    expect(frames.waiting).toBe(0);
  });

  test('keeps the middle in its place while it is zoomed', () => {
    const { control, frames } = started();
    control.setView({ x: 30, y: 70, k: 0.5 }, 'at once');
    const middle = unitAt(control.view(), 200, 200);
    control.zoomBy(2);
    for (let step = 0; step < 20; step++) {
      frames.frame();
      near(unitAt(control.view(), 200, 200), middle);
    }
    expect(control.view().k).toBeCloseTo(1);
  });

  test('goes on from where it is going when a key is pressed again', () => {
    const { control, frames } = started();
    control.key('ArrowLeft', () => undefined);
    frames.frame();
    control.key('ArrowLeft', () => undefined);
    frames.advance(500);
    expect(control.view()).toEqual({ x: 120, y: 0, k: 1 });
  });

  test('jumps where motion is to be reduced', () => {
    preferMotion(true);
    const { control, views, frames } = started();
    control.zoomBy(2);
    expect(views.at(-1)?.k).toBe(2);
    expect(frames.waiting).toBe(0);
  });

  test('stays within its limits', () => {
    const { control } = started({ limits: [0.5, 2] });
    control.setView({ x: 0, y: 0, k: 1 }, 'at once');
    preferMotion(true);
    for (let press = 0; press < 5; press++) control.key('+', () => undefined);
    expect(control.view().k).toBe(2);
    for (let press = 0; press < 9; press++) control.key('-', () => undefined);
    expect(control.view().k).toBe(0.5);
  });

  test('brings a node to the middle, near enough to be read', () => {
    const { control, frames } = started();
    control.setView({ x: 0, y: 0, k: 0.1 }, 'at once');
    control.centreOn({ x: 2000, y: 1000 }, SIZE);
    frames.advance(500);
    near(pixelOf(control.view(), 2000, 1000), [200, 200]);
    expect(control.view().k).toBe(0.8);
  });
});

describe('keys', () => {
  test('0 fits, others pan and zoom, and the rest means nothing', () => {
    preferMotion(true);
    const { control } = started();
    const fit = jest.fn();
    expect(control.key('0', fit)).toBe(true);
    expect(fit).toHaveBeenCalledTimes(1);
    expect(control.key('ArrowDown', fit)).toBe(true);
    expect(control.view()).toEqual({ x: 0, y: -60, k: 1 });
    expect(control.key('a', fit)).toBe(false);
    expect(control.key('toString', fit)).toBe(false);
  });
});

describe('hands', () => {
  const wheel = (element: HTMLElement, deltaY: number): WheelEvent => {
    const event = new WheelEvent('wheel', { deltaY, clientX: 100, clientY: 100, bubbles: true, cancelable: true });
    element.dispatchEvent(event);
    return event;
  };

  test('a wheel zooms about the pointer', () => {
    const { element, control } = started();
    const before = unitAt(control.view(), 100, 100);
    expect(wheel(element, -200).defaultPrevented).toBe(true);
    expect(control.view().k).toBeGreaterThan(1);
    near(unitAt(control.view(), 100, 100), before);
  });

  test('where the owner says no, the wheel is the page’s', () => {
    const { element, views } = started({ mayPan: () => false });
    expect(wheel(element, -200).defaultPrevented).toBe(false);
    expect(views).toEqual([]);
  });

  test('a wheel stops a move that is under way', () => {
    const { element, control, frames } = started();
    control.setView({ x: 5000, y: 0, k: 1 });
    frames.frame();
    wheel(element, -10);
    const { x } = control.view();
    frames.advance(500);
    expect(control.view().x).toBe(x);
  });

  test('a drag pans', () => {
    const { element, control } = started();
    const at = (x: number, y: number): MouseEventInit => ({
      clientX: x,
      clientY: y,
      bubbles: true,
      cancelable: true,
      view: window,
    });
    element.dispatchEvent(new MouseEvent('mousedown', at(100, 100)));
    window.dispatchEvent(new MouseEvent('mousemove', at(130, 90)));
    window.dispatchEvent(new MouseEvent('mouseup', at(130, 90)));
    expect(control.view()).toEqual({ x: 30, y: -10, k: 1 });
  });

  test('a double click zooms to the double', () => {
    const { element, control, frames } = started();
    element.dispatchEvent(new MouseEvent('dblclick', { clientX: 50, clientY: 60, bubbles: true }));
    frames.advance(500);
    expect(control.view().k).toBe(2);
    near(unitAt(control.view(), 50, 60), [50, 60]);
  });

  test('after dispose nothing moves', () => {
    const { element, control, views, frames } = started();
    control.setView({ x: 9, y: 9, k: 1 });
    control.dispose();
    wheel(element, -200);
    frames.advance(500);
    expect(views).toEqual([]);
  });
});
