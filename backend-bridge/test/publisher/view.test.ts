import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, diff, eventResources, Snapshot } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import type { ViewSpec } from '../../src/publisher/feed.ts';
import { materialise } from '../../src/publisher/materialise.ts';
import { settle, type Settled } from '../../src/publisher/settle.ts';
import { cut, isAbout, membersOf, ViewCache } from '../../src/publisher/view.ts';
import { alert, anyDiagnoses, diagnosisOf, freshnessOf, graph, healthChange } from './diagnoses.ts';

type ResourceView = Extract<ViewSpec, { kind: 'resources' }>;
const view = (depth: number, ...resourceIds: string[]): ResourceView => ({ kind: 'resources', resourceIds, depth });
const topology = graph('web>cart', 'web>shop', 'cart>db', 'shop>db', 'db>disk', 'lone');

const idsOf = (spec: ResourceView): string[] =>
  [...membersOf(topology, spec).resources].map((i) => topology.resources[i].id);

const settled = (...args: Parameters<typeof diagnosisOf>): Settled => {
  const diagnosis = diagnosisOf(...args);
  return settle(undefined, { diagnosis, freshness: freshnessOf(diagnosis), resolution: 4 });
};

describe('SUB-2 a view', () => {
  test('holds the subscribed resources and those up to depth edges away in either direction', () => {
    expect(idsOf(view(0, 'cart'))).toEqual(['cart']);
    expect(idsOf(view(1, 'cart'))).toEqual(['cart', 'db', 'web']);
    expect(idsOf(view(2, 'cart'))).toEqual(['cart', 'db', 'disk', 'shop', 'web']);
    expect(idsOf(view(5, 'lone'))).toEqual(['lone']);
    expect(idsOf(view(0, 'web', 'lone', 'web'))).toEqual(['lone', 'web']);
  });

  test('holds the edges among its resources', () => {
    expect(membersOf(topology, view(1, 'cart')).pairs).toEqual([
      ['cart', 'db'],
      ['web', 'cart'],
    ]);
    expect(membersOf(topology, view(0, 'cart', 'shop')).pairs).toEqual([]);
  });

  test('shows anomalies, traffic and failing dependencies of those, and overall health of the whole graph', () => {
    const { state } = settled({
      topology,
      health: { db: [2, 10], lone: [1, 60] },
      alerts: [alert('1', 'db'), alert('2', 'lone'), alert('3', 'shop', { target_id: 'db' })],
    });
    const snapshot = cut(state, membersOf(topology, view(1, 'cart')));
    expect(snapshot.services.map(({ resource_id }) => resource_id)).toEqual(['cart', 'db', 'web']);
    expect(snapshot.services[0]).toBe(state.snapshot.services[0]);
    expect(snapshot.traffic_patterns.map((t) => [t.source_id, t.target_id])).toEqual([
      ['cart', 'db'],
      ['web', 'cart'],
    ]);
    expect(snapshot.failing_dependencies.map((f) => [f.source_id, f.target_id])).toEqual([['cart', 'db']]);
    expect(snapshot.anomalies.map(({ alert_id }) => alert_id)).toEqual(['1', '3']);
    expect(snapshot.overall_health).toBe(state.snapshot.overall_health);
    expect(snapshot.freshness).toBe(state.snapshot.freshness);
  });

  test('SUB-6 ids that the topology does not hold are accepted and show up when they appear', () => {
    expect(idsOf(view(2, 'future'))).toEqual([]);
    const grown = graph('web>future');
    expect(membersOf(grown, view(1, 'future')).resources).toHaveLength(2);
  });
});

describe('SUB-3 events of a view', () => {
  const members = membersOf(topology, view(0, 'cart'));
  test('are those of which any resource is in it', () => {
    const traffic = { source_id: 'cart', target_id: 'db', anomaly_type: 'latency', description: '' } as const;
    expect(isAbout(members, healthChange('cart').data)).toBe(true);
    expect(isAbout(members, healthChange('web').data)).toBe(false);
    expect(isAbout(members, traffic)).toBe(true);
    expect(isAbout(members, { ...traffic, source_id: 'shop' })).toBe(false);
  });

  test('include those about a subscribed resource that has left the topology', () => {
    const without = membersOf(graph('web>shop'), view(0, 'cart'));
    expect(isAbout(without, healthChange('cart').data)).toBe(true);
    expect(eventResources(healthChange('cart'))).toEqual(['cart']);
  });
});

describe('views of any states', () => {
  const anyView = fc
    .record({ ids: fc.subarray(['a', 'b', 'c', 'd', 'e', 'gone']), depth: fc.nat({ max: 3 }) })
    .map(({ ids, depth }) => view(depth, ...ids));
  const validate = validator(Snapshot);
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  test('EXT-4 SUB-2 hold deltas between cut states, over changes of the topology', () => {
    fc.assert(
      fc.property(anyDiagnoses, anyView, (diagnoses, spec) => {
        let last: Settled | undefined;
        let held: Snapshot | undefined;
        for (const diagnosis of diagnoses) {
          const now = settle(last, { diagnosis, freshness: freshnessOf(diagnosis), resolution: 4 });
          const shown = cut(now.state, membersOf(now.state.topology, spec));
          const shownBefore = last && cut(last.state, membersOf(last.state.topology, spec));
          held = held && shownBefore ? apply(held, json(diff(shownBefore, shown)) as never) : shown;
          expect(json(held)).toEqual(json(shown));
          expect(validate(json(shown))).toMatchObject({ ok: true });
          last = now;
        }
      }),
      { numRuns: 200 },
    );
  });

  test('SUB-2 exact snapshots are cut like settled ones', () => {
    fc.assert(
      fc.property(anyDiagnoses, anyView, ([diagnosis], spec) => {
        const freshness = freshnessOf(diagnosis);
        const { state } = settle(undefined, { diagnosis, freshness, resolution: 0 });
        const members = membersOf(diagnosis.topology, spec);
        expect(json(materialise(diagnosis, freshness, members))).toEqual(json(cut(state, members)));
      }),
    );
  });
});

describe('the cache of views', () => {
  test('knows equal views by their content and drops the longest unused', () => {
    const cache = new ViewCache(40);
    const first = cache.members(topology, view(1, 'cart', 'web'));
    expect(cache.members(topology, view(1, 'web', 'cart'))).toBe(first);
    for (const id of ['db', 'shop', 'disk']) cache.members(topology, view(5, id));
    expect(cache.members(topology, view(1, 'cart', 'web'))).not.toBe(first);
    expect(cache.members(topology, { kind: 'all' })).toBeUndefined();
  });
});
