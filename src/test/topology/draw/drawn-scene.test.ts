import { describe, expect, test } from '@jest/globals';
import { changedColumns, ReceivedScene } from '../../../panels/topology/draw/drawn-scene.ts';
import { sceneOf } from './scenes.ts';

describe('a scene that is sent in parts', () => {
  const first = sceneOf(
    [
      { at: [1, 2], title: 'a' },
      { at: [3, 4], arcs: [[1, 2]] },
    ],
    [{ ends: [0, 1], flow: 3 }],
  );
  const second = {
    ...first,
    nodes: { ...first.nodes, main: ['7', '8'] },
    edges: { ...first.edges, width: Float32Array.of(4) },
  };

  test('is put together as it was, but for its ids', () => {
    const received = new ReceivedScene();
    for (const [before, now] of [
      [undefined, first],
      [first, second],
    ] as const) {
      const expected = { ...now, nodes: { ...now.nodes, ids: undefined }, edges: { ...now.edges, ids: undefined } };
      expect(received.receive(changedColumns(before, now))).toEqual(expected);
    }
  });

  test('keeps columns that did not change, as objects', () => {
    const received = new ReceivedScene();
    const before = received.receive(changedColumns(undefined, first));
    const now = received.receive(changedColumns(first, second));
    expect(now.nodes.x).toBe(before.nodes.x);
    expect(now.nodes.main).not.toBe(before.nodes.main);
  });

  test('forgets the glyphs of edges when there are none any more', () => {
    const edges = { ...first.edges, glyph: undefined };
    const received = new ReceivedScene();
    expect(received.receive(changedColumns(undefined, first)).edges.glyph).toBeDefined();
    expect(received.receive(changedColumns(first, { ...first, edges })).edges.glyph).toBeUndefined();
  });
});
