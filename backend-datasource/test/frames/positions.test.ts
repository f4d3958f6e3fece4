import { describe, expect, test } from '@jest/globals';
import type { LayoutResponse, ServiceHealth } from '@topdeck/protocol';
import { positionsOf } from '../../src/frames/positions.ts';

const nodes = (...ids: string[]): ServiceHealth[] => ids.map((id) => ({ resource_id: id }) as ServiceHealth);
const layout = (...positions: LayoutResponse['positions']): LayoutResponse => ({ topology_version: 'v', positions });
const extent = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

describe('places in Grafana’s node graph', () => {
  test('are those of the layout for the whole graph, and do not move when one joins', () => {
    const before = positionsOf(nodes('a', 'b'), layout(['a', -70, 0], ['b', 70, 0]));
    expect(before).toEqual([
      { x: -56, y: 0 },
      { x: 56, y: 0 },
    ]);
    const after = positionsOf(nodes('a', 'b', 'c'), layout(['a', -70, 0], ['b', 70, 0], ['c', 5000, 160]));
    expect(after.slice(0, 2)).toEqual(before);
  });

  test('of a part lie about the point at which it looks first', () => {
    const whole = layout(['a', 1000, 0], ['b', 1180, 0], ['c', 5000, 260], ['d', 9000, 520]);
    for (const shown of [nodes('c', 'd'), nodes('d'), nodes('a', 'b')]) {
      const places = positionsOf(shown, whole);
      for (const values of [places.map(({ x }) => x), places.map(({ y }) => y)]) {
        const [min, max] = extent(values);
        expect(Math.abs(min + max) / 2).toBeLessThanOrEqual(250);
      }
    }
  });

  test('of a part stay when another node comes into it close by', () => {
    const whole = layout(['a', 0, 0], ['b', 140, 0], ['c', 70, 160], ['d', 4000, 4000]);
    const [a, b] = positionsOf(nodes('a', 'b'), whole);
    expect(positionsOf(nodes('a', 'b', 'c'), whole).slice(0, 2)).toEqual([a, b]);
  });

  test('are the same for the same nodes, also without a layout and for nodes that it lacks', () => {
    for (const known of [undefined, layout(['a', 0, 0], ['b', 180, 260])]) {
      const places = positionsOf(nodes('a', 'b', 'x', 'y', 'z'), known);
      expect(places).toEqual(positionsOf(nodes('a', 'b', 'x', 'y', 'z'), known));
      expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(5);
    }
  });

  test('of ten thousand nodes are found', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `n${i}`);
    const grid = ids.map((id, i): [string, number, number] => [id, (i % 100) * 180, Math.floor(i / 100) * 260]);
    const places = positionsOf(nodes(...ids), layout(...grid));
    expect(places[101].x - places[100].x).toBe(144);
    expect(places[100].y - places[0].y).toBe(208);
  });
});
