import { describe, expect, test } from '@jest/globals';
import { FLAGS, GLYPHS, MARKS, type Scene } from '../../../panels/topology/draw/scene.ts';
import type { Graph } from '../../../panels/topology/graph.ts';
import { buildScene, type BuiltScene, type SceneInput } from '../../../panels/topology/model/build-scene.ts';
import { TextIndex } from '../../../panels/topology/model/columns.ts';
import { filterGraph, NO_FILTER, type GraphFilter } from '../../../panels/topology/model/filter-graph.ts';
import { groupGraph, liftShown, NO_GROUPING } from '../../../panels/topology/model/group-graph.ts';
import { paletteOf } from '../../../panels/topology/model/palette.ts';
import { placesOf } from '../../../panels/topology/model/places.ts';
import { formatting, frameOf, graphOf, shopFrames, theme, type Columns } from './fixtures.ts';

const palette = paletteOf(theme);
const NOBODY: ReadonlySet<string> = new Set();

interface Choices {
  readonly filter?: Partial<GraphFilter>;
  readonly groupBy?: string;
  readonly selected?: readonly string[];
  readonly selectedEdge?: string;
}

function inputOf(base: Graph, { filter = {}, groupBy = '', selected = [], selectedEdge }: Choices = {}): SceneInput {
  const grouped = groupGraph(base, groupBy === '' ? NO_GROUPING : { field: groupBy, expanded: NOBODY }, formatting);
  const shown = liftShown(filterGraph(base, { ...NO_FILTER, ...filter }), grouped);
  const places = placesOf(grouped, { dragged: {}, laidOut: new Map() });
  return { graph: grouped.graph, shown, places, palette, selected: new Set(selected), selectedEdge };
}
const shop = (nodes: Columns = {}, edges: Columns = {}): Graph => graphOf(...shopFrames(nodes, edges));
const built = (choices?: Choices, previous?: BuiltScene): BuiltScene => buildScene(inputOf(shop(), choices), previous);
const has = (flags: Uint8Array, flag: keyof typeof FLAGS): readonly number[] =>
  [...flags.keys()].filter((index) => (flags[index] & FLAGS[flag]) !== 0);

