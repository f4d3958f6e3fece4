import { describe, expect, test } from '@jest/globals';
import {
  createTheme,
  FieldColorModeId,
  FieldType,
  formattedValueToString,
  getDisplayProcessor,
  MappingType,
} from '@grafana/data';
import { paletteOf } from '../../../panels/topology/model/palette.ts';
import { readGraph } from '../../../panels/topology/model/read-graph.ts';
import { formatting, frameOf, graphOf, shopFrames, theme } from './fixtures.ts';

describe('frames of this project', () => {
  const graph = graphOf(...shopFrames());
  const node = (id: string) => graph.nodes[graph.indexOf.get(id)!];

  test('every row of the nodes is a node, with its health, place and numbers in their units', () => {
    expect(graph.nodes.map(({ id }) => id)).toEqual(['web', 'shop', 'db', 'cache', 'mail', 'lone']);
    const shop = node('shop');
    expect(shop).toMatchObject({ title: 'Shop', subtitle: 'service', status: 'degraded', place: { x: 0, y: 200 } });
    expect([shop.main, shop.secondary]).toEqual(['62.0%', '80.0 req/s']);
    expect([node('lone').main, node('lone').secondary]).toEqual(['', '']);
    expect([shop.icon, node('db').icon]).toEqual([undefined, 'database']);
  });

  test('a status has the colour of the theme, whatever colour the frame tells', () => {
    expect(node('db').color).toBe(theme.visualization.getColorByName('red'));
    const light = createTheme({ colors: { mode: 'light' } });
    const again = readGraph(shopFrames(), { theme: light });
    expect('nodes' in again && again.nodes[2].color).toBe(light.visualization.getColorByName('red'));
  });

  test('roles in an incident become marks', () => {
    expect(graph.nodes.map(({ mark }) => mark)).toEqual(['impacted', 'first-failure', 'cause', 'none', 'none', 'none']);
  });

  test('an edge is abnormal, or leads to what is bad, or is well, or nothing is known of it', () => {
    expect(graph.edges.map(({ status }) => status)).toEqual(['degraded', 'failed', 'healthy', 'unknown']);
    expect(graph.edges.map(({ rate }) => rate)).toEqual([120, 40, 700, undefined]);
    expect(graph.edges[0]).toMatchObject({ source: 0, target: 1, thickness: 3, main: '120.0 req/s' });
  });

  test('details are the columns behind the prefix that a row has a value in', () => {
    expect(node('lone').details.map(({ key, text }) => [key, text])).toEqual([['status', 'unknown']]);
    expect(node('db').details.map(({ key, text }) => [key, text])).toEqual([
      ['status', 'failed'],
      ['namespace', 'core'],
      ['role', 'cause'],
    ]);
    expect(graph.edges[1].details.map(({ key, text }) => [key, text])).toEqual([
      ['is_abnormal', 'true'],
      ['target_status', 'failed'],
    ]);
  });

  test('a text that changed its value is not the remembered one', () => {
    const next = graphOf(...shopFrames({ mainstat: [98.44, 61, 12, 100, 100, null] }));
    expect(next.nodes.map(({ main }) => main)).toEqual(['98.4%', '61.0%', '12.0%', '100.0%', '100.0%', '']);
  });
});

