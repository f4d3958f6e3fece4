import { beforeEach, describe, expect, test } from '@jest/globals';
import { Drawing } from '../../../panels/topology/draw/drawing.ts';
import type { Drawn } from '../../../panels/topology/draw/renderer.ts';
import { FLAGS, type Scene } from '../../../panels/topology/draw/scene.ts';
import { FakeFrames } from './fake-frames.ts';
import { asCanvas, linesIn, RecordingCanvas, strokesOf, texts, type Painting } from './recording-canvas.ts';
import { sceneOf, THEME } from './scenes.ts';

/** Sprites and the picture below moving dots. */
const beside: RecordingCanvas[] = [];
beforeEach(() => {
  beside.length = 0;
  Object.assign(globalThis, {
    OffscreenCanvas: class extends RecordingCanvas {
      constructor(width: number, height: number) {
        super();
        Object.assign(this, { width, height });
        beside.push(this);
      }
    },
  });
});

const SIZE = { width: 800, height: 600, pixelRatio: 1 };

function started(scene: Scene) {
  const canvas = new RecordingCanvas();
  const frames = new FakeFrames();
  const drawn: Drawn[] = [];
  const drawing = new Drawing({
    canvas: asCanvas(canvas),
    theme: THEME,
    clock: frames,
    onDrawn: (one) => drawn.push(one),
  });
  drawing.setSize(SIZE);
  drawing.setScene(scene);
  return { canvas, frames, drawn, drawing };
}

/** What the first picture of a scene is made of. */
function pictureOf(scene: Scene, view = { x: 400, y: 300, k: 1 }): Painting[] {
  const { canvas, frames, drawing } = started(scene);
  drawing.setView(view);
  frames.frame();
  return canvas.take();
}

describe('frames', () => {
  test('many changes make one picture, of the newest', () => {
    const { canvas, frames, drawn, drawing } = started(sceneOf([{ at: [0, 0], title: 'old' }]));
    drawing.setScene(sceneOf([{ at: [0, 0], title: 'new' }]));
    drawing.setView({ x: 1, y: 1, k: 1 });
    drawing.setView({ x: 400, y: 300, k: 1 });
    expect(drawn).toEqual([]);
    frames.frame();
    expect(drawn).toEqual([{ nodes: 1, edges: 0, tookMs: 0, picture: 1 }]);
    expect(texts(canvas.take())).toEqual(['new']);
  });

  test('without a change there is none', () => {
    const { frames, drawn } = started(sceneOf([{ at: [0, 0] }]));
    frames.advance(60_000);
    expect(drawn).toHaveLength(1);
    expect(frames.waiting).toBe(0);
  });

  test('nothing is drawn without a scene or a size', () => {
    const { frames, drawn, drawing } = started(sceneOf([]));
    drawing.setSize({ width: 0, height: 0, pixelRatio: 1 });
    frames.frame();
    expect(drawn).toEqual([]);
  });

  test('the canvas has the pixels of the device', () => {
    const { canvas, frames, drawing } = started(sceneOf([]));
    drawing.setSize({ width: 300, height: 200, pixelRatio: 1.5 });
    frames.frame();
    expect([canvas.width, canvas.height]).toEqual([450, 300]);
  });

  test('after dispose no frame comes', () => {
    const { frames, drawn, drawing } = started(sceneOf([{ at: [0, 0] }]));
    drawing.dispose();
    frames.advance(1_000);
    expect(drawn).toEqual([]);
  });
});

