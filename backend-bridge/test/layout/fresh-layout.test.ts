import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { layOut } from '../../src/layout/continued-layout.ts';
import { COLUMN, LAYER_ROWS, ROW, type Layout, type LayoutGraph } from '../../src/layout/layout.ts';
import { generateTopology } from '../../src/simulator/generate-topology.ts';
import { graphOf, overlaps, partsArbitrary, placesOf, upward } from './graphs.ts';

interface Described {
  readonly resources: readonly { readonly id: string }[];
  readonly dependencies: readonly { readonly source: string; readonly target: string }[];
}
const partsOf = ({ resources, dependencies }: Described): string[] => [
  ...resources.map(({ id }) => id),
  ...dependencies.map(({ source, target }) => `${source}>${target}`),
];
const DEMO = graphOf(partsOf(parse(readFileSync(new URL('../../topologies/demo.yaml', import.meta.url), 'utf8'))));

const at = ({ ids, x, y }: Layout, id: string): { x: number; y: number } => {
  const i = ids.indexOf(id);
  return { x: x[i], y: y[i] };
};
const extent = (values: Float64Array): number => Math.max(...values) - Math.min(...values);

/** Edges, drawn as straight lines, that cross. */
function crossings({ edgeSource: from, edgeTarget: to }: LayoutGraph, { x, y }: Layout): number {
  const side = (a: number, b: number, c: number): number =>
    Math.sign((x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]));
  let count = 0;
  for (let e = 0; e < from.length; e += 1) {
    for (let f = e + 1; f < from.length; f += 1) {
      const apart = new Set([from[e], to[e], from[f], to[f]]).size === 4;
      const splitsF = side(from[e], to[e], from[f]) * side(from[e], to[e], to[f]) < 0;
      const splitsE = side(from[f], to[f], from[e]) * side(from[f], to[f], to[e]) < 0;
      if (apart && splitsE && splitsF) count += 1;
    }
  }
  return count;
}

/** Nodes whose circle (radius 40) an edge between two others runs through. */
function runThrough({ edgeSource: from, edgeTarget: to }: LayoutGraph, { ids, x, y }: Layout): string[] {
  const found: string[] = [];
  for (let e = 0; e < from.length; e += 1) {
    const [dx, dy] = [x[to[e]] - x[from[e]], y[to[e]] - y[from[e]]];
    for (let i = 0; i < ids.length; i += 1) {
      const along = ((x[i] - x[from[e]]) * dx + (y[i] - y[from[e]]) * dy) / (dx * dx + dy * dy);
      if (i === from[e] || i === to[e] || along <= 0 || along >= 1) continue;
      const distance = Math.hypot(x[i] - x[from[e]] - along * dx, y[i] - y[from[e]] - along * dy);
      if (distance < 40) found.push(`${ids[from[e]]}>${ids[to[e]]} through ${ids[i]}`);
    }
  }
  return found;
}

/** Each run may be dozens of drawings. */
const RUNS = { numRuns: 30 };

describe('a layout made from the graph alone (REST-11)', () => {
  test('has room for everybody around 0, 0, whatever the graph', () => {
    fc.assert(
      fc.property(fc.oneof(partsArbitrary(12, false), partsArbitrary(60, false)), (parts) => {
        const layout = layOut(graphOf(parts));
        expect(overlaps(layout)).toEqual([]);
        for (const values of [layout.x, layout.y]) {
          expect(Math.abs(Math.min(...values) + Math.max(...values))).toBeLessThanOrEqual(ROW);
        }
      }),
      RUNS,
    );
  });

  test('has callers above what they call where nothing goes in circles', () => {
    fc.assert(
      fc.property(partsArbitrary(40, true), (parts) => {
        const graph = graphOf(parts);
        expect(upward(graph, layOut(graph))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('turns nothing round but edges of cycles, and hangs a cycle from where it is entered', () => {
    const graph = graphOf(['web>z', 'z>m', 'm>a', 'a>z', 'a>db']);
    expect(upward(graph, layOut(graph))).toEqual(['a>z']);
    const both = graphOf(['a>b', 'b>a', 'b>c']);
    expect(upward(both, layOut(both))).toHaveLength(1);
  });

  test('turns at most half of the edges of cycles round', () => {
    fc.assert(
      fc.property(partsArbitrary(20, false), (parts) => {
        const graph = graphOf(parts);
        expect(upward(graph, layOut(graph)).length).toBeLessThanOrEqual(graph.edgeSource.length / 2);
      }),
      RUNS,
    );
  });

  test('comes out the same each time', () => {
    fc.assert(
      fc.property(partsArbitrary(30, false), (parts) => {
        const graph = graphOf(parts);
        expect(placesOf(layOut(graph))).toEqual(placesOf(layOut(graph)));
      }),
      RUNS,
    );
  });

  test('has nothing to say of an empty graph, and one place for a single node', () => {
    expect(layOut(graphOf([])).ids).toEqual([]);
    expect(at(layOut(graphOf(['a'])), 'a')).toEqual({ x: 0, y: 0 });
  });

  test('draws a chain straight down and centres a caller over what it calls', () => {
    const chain = layOut(graphOf(['a>b', 'b>c']));
    expect([...chain.x]).toEqual([0, 0, 0]);
    const fan = layOut(graphOf(['a>b', 'a>c', 'a>d']));
    expect(at(fan, 'a').x).toBe((Math.min(...fan.x) + Math.max(...fan.x)) / 2);
    expect(extent(fan.x)).toBe(2 * COLUMN);
  });

  test('puts parts that know nothing of each other side by side, and nodes without edges in a grid below', () => {
    const lonely = Array.from({ length: 9 }, (_, i) => `lonely-${i}`);
    const layout = layOut(graphOf(['a>b', 'b>c', 'p>q', ...lonely]));
    expect(at(layout, 'p').y).toBe(at(layout, 'a').y);
    expect(Math.abs(at(layout, 'p').x - at(layout, 'a').x)).toBeGreaterThan(COLUMN);
    const grid = lonely.map((id) => at(layout, id));
    expect(Math.min(...grid.map(({ y }) => y))).toBeGreaterThan(at(layout, 'c').y);
    expect(new Set(grid.map(({ x }) => x)).size).toBeLessThan(9);
  });

  test('draws the demo system with few crossings and no edge through a node', () => {
    const layout = layOut(DEMO);
    expect(runThrough(DEMO, layout)).toEqual([]);
    expect(crossings(DEMO, layout)).toBeLessThanOrEqual(16);
    expect(extent(layout.x)).toBeLessThanOrEqual(9 * COLUMN);
    expect(extent(layout.y)).toBe(5 * LAYER_ROWS * ROW);
  });

  test('copes with ten thousand nodes and fifty thousand edges, and does not make a line of them', () => {
    const graph = graphOf(partsOf(generateTopology({ services: 10_000, edges: 50_000, seed: 7 })));
    const layout = layOut(graph);
    expect(overlaps(layout)).toEqual([]);
    const [width, height] = [extent(layout.x), extent(layout.y)];
    expect(width / height).toBeGreaterThan(0.5);
    expect(width / height).toBeLessThan(6);
  });

  test('is not as deep as the graph: a chain of twenty thousand does not exhaust the stack', () => {
    const id = (i: number): string => String(i).padStart(5, '0');
    const parts = Array.from({ length: 20_000 }, (_, i) => `${id(i)}>${id(i + 1)}`);
    const graph = graphOf([...parts, `${id(20_000)}>${id(0)}`]);
    expect(upward(graph, layOut(graph))).toHaveLength(1);
  });
});