describe('frames of other data sources', () => {
  test('the names of columns are taken in any case, and numbers for ids', () => {
    const graph = graphOf(
      frameOf(
        { ID: [1, 2], Title: ['A', 'B'], subTitle: ['x', 'y'], mainStat: [1, 2], Arc__ok: [1, 0.25] },
        {},
        'nodes',
      ),
      frameOf({ id: ['e'], Source: [1], TARGET: [2] }),
    );
    expect(graph.nodes.map(({ id, title, subtitle, main }) => [id, title, subtitle, main])).toEqual([
      ['1', 'A', 'x', '1'],
      ['2', 'B', 'y', '2'],
    ]);
    expect(graph.edges[0]).toMatchObject({ source: 0, target: 1 });
    expect(graph.nodes[0].status).toBeUndefined();
    expect(graph.edges[0].status).toBeUndefined();
  });

  test('sections of the ring have the colours of their fields and never exceed the ring', () => {
    const graph = graphOf(
      frameOf(
        { id: ['a', 'b'], arc__ok: [0.75, 0], arc__bad: [0.5, 1] },
        {
          arc__ok: { displayName: 'Fine', color: { mode: FieldColorModeId.Fixed, fixedColor: 'green' } },
          arc__bad: { color: { mode: FieldColorModeId.Fixed, fixedColor: '#123456' } },
        },
      ),
    );
    const green = theme.visualization.getColorByName('green');
    expect(graph.nodes[0].arcs).toEqual([
      { share: 0.75, color: green, label: 'Fine' },
      { share: 0.25, color: '#123456', label: 'bad' },
    ]);
    expect(graph.nodes[1].arcs).toEqual([{ share: 1, color: '#123456', label: 'bad' }]);
  });

  test('a colour may be a name, a CSS colour, or a number on the scale of its field', () => {
    const text = graphOf(frameOf({ id: ['a', 'b', 'c'], color: ['blue', '#abcdef', null] }));
    expect(text.nodes.map(({ color }) => color)).toEqual([
      theme.visualization.getColorByName('blue'),
      '#abcdef',
      undefined,
    ]);
    const steps = [
      { value: -Infinity, color: 'green' },
      { value: 80, color: 'red' },
    ];
    const number = graphOf(
      frameOf(
        { id: ['a', 'b'], color: [10, 90] },
        { color: { color: { mode: FieldColorModeId.Thresholds }, thresholds: { mode: 'absolute' as never, steps } } },
      ),
    );
    expect(number.nodes.map(({ color }) => color)).toEqual(
      ['green', 'red'].map((name) => theme.visualization.getColorByName(name)),
    );
  });

  test('edges alone make the nodes that they join, with what flows into each', () => {
    const graph = graphOf(
      frameOf(
        { id: ['1', '2', '3'], source: ['a', 'b', 'a'], target: ['b', 'c', 'c'], mainstat: [10, 20, 5] },
        { mainstat: { unit: 'reqps', links: [{ title: 'x', url: 'y' }] } },
      ),
    );
    expect(graph.nodes.map(({ id, title, main }) => [id, title, main])).toEqual([
      ['a', 'a', ''],
      ['b', 'b', '10 req/s'],
      ['c', 'c', '25 req/s'],
    ]);
    expect(graph.edges.map(({ rate }) => rate)).toEqual([10, 20, 5]);
    expect(graph.frames.nodes.fields.find(({ name }) => name === 'mainstat')?.config.links).toBeUndefined();
  });

  test('nodes alone are a graph without edges', () => {
    const graph = graphOf(frameOf({ id: ['a'], title: ['A'] }));
    expect([graph.nodes.length, graph.edges.length, graph.frames.edges]).toEqual([1, 0, undefined]);
  });

  test('of several rows of one id the last counts, at the place of the first; rows without an id are none', () => {
    const graph = graphOf(frameOf({ id: ['a', 'b', 'a', null, ''], title: ['old', 'B', 'new', 'x', 'y'] }));
    expect(graph.nodes.map(({ id, title, row }) => [id, title, row])).toEqual([
      ['a', 'new', 2],
      ['b', 'B', 1],
    ]);
  });

  test('edges of which an end is missing are counted and left out; repeated ids of edges become unique', () => {
    const graph = graphOf(
      frameOf({ id: ['a', 'b'] }, {}, 'nodes'),
      frameOf({ id: ['e', 'e', 'f', 'g'], source: ['a', 'b', 'a', null], target: ['b', 'a', 'gone', 'b'] }),
    );
    expect(graph.edges.map(({ id, row }) => [id, row])).toEqual([
      ['e', 0],
      ['e#1', 1],
    ]);
    expect(graph.droppedEdges).toBe(2);
  });

  test('edges may ask for dashes and thickness, and be highlighted', () => {
    const graph = graphOf(
      frameOf({ id: ['a', 'b'], highlighted: [true, false] }, {}, 'nodes'),
      frameOf({
        id: ['e', 'f'],
        source: ['a', 'b'],
        target: ['b', 'a'],
        thickness: [4, null],
        highlighted: [true, false],
        strokeDasharray: ['5', ''],
      }),
    );
    expect(graph.nodes.map(({ highlighted }) => highlighted)).toEqual([true, false]);
    expect(graph.edges.map(({ dashed, thickness, highlighted }) => [dashed, thickness, highlighted])).toEqual([
      [true, 4, true],
      [false, undefined, false],
    ]);
  });

  test('a place needs both its coordinates', () => {
    const graph = graphOf(frameOf({ id: ['a', 'b'], fixedX: [1, 2], fixedY: [3, null] }));
    expect(graph.nodes.map(({ place }) => place)).toEqual([{ x: 1, y: 3 }, undefined]);
  });

  test.each([
    ['no-frames', [frameOf({ time: [1], value: [2] })]],
    ['no-frames', []],
    ['no-id', [frameOf({ title: ['A'] }, {}, 'nodes')]],
    ['no-ends', [frameOf({ id: ['a'] }, {}, 'nodes'), frameOf({ id: ['e'] }, {}, 'edges')]],
    ['no-ends', [frameOf({ id: ['e'] }, {}, 'edges')]],
  ])('says what is missing: %s', (problem, frames) => {
    expect(readGraph(frames, formatting)).toEqual({ problem });
  });

  test('rates of a minute count a second', () => {
    const graph = graphOf(
      frameOf({ id: ['e'], source: ['a'], target: ['b'], mainstat: [120] }, { mainstat: { unit: 'reqpm' } }),
    );
    expect(graph.edges[0].rate).toBe(2);
  });
});

test.each([
  [undefined, undefined],
  ['req/s', 1],
  ['percentunit', 2],
  ['bytes', undefined],
  ['s', 3],
  ['short', undefined],
  ['currencyUSD', 0],
  ['unheard of', 0],
])('numbers are written as Grafana writes them: unit %s, decimals %s', (unit, decimals) => {
  const values = [0, -1.5, 0.000123, 12.345, 1_234_567.89, 1e12];
  const config = { unit, decimals };
  const graph = graphOf(frameOf({ id: values.map(String), mainstat: values }, { mainstat: config }));
  const display = getDisplayProcessor({ field: { type: FieldType.number, config }, theme });
  expect(graph.nodes.map(({ main }) => main)).toEqual(values.map((value) => formattedValueToString(display(value))));
});

test('a number may be mapped to a word', () => {
  const mappings = [{ type: MappingType.ValueToText as const, options: { 1: { text: 'Up' } } }];
  const graph = graphOf(frameOf({ id: ['a', 'b'], mainstat: [1, 2] }, { mainstat: { mappings, decimals: 1 } }));
  expect(graph.nodes.map(({ main }) => main)).toEqual(['Up', '2.0']);
});

test('a theme has one palette', () => {
  expect(paletteOf(theme)).toBe(paletteOf(theme));
});