describe('panning', () => {
  const wide = sceneOf(Array.from({ length: 20 }, (_, at) => ({ at: [at * 200, 300] as const, title: `node ${at}` })));

  test('copies what is there and paints the strip that comes into sight', () => {
    const { canvas, frames, drawing } = started(wide);
    drawing.setView({ x: 0, y: 0, k: 1 });
    frames.frame();
    expect(texts(canvas.take())).toContain('node 2');
    drawing.setView({ x: -150, y: 0, k: 1 });
    frames.frame();
    const [copy, cleared, ...rest] = canvas.take();
    expect(copy).toMatchObject({ call: 'drawImage', operation: 'copy', path: [['drawImage', canvas, -150, 0]] });
    expect(cleared.path).toEqual([['clearRect', 650, 0, 150, 600]]);
    expect(texts(rest)).not.toContain('node 2');
    expect(texts(rest)).toContain('node 4');
  });

  test('moves by whole pixels, so that what was copied meets what is painted', () => {
    const { canvas, frames, drawing } = started(wide);
    drawing.setView({ x: 0.3, y: 0, k: 1 });
    frames.frame();
    canvas.take();
    drawing.setView({ x: 10.4, y: 5.2, k: 1 });
    frames.frame();
    expect(canvas.take()[0].path).toEqual([['drawImage', canvas, 10, 5]]);
  });

  test.each([
    ['another scale', { x: 5, y: 0, k: 1.1 }],
    ['a place far away', { x: 5_000, y: 0, k: 1 }],
  ])('paints all at %s', (_name, view) => {
    const { canvas, frames, drawing } = started(wide);
    drawing.setView({ x: 0, y: 0, k: 1 });
    frames.frame();
    canvas.take();
    drawing.setView(view);
    frames.frame();
    expect(canvas.take()[0].path).toEqual([['clearRect', 0, 0, 800, 600]]);
  });

  test('paints all of another scene, also where nothing moved', () => {
    const { canvas, frames, drawing } = started(wide);
    frames.frame();
    canvas.take();
    drawing.setScene({ ...wide });
    frames.frame();
    expect(canvas.take()[0].call).toBe('clearRect');
  });
});

describe('what is out of sight', () => {
  test('is not painted: nodes, and edges whose box meets the canvas but whose line does not', () => {
    const scene = sceneOf(
      [{ at: [100, 100] }, { at: [200, 100] }, { at: [-3000, 500] }, { at: [500, -3000] }, { at: [9000, 0] }],
      [{ ends: [0, 1] }, { ends: [2, 3] }],
    );
    const { frames, drawn } = started(scene);
    frames.frame();
    expect(drawn[0]).toMatchObject({ nodes: 2, edges: 1 });
  });

  test('an edge is painted that crosses the canvas between ends far outside', () => {
    const { frames, drawn } = started(sceneOf([{ at: [-5000, 300] }, { at: [5000, 310] }], [{ ends: [0, 1] }]));
    frames.frame();
    expect(drawn[0]).toMatchObject({ nodes: 0, edges: 1 });
  });
});

describe('very many edges', () => {
  const COUNT = 30_000;
  const scene = sceneOf(
    [{ at: [0, 0] }, { at: [8000, 100] }, { at: [8000, 4000] }],
    Array.from({ length: COUNT }, (_, at) => ({
      ends: [0, at % 10 === 0 ? 1 : 2] as const,
      glyph: at % 10 === 0 ? ('failed' as const) : ('healthy' as const),
    })),
  );

  test('are thinned while somebody zooms, never those that fail, and whole once the hand rests', () => {
    const { canvas, frames, drawing } = started(scene);
    drawing.setView({ x: 0, y: 0, k: 0.05 });
    frames.frame();
    expect(linesIn(strokesOf(canvas.take(), 'edge-healthy'))).toBe(COUNT * 0.9);
    drawing.setView({ x: 0, y: 0, k: 0.051 });
    frames.frame();
    const hurried = canvas.take();
    expect(linesIn(strokesOf(hurried, 'edge-healthy'))).toBeLessThanOrEqual(10_000);
    expect(linesIn(strokesOf(hurried, 'edge-failed'))).toBe(COUNT / 10);
    frames.advance(200);
    expect(linesIn(strokesOf(canvas.take(), 'edge-healthy'))).toBe(COUNT * 0.9);
    expect(frames.waiting).toBe(0);
  });
});

