import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createMiniMap } from '../../../panels/topology/draw/mini-map.ts';
import { FLAGS } from '../../../panels/topology/draw/scene.ts';
import { FakeFrames } from './fake-frames.ts';
import { asCanvas, RecordingCanvas } from './recording-canvas.ts';
import { sceneOf, THEME } from './scenes.ts';

const MAP = { width: 200, height: 100, pixelRatio: 2 };
const PANEL = { width: 800, height: 600, pixelRatio: 2 };
const scene = sceneOf([{ at: [0, 0] }, { at: [1000, 500], glyph: 'failed' }], [{ ends: [0, 1] }]);

let graph: RecordingCanvas;
beforeEach(() => {
  graph = new RecordingCanvas();
  jest.spyOn(document, 'createElement').mockReturnValue(asCanvas(graph));
});
afterEach(() => {
  jest.restoreAllMocks();
});

function started() {
  const canvas = new RecordingCanvas();
  const frames = new FakeFrames();
  const map = createMiniMap({ canvas: asCanvas(canvas), theme: THEME, size: MAP, clock: frames });
  return { canvas, frames, map };
}

describe('the mini-map', () => {
  test('paints the graph once, and the rectangle of what is seen at each view', () => {
    const { canvas, frames, map } = started();
    map.setScene(scene);
    map.setView({ x: 0, y: 0, k: 1 }, PANEL);
    frames.frame();
    expect(graph.take().some(({ color }) => color === 'failed')).toBe(true);
    expect([canvas.width, canvas.height]).toEqual([400, 200]);
    canvas.take();
    map.setView({ x: -50, y: 0, k: 1 }, PANEL);
    map.setView({ x: -90, y: 0, k: 1 }, PANEL);
    frames.frame();
    expect(graph.take()).toEqual([]);
    expect(canvas.take().filter(({ call }) => call === 'drawImage')).toHaveLength(1);
    expect(frames.waiting).toBe(0);
  });

  test('paints the graph again when a node moves or changes its health, not when a number or what is selected does', () => {
    const { frames, map } = started();
    map.setScene(scene);
    frames.frame();
    graph.take();
    map.setScene({ ...scene, nodes: { ...scene.nodes, main: ['1', '2'] } });
    frames.frame();
    expect(graph.take()).toEqual([]);
    map.setScene({ ...scene, nodes: { ...scene.nodes, flags: Uint8Array.of(FLAGS.selected, FLAGS.dim) } });
    frames.frame();
    expect(graph.take()).toEqual([]);
    map.setScene({ ...scene, nodes: { ...scene.nodes, glyph: Uint8Array.of(3, 3) } });
    frames.frame();
    expect(graph.take()).not.toEqual([]);
  });

  test('gives the view that has a point of it in the middle', () => {
    const { map } = started();
    expect(map.viewAt(5, 5)).toBeUndefined();
    map.setScene(scene);
    map.setView({ x: 0, y: 0, k: 2 }, PANEL);
    const left = map.viewAt(0, 50);
    const right = map.viewAt(200, 50);
    const middleOf = (view = { x: 0, y: 0, k: 1 }): number => (PANEL.width / 2 - view.x) / view.k;
    expect(left?.k).toBe(2);
    // The middle of the map is that of the graph.
    expect((middleOf(left) + middleOf(right)) / 2).toBeCloseTo(500);
    expect(middleOf(left)).toBeLessThan(0);
  });

  test('draws nothing after dispose', () => {
    const { canvas, frames, map } = started();
    map.setScene(scene);
    map.dispose();
    frames.advance(100);
    expect(canvas.take()).toEqual([]);
  });
});
