import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Graph } from '../../../panels/topology/graph.ts';
import { createPlaceKeeper } from '../../../panels/topology/layout/place-keeper.ts';
import { relaxInSteps, type Progress } from '../../../panels/topology/layout/relax-in-steps.ts';
import type { LayoutTask } from '../../../panels/topology/layout/relaxation.ts';
import { frameOf, graphOf } from './fixtures.ts';

type Pair = readonly [string, string];
const frames = (ids: readonly string[], pairs: readonly Pair[]): Graph =>
  graphOf(
    frameOf({ id: ids }, {}, 'nodes'),
    frameOf({
      id: pairs.map((_, index) => `e${index}`),
      source: pairs.map(([source]) => source),
      target: pairs.map(([, target]) => target),
    }),
  );
const PAIRS: readonly Pair[] = [
  ['a', 'b'],
  ['a', 'c'],
  ['b', 'd'],
];
const four = frames(['a', 'b', 'c', 'd'], PAIRS);

/** A worker that works when it is told to. */
class FakeWorker {
  static all: FakeWorker[] = [];
  onmessage: ((event: { data: Progress; timeStamp: number }) => void) | null = null;
  onerror: ((event: { preventDefault: () => void }) => void) | null = null;
  task: LayoutTask | undefined;
  isTerminated = false;

  constructor() {
    FakeWorker.all.push(this);
  }