describe('flow', () => {
  const scene = sceneOf([{ at: [0, 0] }, { at: [600, 0] }], [{ ends: [0, 1], flow: 2 }]);
  const dotsIn = (paintings: readonly Painting[]): Painting[] => paintings.filter(({ call }) => call === 'fillRect');

  test('costs no frame while it is off, and none after it was on', () => {
    const { frames, drawn, drawing } = started(scene);
    frames.advance(5_000);
    expect(drawn).toHaveLength(1);
    drawing.setFlow(true);
    frames.advance(1_000);
    drawing.setFlow(false);
    frames.advance(200);
    const before = drawn.length;
    frames.advance(10_000);
    expect(drawn).toHaveLength(before);
  });

  test('moves dots, at most twenty times a second', () => {
    const { canvas, frames, drawn, drawing } = started(scene);
    frames.frame();
    const before = drawn.length;
    drawing.setFlow(true);
    frames.frame();
    const first = dotsIn(canvas.take()).map(({ path }) => path);
    expect(first.length).toBeGreaterThan(0);
    frames.advance(984);
    expect(drawn.length - before).toBeGreaterThan(10);
    expect(drawn.length - before).toBeLessThanOrEqual(20);
    expect(dotsIn(canvas.take()).at(-1)?.path).not.toEqual(first.at(-1));
  });

  test('paints the picture below only when it changes', () => {
    const { frames, drawing } = started(scene);
    drawing.setFlow(true);
    frames.frame();
    const [below] = beside;
    expect(below.take().length).toBeGreaterThan(1);
    frames.advance(1_000);
    expect(below.take()).toEqual([]);
  });

  test('has a most, whatever the traffic', () => {
    const busy = sceneOf(
      [{ at: [0, 0] }, { at: [700, 500] }],
      Array.from({ length: 5_000 }, () => ({ ends: [0, 1] as const, flow: 1_000 })),
    );
    const { canvas, frames, drawing } = started(busy);
    drawing.setFlow(true);
    frames.frame();
    const dots = dotsIn(canvas.take()).length;
    expect(dots).toBeGreaterThan(1_000);
    expect(dots).toBeLessThanOrEqual(1_500);
  });

  test('leaves out what is dim and what does not flow', () => {
    const still = sceneOf(
      [{ at: [0, 0] }, { at: [600, 0] }],
      [
        { ends: [0, 1], flow: 0 },
        { ends: [0, 1], flow: 5, flags: FLAGS.dim },
      ],
    );
    const { canvas, frames, drawing } = started(still);
    drawing.setFlow(true);
    frames.frame();
    expect(dotsIn(canvas.take())).toEqual([]);
  });
});

describe('health without colour', () => {
  const glyphs = ['healthy', 'degraded', 'failed', 'unknown'] as const;
  const shapeOf = (paintings: readonly Painting[], color: string): string =>
    JSON.stringify(
      paintings
        .filter((painting) => painting.color === color && painting.path.length > 0)
        .map(({ call, path, dash }) => [call, path.map(([step]) => step), dash.length > 0]),
    );

  test.each([
    ['near', 1],
    ['far', 0.05],
  ])('is told by another shape for each status, %s', (_name, k) => {
    const shapes = glyphs.map((glyph) =>
      shapeOf(pictureOf(sceneOf([{ at: [0, 0], glyph }]), { x: 400, y: 300, k }), glyph),
    );
    expect(shapes.every((shape) => shape !== '[]')).toBe(true);
    expect(new Set(shapes).size).toBe(glyphs.length);
  });

  test('is told by another shape for each status in between, where nodes are copies', () => {
    const shapes = glyphs.map((glyph) => {
      beside.length = 0;
      pictureOf(sceneOf([{ at: [0, 0], glyph }]), { x: 400, y: 300, k: 0.25 });
      return shapeOf(
        beside.flatMap(({ paintings }) => paintings),
        glyph,
      );
    });
    expect(new Set(shapes).size).toBe(glyphs.length);
  });

  test('of an unknown node is a dashed ring, of any other a whole one', () => {
    const ringOf = (glyph: (typeof glyphs)[number]): Painting | undefined =>
      strokesOf(pictureOf(sceneOf([{ at: [0, 0], glyph }])), glyph)[0];
    expect(ringOf('unknown')?.dash).not.toEqual([]);
    for (const glyph of glyphs.slice(0, 3)) expect(ringOf(glyph)?.dash).toEqual([]);
  });

  test.each([1, 0.05])('marks differ in outline at scale %d', (k) => {
    const outline = (mark: 'cause' | 'first-failure' | 'impacted'): string =>
      shapeOf(pictureOf(sceneOf([{ at: [0, 0], mark }]), { x: 400, y: 300, k }), THEME.marks[mark]);
    const outlines = (['cause', 'first-failure', 'impacted'] as const).map(outline);
    expect(new Set(outlines).size).toBe(3);
    expect(outlines.every((shape) => shape !== '[]')).toBe(true);
  });
});