describe('what a scene says', () => {
  const { nodes, edges, palette: colors, icons } = built().scene;

  test('of nodes: colour and glyph of the health, mark, texts, place, icon', () => {
    expect(nodes.ids).toEqual(['web', 'shop', 'db', 'cache', 'mail', 'lone']);
    expect([...nodes.glyph].map((glyph) => GLYPHS[glyph])).toEqual([
      'healthy',
      'degraded',
      'failed',
      'healthy',
      'healthy',
      'unknown',
    ]);
    expect([...nodes.color].map((color) => colors[color])).toEqual(
      (['healthy', 'degraded', 'failed', 'healthy', 'healthy', 'unknown'] as const).map((s) => palette.status[s]),
    );
    expect([...nodes.mark].map((mark) => MARKS[mark])).toEqual([
      'impacted',
      'first-failure',
      'cause',
      'none',
      'none',
      'none',
    ]);
    expect([...nodes.x]).toEqual([0, 0, -100, 100, 200, 500]);
    expect(nodes.main).toEqual(['98.4%', '62.0%', '12.0%', '100.0%', '100.0%', '']);
    expect([...nodes.icon].map((icon) => icon > 0)).toEqual([true, false, true, true, false, false]);
    expect(icons).toHaveLength(3);
    expect([...nodes.arcs.offsets]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('of edges: what is wrong in its colour, the rest grey; dashes where nothing is known', () => {
    expect([...edges.color].map((color) => colors[color])).toEqual([
      palette.status.degraded,
      palette.status.failed,
      palette.edge,
      palette.edge,
    ]);
    expect([...edges.glyph!].map((glyph) => GLYPHS[glyph])).toEqual(['degraded', 'failed', 'healthy', 'unknown']);
    expect(has(edges.flags, 'dashed')).toEqual([3]);
    expect([...edges.width]).toEqual([3, 2.6, 3.8, 1].map(Math.fround));
    expect([...edges.source, ...edges.target]).toEqual([0, 1, 1, 1, 1, 2, 3, 4]);
  });

  test('nothing flows where nothing is known, more where more is, and never more than can be followed', () => {
    const flow = (rates: readonly (number | null)[]): readonly number[] => [
      ...buildScene(inputOf(shop({}, { mainstat: rates }))).scene.edges.flow,
    ];
    const [none, zero, one, many] = flow([null, 0, 1, 1e9]);
    expect([none, zero, one, many]).toEqual([0, 0, 0.5, 5]);
    const [ten, hundred] = flow([10, 100, 0, 0]);
    expect(ten).toBeGreaterThan(one);
    expect(hundred).toBeGreaterThan(ten);
  });

  test('an edge whose frame tells no width has one by its rate', () => {
    const width = (thickness: readonly (number | null)[]) => [
      ...buildScene(inputOf(shop({}, { thickness, mainstat: [0, 99, 1e9, null] }))).scene.edges.width,
    ];
    expect(width([null, null, null, null])).toEqual([1, 3, 5, 1]);
    expect(width([1e6, 0, 2, 3])).toEqual([20, 3, 2, 3]);
  });

  test('of frames without health: their colours and rings', () => {
    const { scene } = buildScene(
      inputOf(
        graphOf(
          frameOf({ id: ['a', 'b', 'c'], color: ['#111111', null, null], arc__x: [0, 1, 0.5] }, {}, 'nodes'),
          frameOf({ id: ['e', 'f'], source: ['a', 'b'], target: ['b', 'c'], color: ['#222222', null] }),
        ),
      ),
    );
    expect([...scene.nodes.glyph]).toEqual([0, 0, 0]);
    expect([...scene.nodes.color].map((color) => scene.palette[color])).toEqual([
      '#111111',
      palette.node,
      palette.node,
    ]);
    expect([...scene.nodes.arcs.offsets]).toEqual([0, 0, 1, 2]);
    expect([...scene.edges.color].map((color) => scene.palette[color])).toEqual(['#222222', palette.edge]);
    expect(scene.edges.glyph).toBeUndefined();
  });
});

describe('what is chosen', () => {
  test('selection, and the path of an incident between nodes on it', () => {
    const { nodes, edges } = built({ selected: ['shop'], selectedEdge: 'c' }).scene;
    expect(has(nodes.flags, 'selected')).toEqual([1]);
    expect(has(edges.flags, 'selected')).toEqual([2]);
    expect(has(nodes.flags, 'highlighted')).toEqual([0, 1, 2]);
    expect(has(edges.flags, 'highlighted')).toEqual([0, 1]);
  });

  test('what is dim, and edges of which an end is', () => {
    const { nodes, edges } = built({ filter: { search: 'core' } }).scene;
    expect(has(nodes.flags, 'dim')).toEqual([0, 4, 5]);
    expect(has(edges.flags, 'dim')).toEqual([0, 3]);
  });

  test('what is hidden is not in the scene, and what remains knows where it is in the graph', () => {
    const { scene, nodeOf, edgeOf } = built({
      filter: { types: ['service', 'database'], search: 'shop' },
      selected: ['db'],
    });
    expect(scene.nodes.ids).toEqual(['shop', 'db', 'mail', 'lone']);
    expect([...nodeOf]).toEqual([1, 2, 4, 5]);
    expect(scene.edges.ids).toEqual(['b', 'd']);
    expect([...edgeOf]).toEqual([1, 3]);
    expect([...scene.edges.source, ...scene.edges.target]).toEqual([0, 0, 1, 2]);
    expect([...scene.nodes.x]).toEqual([0, -100, 200, 500]);
    expect(has(scene.nodes.flags, 'selected')).toEqual([1]);
    expect(has(scene.nodes.flags, 'dim')).toEqual([1, 2, 3]);
    expect(has(scene.edges.flags, 'dim')).toEqual([0, 1]);
    expect(has(scene.edges.flags, 'dashed')).toEqual([1]);
  });

  test('groups are marked as such and have a ring of shares', () => {
    const { scene } = built({ groupBy: 'namespace' });
    expect(has(scene.nodes.flags, 'group')).toEqual([0, 1]);
    expect([...scene.nodes.arcs.offsets]).toEqual([0, 0, 3, 3]);
  });
});

/** Names of the columns that are other objects. */
function sent(before: Scene, after: Scene): readonly string[] {
  const columns = (scene: Scene): Record<string, unknown> => {
    const named = (prefix: string, part: object) =>
      Object.fromEntries(Object.entries(part).map(([key, value]) => [`${prefix}.${key}`, value]));
    return {
      palette: scene.palette,
      icons: scene.icons,
      ...named('nodes', scene.nodes),
      ...named('edges', scene.edges),
    };
  };
  const old = columns(before);
  return Object.entries(columns(after))
    .filter(([key, value]) => old[key] !== value)
    .map(([key]) => key);
}

describe('what is sent again', () => {
  const first = built();

  test('nothing when another answer says the same', () => {
    expect(sent(first.scene, built({}, first).scene)).toEqual([]);
  });

  test('of other numbers, their texts; of another health, what shows it', () => {
    const numbers = buildScene(inputOf(shop({ mainstat: [97, 62, 12, 100, 100, null] })), first);
    expect(sent(first.scene, numbers.scene)).toEqual(['nodes.main']);
    const health = buildScene(
      inputOf(shop({ detail__status: ['healthy', 'failed', 'failed', 'healthy', 'healthy', 'unknown'] })),
      first,
    );
    expect(sent(first.scene, health.scene)).toEqual(['nodes.color', 'nodes.glyph']);
  });

  test('of a selection or a search, the flags', () => {
    const input = first.input;
    const selected = buildScene({ ...input, selected: new Set(['db']) }, first);
    expect(sent(first.scene, selected.scene)).toEqual(['nodes.flags']);
    const found = buildScene(inputOf(shop(), { filter: { search: 'core' } }), first);
    expect(sent(first.scene, found.scene)).toEqual(['nodes.flags', 'edges.flags']);
  });

  test('of a node that moved, the coordinates', () => {
    const moved = buildScene(inputOf(shop({ fixedx: [1, 0, -100, 100, 200, 500] })), first);
    expect(sent(first.scene, moved.scene)).toEqual(['nodes.x']);
  });

  test('a colour that comes is added behind those that there are', () => {
    const calm = buildScene(inputOf(shop({ detail__status: Array.from({ length: 6 }, () => 'healthy') })));
    const bad = buildScene(inputOf(shop()), calm);
    expect(bad.scene.palette.slice(0, calm.scene.palette.length)).toEqual(calm.scene.palette);
    const again = buildScene(calm.input, bad);
    expect(again.scene.palette).toBe(bad.scene.palette);
    expect([...again.scene.nodes.color]).toEqual([...calm.scene.nodes.color]);
  });
});

test('a list of colours that only grows begins anew when most of it has passed by', () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `#${index}`);
  const index = new TextIndex(many);
  expect(index.indexOf('#4999')).toBe(0);
  expect(index.texts()).toEqual(['#4999']);
});
