import { describe, expect, test } from '@jest/globals';
import type { LayoutResponse, ServiceHealth } from '@topdeck/protocol';
import { positionsOf } from '../../src/frames/positions.ts';

const nodes = (...ids: string[]): ServiceHealth[] => ids.map((id) => ({ resource_id: id }) as ServiceHealth);
const layout = (...positions: LayoutResponse['positions']): LayoutResponse => ({ topology_version: 'v', positions });
const extent = (values: readonly number[]): readonly [number, number] => [Math.min(...values), Math.max(...values)];

describe('places in Grafana’s node graph', () => {
  test('lie around the point at which it looks first, whichever nodes are shown', () => {
    const whole = layout(['a', 1000, 0], ['b', 1180, 0], ['c', 5000, 260], ['d', 9000, 520]);
    for (const shown of [nodes('a', 'b', 'c', 'd'), nodes('c', 'd'), nodes('d')]) {
      const places = positionsOf(shown, whole);
      for (const values of [places.map(({ x }) => x), places.map(({ y }) => y)]) {
        const [min, max] = extent(values);
        expect(Math.abs(min + max)).toBeLessThanOrEqual(1);
      }
    }
  });

  test('are drawn together until circles would touch, and keep their proportions', () => {
    const places = positionsOf(nodes('a', 'b', 'c'), layout(['a', 0, 0], ['b', 240, 0], ['c', 480, 500]));
    expect(places).toEqual([
      { x: -110, y: -58 },
      { x: 0, y: -58 },
      { x: 110, y: 57 },
    ]);
  });

  test('are never pulled apart', () => {
    const [a, b] = positionsOf(nodes('a', 'b'), layout(['a', 0, 0], ['b', 30, 40]));
    expect([b.x - a.x, b.y - a.y]).toEqual([30, 40]);
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
    expect(places[101].x - places[100].x).toBe(110);
    expect(places[100].y - places[0].y).toBe(115);
  });
});