  postMessage(task: LayoutTask): void {
    this.task = task;
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** Sends what it found, each message so many ms after the one before. */
  work(stepMs = 1, limit = Infinity): void {
    let timeStamp = 0;
    for (const data of relaxInSteps(this.task!)) {
      if (this.isTerminated || timeStamp / stepMs >= limit) return;
      this.onmessage?.({ data, timeStamp });
      timeStamp += stepMs;
    }
  }
}

/** null: a browser without workers. */
function withWorker(worker: unknown): void {
  FakeWorker.all = [];
  Object.defineProperty(globalThis, 'Worker', { value: worker ?? undefined, configurable: true, writable: true });
}
beforeEach(() => withWorker(FakeWorker));
afterEach(() => withWorker(null));

function keeping() {
  const onMoved = jest.fn();
  const keeper = createPlaceKeeper({ onMoved });
  return { keeper, onMoved };
}

describe('with a worker', () => {
  test('newcomers have a place at once, and a better one when the worker is done', () => {
    const { keeper, onMoved } = keeping();
    keeper.follow(four, {});
    expect([...keeper.places.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
    expect([keeper.isMoving, onMoved.mock.calls.length]).toEqual([true, 0]);
    const first = keeper.places;
    FakeWorker.all[0].work();
    expect(keeper.isMoving).toBe(false);
    expect(onMoved.mock.calls.length).toBeGreaterThan(1);
    expect(keeper.places).not.toBe(first);
    expect(keeper.places.get('a')!.y).toBeLessThan(keeper.places.get('b')!.y);
    expect(FakeWorker.all[0].isTerminated).toBe(true);
  });

  test('who has settled stays, whoever joins, leaves and comes back', () => {
    const { keeper } = keeping();
    keeper.follow(four, {});
    FakeWorker.all[0].work();
    const settled = new Map(keeper.places);
    keeper.follow(frames(['a', 'c', 'x'], [...PAIRS, ['c', 'x']]), {});
    expect(FakeWorker.all[1].task!.fixed.filter((fixed) => fixed === 0)).toHaveLength(1);
    FakeWorker.all[1].work();
    keeper.follow(frames(['x', 'd', 'c', 'b', 'a'], [...PAIRS, ['c', 'x']]), {});
    expect(FakeWorker.all).toHaveLength(2);
    for (const [id, place] of settled) expect(keeper.places.get(id)).toEqual(place);
  });

  test('the same graph does not start the layout again, while it runs and after it', () => {
    const { keeper } = keeping();
    keeper.follow(four, {});
    keeper.follow(frames(['d', 'c', 'b', 'a'], PAIRS), {});
    expect(FakeWorker.all).toHaveLength(1);
    FakeWorker.all[0].work();
    keeper.follow(four, {});
    expect(FakeWorker.all).toHaveLength(1);
  });

  test('who comes while it runs is laid out with those that have not settled', () => {
    const { keeper } = keeping();
    keeper.follow(four, {});
    FakeWorker.all[0].work(1, 2);
    keeper.follow(frames(['a', 'b', 'c', 'd', 'x'], PAIRS), {});
    expect(FakeWorker.all[0].isTerminated).toBe(true);
    expect([...FakeWorker.all[1].task!.fixed]).toEqual([0, 0, 0, 0, 0]);
  });

  test('the order of rows and edges does not matter', () => {
    const places = [four, frames(['c', 'd', 'a', 'b'], PAIRS.toReversed())].map((graph, index) => {
      const { keeper } = keeping();
      keeper.follow(graph, {});
      FakeWorker.all[index].work();
      return [...keeper.places].sort();
    });
    expect(places[0]).toEqual(places[1]);
  });

  test('frames with all places, and nodes that were dragged, need no layout', () => {
    const { keeper } = keeping();
    keeper.follow(graphOf(frameOf({ id: ['a', 'b'], fixedx: [1, 2], fixedy: [1, 2] })), {});
    keeper.follow(frames(['a'], []), { a: [3, 4] });
    expect([FakeWorker.all.length, keeper.places.size]).toEqual([0, 0]);
  });

  test('the layout goes round what has its place already', () => {
    const { keeper } = keeping();
    keeper.follow(four, { b: [1_000, 1_000] });
    const { fixed, places } = FakeWorker.all[0].task!;
    expect([...fixed]).toEqual([0, 1, 0, 0]);
    expect([places.x[1], places.y[1]]).toEqual([1_000, 1_000]);
    expect(keeper.places.has('b')).toBe(false);
    // Beside the neighbour that stands fast, not around the origin.
    expect(Math.hypot(places.x[0] - 1_000, places.y[0] - 1_000)).toBeLessThan(500);
  });

  test('after 15 seconds it is good enough', () => {
    const { keeper, onMoved } = keeping();
    keeper.follow(four, {});
    FakeWorker.all[0].work(10_000);
    expect([keeper.isMoving, onMoved.mock.calls.length]).toEqual([false, 3]);
  });

  test('nothing is told after it was disposed of, and following again goes on', () => {
    const { keeper, onMoved } = keeping();
    keeper.follow(four, {});
    keeper.dispose();
    FakeWorker.all[0].work();
    expect(onMoved).not.toHaveBeenCalled();
    keeper.follow(four, {});
    FakeWorker.all[1].work();
    expect([keeper.isMoving, FakeWorker.all.length]).toEqual([false, 2]);
  });
});

describe('without a worker', () => {
  const places = (graph: Graph, meddle: () => void = () => undefined): Promise<readonly unknown[]> =>
    new Promise((resolve) => {
      const keeper = createPlaceKeeper({ onMoved: () => !keeper.isMoving && resolve([...keeper.places].sort()) });
      keeper.follow(graph, {});
      meddle();
      expect(keeper.isMoving).toBe(true);
    });

  test('it comes to the same places on the main thread: where there is none, where none may start, where one breaks', async () => {
    const inWorker = places(four, () => setTimeout(() => FakeWorker.all[0].work()));
    const broken = places(four, () => FakeWorker.all[1].onerror?.({ preventDefault: () => undefined }));
    await inWorker;
    withWorker(null);
    const without = places(four);
    withWorker(function Refused() {
      throw new DOMException('not from here', 'SecurityError');
    });
    const refused = places(four);
    const all = await Promise.all([broken, without, refused]);
    for (const here of all) expect(here).toEqual(await inWorker);
  });

  test('of more nodes than a page can move smoothly, where they begin is where they stay', async () => {
    const ids = Array.from({ length: 1_501 }, (_, index) => `n${index}`);
    withWorker(null);
    const { keeper, onMoved } = keeping();
    keeper.follow(frames(ids, [['n0', 'n1']]), {});
    const first = [...keeper.places];
    await Promise.resolve();
    expect([keeper.isMoving, onMoved.mock.calls.length]).toEqual([false, 1]);
    expect([...keeper.places]).toEqual(first);
  });
});

test('those that left are remembered, but not all of them forever', () => {
  const { keeper } = keeping();
  for (let round = 0; round < 40; round += 1) {
    keeper.follow(
      frames(
        Array.from({ length: 100 }, (_, index) => `${round}-${index}`),
        [],
      ),
      {},
    );
    FakeWorker.all.at(-1)!.work();
  }
  expect(keeper.places.size).toBeGreaterThan(1_000);
  expect(keeper.places.size).toBeLessThanOrEqual(1_100);
  expect(keeper.places.has('39-0')).toBe(true);
  expect(keeper.places.has('0-0')).toBe(false);
});
