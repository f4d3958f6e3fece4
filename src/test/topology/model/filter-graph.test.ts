import { describe, expect, test } from '@jest/globals';
import {
  filterChoices,
  filterGraph,
  NO_FILTER,
  type GraphFilter,
} from '../../../panels/topology/model/filter-graph.ts';
import { graphOf, ids, shopFrames } from './fixtures.ts';

const graph = graphOf(...shopFrames());

function shown(filter: Partial<GraphFilter>) {
  const { visible, dim, visibleCount, matches } = filterGraph(graph, { ...NO_FILTER, ...filter });
  const where = (flags: Uint8Array): readonly string[] =>
    ids(
      graph,
      [...flags.keys()].filter((index) => flags[index] === 1),
    );
  expect(where(visible).length).toBe(visibleCount);
  return { visible: where(visible), dim: where(dim), matches: matches && ids(graph, matches) };
}
const ALL = graph.nodes.map(({ id }) => id);

describe('what hides', () => {
  test('without a filter nothing', () => {
    expect(shown({})).toEqual({ visible: ALL, dim: [], matches: undefined });
  });

  test('status and type, of which all that are chosen must hold', () => {
    expect(shown({ statuses: ['failed', 'degraded'] }).visible).toEqual(['shop', 'db']);
    expect(shown({ types: ['service'] }).visible).toEqual(['shop', 'mail', 'lone']);
    expect(shown({ types: ['service'], statuses: ['failed'] }).visible).toEqual([]);
  });

  test('severity only where the frame tells it', () => {
    expect(shown({ severities: ['high'] }).visible).toEqual(ALL);
    const other = graphOf(...shopFrames({ detail__severity: [null, 'medium', 'high', null, null, null] }));
    const { visible } = filterGraph(other, { ...NO_FILTER, severities: ['high'] });
    expect([...visible]).toEqual([0, 0, 1, 0, 0, 0]);
  });

  test('the distance from a node, along or against the edges or both', () => {
    const around = (depth: number, direction: 'upstream' | 'downstream' | 'both', id = 'shop') =>
      shown({ around: { id, depth, direction } }).visible;
    expect(around(0, 'both')).toEqual(['shop']);
    expect(around(1, 'both')).toEqual(['web', 'shop', 'db', 'cache', 'mail']);
    expect(around(1, 'upstream')).toEqual(['web', 'shop']);
    expect(around(3, 'downstream')).toEqual(['shop', 'db', 'cache', 'mail']);
    expect(around(1, 'both', 'db')).toEqual(['shop', 'db']);
    expect(around(2, 'both', 'db')).toEqual(['web', 'shop', 'db', 'cache', 'mail']);
    expect(around(2, 'upstream', 'db')).toEqual(['web', 'shop', 'db']);
  });

  test('a neighbourhood of a node that is gone hides nothing', () => {
    expect(shown({ around: { id: 'gone', depth: 1, direction: 'both' } }).visible).toEqual(ALL);
  });
});

describe('what dims', () => {
  test('a search looks in title, id, subtitle and details, for all of its words, in any case', () => {
    expect(shown({ search: 'ORDERS' }).matches).toEqual(['db']);
    expect(shown({ search: 'database' }).matches).toEqual(['db']);
    expect(shown({ search: 'core' }).matches).toEqual(['shop', 'db', 'cache']);
    expect(shown({ search: ' core  cache ' }).matches).toEqual(['cache']);
    expect(shown({ search: 'core cache' }).dim).toEqual(['web', 'shop', 'db', 'mail', 'lone']);
    expect(shown({ search: '  ' })).toEqual({ visible: ALL, dim: [], matches: undefined });
    expect(shown({ search: 'nothing' })).toEqual({ visible: ALL, dim: ALL, matches: [] });
  });

  test('a search finds only what the filters leave', () => {
    expect(shown({ search: 'core', statuses: ['failed'] }).matches).toEqual(['db']);
  });

  test('an incident dims what is not on its path, and nothing when there is none', () => {
    expect(shown({ incident: true }).dim).toEqual(['cache', 'mail', 'lone']);
    const calm = graphOf(...shopFrames({ detail__role: [null, null, null, null, null, null] }));
    expect([...filterGraph(calm, { ...NO_FILTER, incident: true }).dim]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

test('tells what a graph can be filtered by, the most frequent first', () => {
  expect(filterChoices(graph)).toEqual({
    types: [
      { value: 'service', count: 3 },
      { value: 'cache', count: 1 },
      { value: 'database', count: 1 },
      { value: 'frontend', count: 1 },
    ],
    statuses: [
      { value: 'healthy', count: 3 },
      { value: 'degraded', count: 1 },
      { value: 'failed', count: 1 },
      { value: 'unknown', count: 1 },
    ],
    severities: [],
  });
});
