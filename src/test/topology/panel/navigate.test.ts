import { describe, expect, test } from '@jest/globals';
import { mostUrgent, nodeTowards } from '../../../panels/topology/navigate.ts';
import { GLYPHS, MARKS, type Glyph, type Mark, type Scene } from '../../../panels/topology/draw/scene.ts';

interface Spot {
  readonly at: readonly [x: number, y: number];
  readonly glyph?: Glyph;
  readonly mark?: Mark;
}

function sceneOf(spots: readonly Spot[], edges: readonly (readonly [number, number])[] = []): Scene {
  const nodes = {
    ids: spots.map((_, index) => String(index)),
    x: Float32Array.from(spots, ({ at }) => at[0]),
    y: Float32Array.from(spots, ({ at }) => at[1]),
    glyph: Uint8Array.from(spots, ({ glyph = 'none' }) => GLYPHS.indexOf(glyph)),
    mark: Uint8Array.from(spots, ({ mark = 'none' }) => MARKS.indexOf(mark)),
  };
  const ends = {
    ids: edges.map(String),
    source: Uint32Array.from(edges, ([from]) => from),
    target: Uint32Array.from(edges, ([, to]) => to),
  };
  return { palette: [], icons: [], nodes, edges: ends } as unknown as Scene;
}

describe('walking from node to node', () => {
  test('a neighbour further away goes before a stranger that is near', () => {
    const scene = sceneOf([{ at: [0, 0] }, { at: [50, 0] }, { at: [500, 100] }], [[0, 2]]);
    expect(nodeTowards(scene, 0, 'right')).toBe(2);
  });

  test('edges are walked against their direction, too', () => {
    const scene = sceneOf([{ at: [0, 0] }, { at: [100, 0] }], [[0, 1]]);
    expect(nodeTowards(scene, 1, 'left')).toBe(0);
  });

  test('without a neighbour in that direction the nearest node is taken', () => {
    const scene = sceneOf([{ at: [0, 0] }, { at: [0, 300] }, { at: [20, 100] }]);
    expect(nodeTowards(scene, 0, 'down')).toBe(2);
  });

  test('what lies further aside than ahead is not in that direction', () => {
    const scene = sceneOf([{ at: [0, 0] }, { at: [10, 100] }]);
    expect(nodeTowards(scene, 0, 'right')).toBeUndefined();
  });

  test('a row is walked before it is left', () => {
    const scene = sceneOf([{ at: [0, 0] }, { at: [100, 0] }, { at: [70, 60] }]);
    expect(nodeTowards(scene, 0, 'right')).toBe(1);
  });

  test('nodes in the same place are left alone', () => {
    expect(nodeTowards(sceneOf([{ at: [0, 0] }, { at: [0, 0] }]), 0, 'up')).toBeUndefined();
  });
});

describe('where the keyboard enters', () => {
  test('at the cause of an incident, however well it looks', () => {
    const scene = sceneOf([
      { at: [0, 0], glyph: 'failed' },
      { at: [0, 0], glyph: 'healthy', mark: 'cause' },
    ]);
    expect(mostUrgent(scene)).toBe(1);
  });

  test('else at the first of the worst', () => {
    const glyphs = ['healthy', 'unknown', 'degraded', 'degraded'] as const;
    expect(mostUrgent(sceneOf(glyphs.map((glyph) => ({ at: [0, 0], glyph }))))).toBe(2);
  });

  test('nowhere in an empty graph', () => {
    expect(mostUrgent(sceneOf([]))).toBeUndefined();
  });
});
