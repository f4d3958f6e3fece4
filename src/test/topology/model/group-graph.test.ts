import { describe, expect, test } from '@jest/globals';
import { FieldColorModeId } from '@grafana/data';
import type { Graph } from '../../../panels/topology/graph.ts';
import { filterGraph, NO_FILTER } from '../../../panels/topology/model/filter-graph.ts';
import { groupGraph, groupId, liftShown, NO_GROUPING } from '../../../panels/topology/model/group-graph.ts';
import { placesOf } from '../../../panels/topology/model/places.ts';
import { paletteOf } from '../../../panels/topology/model/palette.ts';
import { formatting, frameOf, graphOf, shopFrames, theme } from './fixtures.ts';

const graph = graphOf(...shopFrames());
const by = (field: string, expanded: readonly string[] = [], base: Graph = graph) =>
  groupGraph(base, { field, expanded: new Set(expanded) }, formatting);
const CORE = groupId('namespace', 'core');
const EDGE = groupId('namespace', 'edge');

test('without a field the graph is as it is', () => {
  const grouped = groupGraph(graph, NO_GROUPING, formatting);
  expect(grouped.graph).toBe(graph);
  expect([...grouped.nodeOf]).toEqual([0, 1, 2, 3, 4, 5]);
});

describe('nodes of one value', () => {
  const { graph: seen, nodeOf, edgeOf, groups } = by('namespace');

  test('become one, which is as bad as its worst; nodes without the value stay', () => {
    expect(seen.nodes.map(({ id, status, mark, main }) => [id, status, mark, main])).toEqual([
      [EDGE, 'healthy', 'impacted', '× 2'],
      [CORE, 'failed', 'cause', '× 3'],
      ['lone', 'unknown', 'none', ''],
    ]);
    expect(seen.nodes[1]).toMatchObject({
      title: 'core',
      subtitle: 'namespace',
      members: ['shop', 'db', 'cache'],
      row: -1,
    });
    expect([...nodeOf]).toEqual([0, 1, 1, 1, 0, 2]);
    expect(groups.get(CORE)).toMatchObject({ isCollapsed: true, members: [1, 2, 3] });
  });

  test('have a ring by shares of their statuses', () => {
    const { status } = paletteOf(theme);
    expect(seen.nodes[1].arcs).toEqual([
      { share: 1 / 3, color: status.healthy, label: 'healthy' },
      { share: 1 / 3, color: status.degraded, label: 'degraded' },
      { share: 1 / 3, color: status.failed, label: 'failed' },
    ]);
  });

  test('share their edges: rates add up, the worst status counts, edges within go', () => {
    expect(seen.edges.map(({ source, target, rate, status, main }) => [source, target, rate, status, main])).toEqual([
      [0, 1, 120, 'degraded', '120.0 req/s'],
      [1, 0, undefined, 'unknown', ''],
    ]);
    expect(seen.edges[0].thickness).toBeCloseTo(1 + Math.log10(121));
    expect([...edgeOf]).toEqual([0, -1, -1, 1]);
  });

  test('are opened one group at a time, by ids that stay the same', () => {
    const opened = by('namespace', [CORE]);
    expect(opened.graph.nodes.map(({ id }) => id)).toEqual([EDGE, 'shop', 'db', 'cache', 'lone']);
    expect(opened.graph.edges.map(({ id, main }) => [id, main])).toEqual([
      [`${EDGE}->shop`, '120.0 req/s'],
      ['b', '40.0 req/s'],
      ['c', '700.0 req/s'],
      [`shop->${EDGE}`, ''],
    ]);
    // Moved to other indices, an edge still has its own texts.
    const [, moved] = opened.graph.edges;
    expect([moved.source, moved.target, moved.details.length]).toEqual([1, 2, 2]);
    expect(by('namespace', [CORE, EDGE]).graph).toBe(graph);
    expect(by('namespace', [CORE, EDGE]).groups.get(CORE)?.isCollapsed).toBe(false);
  });
});