describe('a ring', () => {
  test('has a section for each share, clockwise from the top', () => {
    const painted = pictureOf(
      sceneOf([
        {
          at: [0, 0],
          arcs: [
            [0.75, 1],
            [0.25, 3],
          ],
        },
      ]),
    );
    const [healthy] = strokesOf(painted, 'healthy');
    const [failed] = strokesOf(painted, 'failed');
    const arcOf = ({ path }: Painting): readonly unknown[] => path.find(([step]) => step === 'arc') ?? [];
    const top = -Math.PI / 2;
    expect(arcOf(healthy).slice(4)).toEqual([top, top + 0.75 * 2 * Math.PI]);
    expect(arcOf(failed).slice(4)).toEqual([top + 0.75 * 2 * Math.PI, top + 2 * Math.PI]);
  });
});

describe('texts', () => {
  const LONG = 'a service with a name that is much too long';

  test('titles are cut with an ellipsis, and keep their beginning', () => {
    const [title] = texts(pictureOf(sceneOf([{ at: [0, 0], title: LONG }])));
    expect(title).toMatch(/^a service.*…$/);
    expect(LONG.startsWith(title.slice(0, -1))).toBe(true);
  });

  test('numbers are whole or absent', () => {
    const near = texts(pictureOf(sceneOf([{ at: [0, 0], main: '123.4 req/s' }])));
    expect(near).toEqual(['123.4 req/s']);
    expect(texts(pictureOf(sceneOf([{ at: [0, 0], main: '1234567890.123 requests/s' }])))).toEqual([]);
  });

  test('from afar only what is looked for has its name', () => {
    const nodes = [
      { at: [0, 0] as const, title: 'calm' },
      { at: [900, 0] as const, title: 'cause', mark: 'cause' as const },
      { at: [0, 900] as const, title: 'chosen', flags: FLAGS.selected },
    ];
    expect(texts(pictureOf(sceneOf(nodes), { x: 200, y: 200, k: 0.1 })).sort()).toEqual(['cause', 'chosen']);
  });
});

describe('edges', () => {
  const between = (edges: Parameters<typeof sceneOf>[1]): Painting[] =>
    pictureOf(sceneOf([{ at: [-200, 0] }, { at: [200, 0] }], edges));

  test('are one path for all that look alike', () => {
    const painted = between(Array.from({ length: 50 }, () => ({ ends: [0, 1] as const })));
    expect(strokesOf(painted, 'edge-healthy')).toHaveLength(1);
  });

  test('that are dim are faint, dashed ones dashed, and selected ones painted last', () => {
    const painted = between([
      { ends: [0, 1], flags: FLAGS.selected },
      { ends: [0, 1], glyph: 'failed' },
      { ends: [0, 1], flags: FLAGS.dim },
      { ends: [0, 1], glyph: 'unknown', flags: FLAGS.dashed },
    ]);
    const lines = painted.filter(({ call, path }) => call === 'stroke' && path.some(([step]) => step === 'lineTo'));
    const edges = lines.filter(({ color }) => color.startsWith('edge-') || color === 'selection').slice(0, 4);
    expect(edges.map(({ color }) => color)).toEqual(['edge-healthy', 'edge-unknown', 'edge-failed', 'selection']);
    expect(edges[0].alpha).toBeLessThan(0.5);
    expect(edges[1].dash).not.toEqual([]);
  });

  test('are as many hairlines as they are pixels wide', () => {
    const [stroke] = strokesOf(between([{ ends: [0, 1], width: 3 }]), 'edge-healthy');
    expect(stroke.width).toBe(1);
    expect(linesIn([stroke])).toBe(3);
  });

  test('recede from afar the more there are, but for those that fail', () => {
    const alphas = (count: number): number[] => {
      const edges = Array.from({ length: count }, () => ({ ends: [0, 1] as const }));
      const failed = { ends: [0, 1], glyph: 'failed' } as const;
      const scene = sceneOf([{ at: [-900, 0] }, { at: [900, 0] }], [...edges, failed]);
      const painted = pictureOf(scene, { x: 400, y: 300, k: 0.2 });
      return ['edge-healthy', 'edge-failed'].map((color) => strokesOf(painted, color)[0].alpha);
    };
    const [few, failedOfFew] = alphas(10);
    const [many, failedOfMany] = alphas(5_000);
    expect(many).toBeLessThan(few);
    expect([failedOfFew, failedOfMany]).toEqual([1, 1]);
  });

  test('have an arrow at their target when near', () => {
    const arrows = between([{ ends: [0, 1] }]).filter(({ call, color }) => call === 'fill' && color === 'edge-healthy');
    const [, tipX] = arrows[0].path[0];
    expect(tipX).toBe(400 + 200 - 44);
  });
});
