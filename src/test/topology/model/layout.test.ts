import { describe, expect, test } from '@jest/globals';
import { waysOf, type LayoutGraph } from '../../../panels/topology/layout/layout-graph.ts';
import { COLUMN, ROW } from '../../../panels/topology/layout/occupied.ts';
import { ranksOf } from '../../../panels/topology/layout/ranks.ts';
import { relaxInSteps } from '../../../panels/topology/layout/relax-in-steps.ts';
import { ticksFor } from '../../../panels/topology/layout/relaxation.ts';
import { startPlaces } from '../../../panels/topology/layout/start-places.ts';
import type { Places } from '../../../panels/topology/model/places.ts';

const graphOf = (count: number, pairs: readonly (readonly [number, number])[]): LayoutGraph => ({
  count,
  source: Uint32Array.from(pairs, ([source]) => source),
  target: Uint32Array.from(pairs, ([, target]) => target),
});

/** A large graph of layers that is the same each time: a generator of Lehmer's. */
function system(count: number, edges: number): LayoutGraph {
  let state = 42;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const pairs = new Map<number, [number, number]>();
  while (pairs.size < edges) {
    const [a, b] = [random(count), random(count)];
    if (a < b) pairs.set(a * count + b, [a, b]);
  }
  return graphOf(count, [...pairs.values()]);
}

const nowhere = (count: number): Places => ({
  x: new Float32Array(count).fill(Number.NaN),
  y: new Float32Array(count).fill(Number.NaN),
});

/** How near the nearest two nodes are, in units of the distance that they keep; 1 and more is free. */
function least({ x, y }: Places): number {
  let nearest = Infinity;
  for (let a = 0; a < x.length; a += 1) {
    for (let b = a + 1; b < x.length; b += 1) {
      nearest = Math.min(nearest, Math.max(Math.abs(x[a] - x[b]) / COLUMN, Math.abs(y[a] - y[b]) / ROW));
    }
  }
  return nearest;
}

const relaxed = (graph: LayoutGraph, places: Places, fixed = new Uint8Array(graph.count)): Places =>
  [...relaxInSteps({ graph, places, fixed, ticks: ticksFor(graph.count) })].at(-1)!.places;

describe('layers', () => {
  test('by the longest way from an entry; an entry stands right above what it calls first', () => {
    const graph = graphOf(6, [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 3],
      [4, 3],
    ]);
    expect([...ranksOf(waysOf(graph))]).toEqual([0, 1, 2, 3, 2, 0]);
  });

  test('of a circle, the edge back to its beginning does not count', () => {
    const graph = graphOf(4, [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 1],
    ]);
    expect([...ranksOf(waysOf(graph))]).toEqual([0, 1, 2, 3]);
    expect([
      ...ranksOf(
        waysOf(
          graphOf(2, [
            [0, 1],
            [1, 0],
          ]),
        ),
      ),
    ]).toEqual([0, 1]);
  });

  test('of a chain of ten thousand nodes', () => {
    const pairs = Array.from({ length: 9_999 }, (_, node): [number, number] => [node, node + 1]);
    expect(ranksOf(waysOf(graphOf(10_000, pairs))).at(-1)).toBe(9_999);
  });
});

describe('where a layout begins', () => {
  const graph = system(300, 500);
  const places = startPlaces(graph, nowhere(300));

  test('callers above what they call, and no node upon another', () => {
    expect(least(places)).toBeGreaterThanOrEqual(0.999);
    graph.source.forEach((source, edge) => {
      expect(places.y[source]).toBeLessThan(places.y[graph.target[edge]]);
    });
  });

  test('a wide layer takes several rows, so that the whole is no line', () => {
    const wide = startPlaces(
      graphOf(
        401,
        Array.from({ length: 400 }, (_, k): [number, number] => [0, k + 1]),
      ),
      nowhere(401),
    );
    const width = Math.max(...wide.x) - Math.min(...wide.x);
    const height = Math.max(...wide.y) - Math.min(...wide.y);
    expect(width / height).toBeLessThan(4);
  });

  test('parts stand beside or below each other; nodes without edges in a grid of their own', () => {
    const parts = startPlaces(
      graphOf(9, [
        [0, 1],
        [2, 3],
        [2, 4],
      ]),
      nowhere(9),
    );
    expect(least(parts)).toBeGreaterThanOrEqual(0.999);
  });

  test('places that are known are kept to the digit, and newcomers stand near those they know', () => {
    const known = { x: places.x.slice(), y: places.y.slice() };
    const newcomers = [17, 99, 250];
    for (const node of newcomers) known.x[node] = known.y[node] = Number.NaN;
    const next = startPlaces(graph, known);
    for (let node = 0; node < 300; node += 1) {
      if (!newcomers.includes(node)) expect([next.x[node], next.y[node]]).toEqual([places.x[node], places.y[node]]);
    }
    expect(least(next)).toBeGreaterThanOrEqual(0.999);
  });

  test('a newcomer stands below its caller, or above what it calls', () => {
    const known = { x: Float32Array.of(100, Number.NaN, Number.NaN), y: Float32Array.of(50, Number.NaN, Number.NaN) };
    const { x, y } = startPlaces(
      graphOf(3, [
        [0, 1],
        [2, 0],
      ]),
      known,
    );
    expect([x[1], x[2]]).toEqual([100, 100]);
    expect(y[1]).toBeGreaterThan(50);
    expect(y[2]).toBeLessThan(50);
  });
});

describe('the layout', () => {
  const graph = system(200, 320);
  const start = startPlaces(graph, nowhere(200));

  test('brings neighbours closer along their rows, and keeps nodes apart', () => {
    const end = relaxed(graph, start);
    const length = ({ x }: Places): number =>
      graph.source.reduce((sum, source, edge) => sum + Math.abs(x[source] - x[graph.target[edge]]), 0);
    expect(length(end)).toBeLessThan(length(start) * 0.95);
    expect([...end.y]).toEqual([...start.y]);
    expect(least(end)).toBeGreaterThan(0.9);
  });

  test('is the same each time', () => {
    expect([...relaxed(graph, start).x]).toEqual([...relaxed(graph, start).x]);
  });

  test('moves nothing that is fixed', () => {
    const fixed = Uint8Array.from({ length: 200 }, (_, node) => Number(node % 10 !== 0));
    const end = relaxed(graph, start, fixed);
    const moved = [...end.x.keys()].filter((node) => end.x[node] !== start.x[node]);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every((node) => node % 10 === 0)).toBe(true);
  });

  test('tells where it is on the way, a bounded number of times', () => {
    const steps = [...relaxInSteps({ graph, places: start, fixed: new Uint8Array(200), ticks: 30 })];
    expect(steps.length).toBeLessThanOrEqual(12);
    expect(steps.map(({ isLast }) => isLast)).toEqual(steps.map((_, index) => index === steps.length - 1));
  });
});