test('several edges between two groups become one', () => {
  const grouped = by(
    'subtitle',
    [],
    graphOf(
      frameOf({ id: ['a', 'b', 'c', 'd'], subtitle: ['x', 'x', 'y', 'y'] }, {}, 'nodes'),
      frameOf(
        { id: ['1', '2', '3'], source: ['a', 'b', 'c'], target: ['c', 'd', 'a'], mainstat: [10, 5, 1] },
        { mainstat: { unit: 'reqps' } },
      ),
    ),
  );
  expect(grouped.graph.edges.map(({ source, target, rate, main }) => [source, target, rate, main])).toEqual([
    [0, 1, 15, '15 req/s'],
    [1, 0, 1, '1 req/s'],
  ]);
});

test('groups of frames without health have the mean of the rings', () => {
  const color = { mode: FieldColorModeId.Fixed, fixedColor: '#111111' };
  const base = graphOf(frameOf({ id: ['a', 'b'], subtitle: ['x', 'x'], arc__ok: [1, 0.5] }, { arc__ok: { color } }));
  const { nodes } = by('subtitle', [], base).graph;
  expect(nodes).toHaveLength(1);
  expect(nodes[0].arcs).toEqual([{ share: 0.75, color: '#111111', label: 'ok' }]);
  expect(nodes[0].status).toBeUndefined();
});

test('a group of one stays the node that it is', () => {
  expect(by('subtitle').graph.nodes.map(({ id }) => id)).toEqual(['web', 'group:subtitle:service', 'db', 'cache']);
});

test('a group is as visible as any of its members, and dim only when all of them are', () => {
  const grouped = by('namespace');
  const failed = liftShown(filterGraph(graph, { ...NO_FILTER, statuses: ['failed'] }), grouped);
  expect([...failed.visible]).toEqual([0, 1, 0]);
  expect(failed.visibleCount).toBe(1);
  const search = liftShown(filterGraph(graph, { ...NO_FILTER, search: 'orders' }), grouped);
  expect([...search.dim]).toEqual([1, 0, 1]);
  expect(search.matches).toEqual([1]);
});

describe('places', () => {
  const nowhere = { dragged: {}, laidOut: new Map() };

  test('a group stands in the middle of its members', () => {
    const { x, y } = placesOf(by('namespace'), nowhere);
    expect([x[1], y[1]]).toEqual([0, Math.fround(1000 / 3)]);
    expect([x[2], y[2]]).toEqual([500, 0]);
  });

  test('groups of one middle do not stand upon each other, whatever order rows come in', () => {
    const columns = {
      id: ['a', 'b', 'c', 'd'],
      subtitle: ['x', 'y', 'x', 'y'],
      fixedx: [-100, -50, 100, 50],
      fixedy: [0, 0, 0, 0],
    };
    const placeById = (columnsOf: typeof columns) => {
      const grouped = by('subtitle', [], graphOf(frameOf(columnsOf)));
      const { x, y } = placesOf(grouped, nowhere);
      return new Map(grouped.graph.nodes.map(({ id }, index) => [id, [x[index], y[index]]]));
    };
    const places = placeById(columns);
    expect(places.get('group:subtitle:x')).toEqual([0, 0]);
    expect(Math.hypot(...places.get('group:subtitle:y')!)).toBeGreaterThan(100);
    const turned = Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values.toReversed()]));
    expect([...placeById(turned as typeof columns)].sort()).toEqual([...places].sort());
  });

  test('what was dragged goes before the frame, and the frame before the layout', () => {
    const base = graphOf(frameOf({ id: ['a', 'b', 'c'], fixedx: [1, 2, null], fixedy: [1, 2, null] }));
    const laidOut = new Map(['a', 'b', 'c'].map((id) => [id, { x: 7, y: 8 }]));
    const { x, y } = placesOf(groupGraph(base, NO_GROUPING, formatting), { dragged: { a: [5, 6] }, laidOut });
    expect([[...x], [...y]]).toEqual([
      [5, 2, 7],
      [6, 2, 8],
    ]);
  });

  test('a group can be dragged, and its middle follows members that were', () => {
    const grouped = by('namespace');
    expect(placesOf(grouped, { ...nowhere, dragged: { [CORE]: [9, 9] } }).x[1]).toBe(9);
    expect(placesOf(grouped, { ...nowhere, dragged: { shop: [300, 200] } }).x[1]).toBe(100);
  });
});
