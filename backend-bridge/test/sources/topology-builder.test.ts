import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildTopology, type RawDependency, type RawResource } from '../../src/sources/build-topology.ts';

const node = (id: unknown, rest: Partial<RawResource> = {}): RawResource => ({ id, ...rest });
const edge = (source: unknown, target: unknown): RawDependency => ({ source, target });

describe('building a topology', () => {
  test('fills in what a row lacks, takes scalars of any kind as text, drops the rest', () => {
    const { resources } = buildTopology(
      [
        node(7n, { name: null, resource_type: '', labels: { replicas: 3n, active: true, tags: ['a'], team: '' } }),
        node('a', { name: 'A', resource_type: 'cache', labels: { team: 'x' } }),
      ],
      [],
    );
    expect(resources).toEqual([
      { id: '7', name: '7', resource_type: 'unknown', labels: { active: 'true', replicas: '3' } },
      { id: 'a', name: 'A', resource_type: 'cache', labels: { team: 'x' } },
    ]);
  });

  test('counts rows without a usable id; the first of duplicates wins', () => {
    const unusable = [undefined, null, '', {}, ['a'], 'x'.repeat(513), 'a\u001fb'];
    const { resources, issues } = buildTopology(
      [...unusable.map((id) => node(id)), node('a', { name: 'first' }), node('a', { name: 'second' })],
      [],
    );
    expect(resources.map(({ name }) => name)).toEqual(['first']);
    expect(issues).toMatchObject({ missing_id: unusable.length, duplicate_id: 1 });
  });

  test('a label named __proto__ changes nothing but itself', () => {
    const labels = JSON.parse('{"__proto__": "x", "team": "y"}') as Record<string, unknown>;
    const [resource] = buildTopology([node('a', { labels })], []).resources;
    expect(Object.getPrototypeOf(resource?.labels)).toBe(Object.prototype);
    expect(resource?.labels['team']).toBe('y');
  });

  test('the version tells every change of the graph, and nothing else', () => {
    const base = [node('a', { name: 'A', labels: { team: 'x' } }), node('b')];
    const edges = [edge('a', 'b')];
    const { version } = buildTopology(base, edges);
    const others = [
      buildTopology(base, []),
      buildTopology(base, [edge('b', 'a')]),
      buildTopology([base[0], node('c')], []),
      buildTopology([node('a', { name: 'A', labels: { team: 'y' } }), node('b')], edges),
      buildTopology([node('a', { name: 'A2', labels: { team: 'x' } }), node('b')], edges),
      buildTopology([node('a', { name: 'A', resource_type: 'db', labels: { team: 'x' } }), node('b')], edges),
    ].map((topology) => topology.version);
    expect(new Set([version, ...others]).size).toBe(others.length + 1);
    expect(buildTopology(base.toReversed(), [...edges, edge('a', 'nowhere')]).version).toBe(version);
  });

  test('any rows at all: sorted, unique, indexed, and every dropped row counted', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'é', 'B', '10', '9', null);
    const rows = fc.array(id);
    const pairs = fc.array(fc.tuple(id, id));
    fc.assert(
      fc.property(rows, pairs, (ids, ends) => {
        const topology = buildTopology(
          ids.map((each) => node(each)),
          ends.map(([source, target]) => edge(source, target)),
        );
        const known = new Set<string | null>(ids.filter((each) => each !== null));
        expect(topology.resources.map((resource) => resource.id)).toEqual([...known].sort());
        const wanted = ends.filter(([s, t]) => s !== t && s !== null && t !== null && known.has(s) && known.has(t));
        const unique = new Set(wanted.map(([s, t]) => JSON.stringify([s, t])));
        expect(topology.dependencies.map(({ source, target }) => JSON.stringify([source, target]))).toEqual(
          [...unique].sort(),
        );
        topology.dependencies.forEach(({ source, target }, i) => {
          expect(topology.edgeSource[i]).toBe(topology.indexOf.get(source));
          expect(topology.edgeTarget[i]).toBe(topology.indexOf.get(target));
        });
        const { missing_id, duplicate_id, duplicate_edge, dangling_edge, self_edge } = topology.issues;
        expect(missing_id + duplicate_id + topology.resources.length).toBe(ids.length);
        expect(duplicate_edge + dangling_edge + self_edge + topology.dependencies.length).toBe(ends.length);
      }),
    );
  });
});
