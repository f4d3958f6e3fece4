import { describe, expect, test } from '@jest/globals';
import { createHitIndex } from '../../../panels/topology/draw/hit-index.ts';
import type { Scene, View } from '../../../panels/topology/draw/scene.ts';
import { sceneOf } from './scenes.ts';

const ONE: View = { x: 0, y: 0, k: 1 };
const indexOf = (scene: Scene) => {
  const index = createHitIndex();
  index.setScene(scene);
  return index;
};

describe('what is under a pointer', () => {
  const pair = sceneOf([{ at: [0, 0] }, { at: [400, 0] }], [{ ends: [0, 1] }, { ends: [1, 0] }, { ends: [0, 0] }]);

  test('is a node anywhere in its ring, and nothing beside it', () => {
    const index = indexOf(pair);
    expect(index.at(39, 0, ONE)).toEqual({ kind: 'node', index: 0 });
    expect(index.at(370, 20, ONE)).toEqual({ kind: 'node', index: 1 });
    expect(index.at(200, 60, ONE)).toBeUndefined();
  });

  test('is found at any view', () => {
    const index = indexOf(pair);
    expect(index.at(100 + 400 * 0.5, 50, { x: 100, y: 50, k: 0.5 })).toEqual({ kind: 'node', index: 1 });
  });

  test('is a node some pixels wide also where nodes are dots', () => {
    const index = indexOf(pair);
    // Two pixels beside a node that is 0.8 pixels wide.
    expect(index.at(2, 0, { x: 0, y: 0, k: 0.01 })).toEqual({ kind: 'node', index: 0 });
  });

  test('is the nearer of two edges in opposite directions, which run beside each other', () => {
    const index = indexOf(pair);
    expect(index.at(200, 7, ONE)).toEqual({ kind: 'edge', index: 0 });
    expect(index.at(200, -7, ONE)).toEqual({ kind: 'edge', index: 1 });
  });

  test('is an edge within five pixels, whatever the scale', () => {
    const index = indexOf(sceneOf([{ at: [0, 0] }, { at: [4000, 0] }], [{ ends: [0, 1] }]));
    expect(index.at(200, 4, { x: 0, y: 0, k: 0.1 })).toEqual({ kind: 'edge', index: 0 });
    expect(index.at(200, 6, { x: 0, y: 0, k: 0.1 })).toBeUndefined();
  });

  test('is an edge that returns to its node, on its circle', () => {
    expect(indexOf(pair).at(40 + 16, -40, ONE)).toEqual({ kind: 'edge', index: 2 });
  });

  test('is where nodes are now', () => {
    const index = indexOf(pair);
    expect(index.at(0, 0, ONE)).toEqual({ kind: 'node', index: 0 });
    index.setScene({ ...pair, nodes: { ...pair.nodes, x: Float32Array.of(1000, 400) } });
    expect(index.at(0, 0, ONE)).toBeUndefined();
    expect(index.at(1000, 0, ONE)).toEqual({ kind: 'node', index: 0 });
  });

  test('is nothing before there is a scene, and in one without nodes', () => {
    expect(createHitIndex().at(0, 0, ONE)).toBeUndefined();
    const empty = indexOf(sceneOf([]));
    expect(empty.at(0, 0, ONE)).toBeUndefined();
    expect(empty.within({ left: -9, top: -9, right: 9, bottom: 9 })).toEqual([]);
  });

  test('within a rectangle are all nodes whose middle is in it, in their order', () => {
    const index = indexOf(sceneOf(Array.from({ length: 30 }, (_, at) => ({ at: [at * 100, 0] as const }))));
    expect(index.within({ left: 450, top: -1, right: 900, bottom: 1 })).toEqual([5, 6, 7, 8, 9]);
  });

  test('of 10,000 nodes is the same as by looking at each', () => {
    const scene = sceneOf(
      Array.from({ length: 10_000 }, (_, at) => ({ at: [(at * 7919) % 20_011, (at * 104_729) % 20_021] as const })),
    );
    const index = indexOf(scene);
    for (let probe = 0; probe < 200; probe++) {
      const x = (probe * 613) % 20_000;
      const y = (probe * 877) % 20_000;
      const distances = Array.from(scene.nodes.x, (nodeX, node) => Math.hypot(nodeX - x, scene.nodes.y[node] - y));
      const nearest = Math.min(...distances);
      const hit = index.at(x, y, ONE);
      expect(hit === undefined ? undefined : distances[hit.index]).toBe(nearest <= 40 ? nearest : undefined);
    }
  });
});
