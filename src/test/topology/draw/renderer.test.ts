import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createRenderer } from '../../../panels/topology/draw/create-renderer.ts';
import type { FromWorker, ToWorker } from '../../../panels/topology/draw/messages.ts';
import type { Drawn } from '../../../panels/topology/draw/renderer.ts';
import { RecordingCanvas } from './recording-canvas.ts';
import { sceneOf, THEME } from './scenes.ts';

const SIZE = { width: 100, height: 100, pixelRatio: 1 };
const VIEW = { x: 0, y: 0, k: 1 };
const scene = sceneOf([{ at: [0, 0] }, { at: [200, 0] }], [{ ends: [0, 1] }]);

class FakeWorker {
  static started: FakeWorker[] = [];
  onmessage: ((event: { readonly data: FromWorker }) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly received: ToWorker[] = [];
  isTerminated = false;

  constructor() {
    FakeWorker.started.push(this);
  }

  postMessage(message: ToWorker): void {
    this.received.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: FromWorker): void {
    this.onmessage?.({ data });
  }

  kinds(): string[] {
    return this.received.map(({ kind }) => kind);
  }
}

/** A canvas of jsdom that can be handed over, and drawn on by recording. */
function newCanvas() {
  const canvas = document.createElement('canvas');
  const handed = { name: 'handed over' };
  const transfer = jest.fn(() => handed);
  const recording = new RecordingCanvas();
  Object.assign(canvas, { transferControlToOffscreen: transfer, getContext: () => recording.getContext() });
  return { canvas, handed, transfer, recording };
}

function started(options: { readonly thread?: 'worker' | 'main' } = {}) {
  const page = newCanvas();
  const drawn: Drawn[] = [];
  const renderer = createRenderer({ canvas: page.canvas, theme: THEME, onDrawn: (one) => drawn.push(one), ...options });
  renderer.setSize(SIZE);
  renderer.setView(VIEW);
  renderer.setScene(scene);
  const [worker] = FakeWorker.started;
  return { ...page, renderer, drawn, worker };
}

beforeEach(() => {
  jest.useFakeTimers();
  FakeWorker.started = [];
  Object.assign(HTMLCanvasElement.prototype, { transferControlToOffscreen: () => undefined });
  Object.assign(globalThis, { Worker: FakeWorker, OffscreenCanvas: RecordingCanvas });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('with a worker', () => {
  test('the canvas is handed over once it has answered, with the newest of everything', () => {
    const { renderer, worker, handed, transfer } = started();
    renderer.setView({ x: 5, y: 5, k: 2 });
    expect(transfer).not.toHaveBeenCalled();
    worker.say({ kind: 'ready', canDraw: true });
    expect(worker.received[0]).toMatchObject({ kind: 'start', canvas: handed, theme: THEME });
    expect(worker.received).toContainEqual({ kind: 'view', view: { x: 5, y: 5, k: 2 } });
    expect(worker.kinds().filter((kind) => kind === 'view')).toHaveLength(1);
  });

  test('columns that are the same objects as last time are not sent again, ids never', () => {
    const { renderer, worker } = started();
    worker.say({ kind: 'ready', canDraw: true });
    const [first] = worker.received.filter(({ kind }) => kind === 'scene');
    expect(first).toMatchObject({ changed: { x: scene.nodes.x, source: scene.edges.source } });
    expect(Object.keys((first as { changed: object }).changed)).not.toContain('ids');
    const glyph = Uint8Array.of(3, 1);
    renderer.setScene({ ...scene, nodes: { ...scene.nodes, glyph } });
    expect(worker.received.at(-1)).toEqual({ kind: 'scene', changed: { nodeGlyph: glyph } });
    const sent = worker.received.length;
    renderer.setScene({ ...scene, nodes: { ...scene.nodes, glyph } });
    expect(worker.received).toHaveLength(sent);
  });

  test('tells what was drawn', () => {
    const { worker, drawn } = started();
    worker.say({ kind: 'ready', canDraw: true });
    worker.say({ kind: 'drawn', drawn: { nodes: 2, edges: 1, tookMs: 3, picture: 1 } });
    expect(drawn).toEqual([{ nodes: 2, edges: 1, tookMs: 3, picture: 1 }]);
  });

  test('dots do not move where motion is to be reduced', () => {
    jest.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList);
    const { renderer, worker } = started();
    worker.say({ kind: 'ready', canDraw: true });
    renderer.setFlow(true);
    expect(worker.received.at(-1)).toEqual({ kind: 'flow', isOn: false });
  });

  test.each(['before', 'after'])('ends with the renderer, %s it has answered', (when) => {
    const { renderer, worker, drawn } = started();
    if (when === 'after') worker.say({ kind: 'ready', canDraw: true });
    renderer.dispose();
    expect(worker.isTerminated).toBe(true);
    jest.advanceTimersByTime(10_000);
    expect(drawn).toEqual([]);
  });
});

describe('the page draws by itself', () => {
  const expectDrawnHere = ({ drawn }: ReturnType<typeof started>): void => {
    jest.advanceTimersByTime(100);
    expect(drawn).toHaveLength(1);
    expect(drawn[0]).toMatchObject({ nodes: 1, edges: 1, picture: 1 });
  };

  test('when it is asked to', () => {
    const page = started({ thread: 'main' });
    expect(FakeWorker.started).toEqual([]);
    expectDrawnHere(page);
  });

  test('when the browser has no canvas for workers', () => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
    expectDrawnHere(started());
    expect(FakeWorker.started).toEqual([]);
  });

  test('when a policy or another host forbids the script', () => {
    Object.assign(globalThis, {
      Worker: jest.fn(() => {
        throw new DOMException('not from there', 'SecurityError');
      }),
    });
    expectDrawnHere(started());
  });

  test('when the script does not come, and says nothing of it on the console', () => {
    const page = started();
    const event = new Event('error', { cancelable: true });
    page.worker.onerror?.(event);
    expect(event.defaultPrevented).toBe(true);
    expect(page.worker.isTerminated).toBe(true);
    expectDrawnHere(page);
  });

  test('when the worker has nothing to draw with', () => {
    const page = started();
    page.worker.say({ kind: 'ready', canDraw: false });
    expect(page.transfer).not.toHaveBeenCalled();
    expectDrawnHere(page);
  });

  test('when the worker does not answer for two seconds; an answer after that is too late', () => {
    const page = started();
    jest.advanceTimersByTime(1_900);
    expect(page.drawn).toEqual([]);
    jest.advanceTimersByTime(200);
    page.worker.say({ kind: 'ready', canDraw: true });
    expect(page.transfer).not.toHaveBeenCalled();
    expectDrawnHere(page);
  });
});
