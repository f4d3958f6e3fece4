import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { STATUSES, type AnomalyAlert, type Snapshot, type Status } from '@topdeck/protocol';
import { rolesOf, type Role } from '../../src/frames/roles.ts';
import { service, snapshotOf } from '../snapshots.ts';
import { anomaly } from './fixtures.ts';

const seen = (afterS: number): string => new Date(Date.UTC(2026, 0, 31, 11, 59, afterS)).toISOString();

interface World {
  /** `a>b`: a calls b. */
  readonly edges: readonly string[];
  readonly status?: Readonly<Record<string, Status>>;
  /** By resource, or `a>b` for an edge: what the anomaly points to, and when it was detected. */
  readonly anomalies?: Readonly<Record<string, Partial<AnomalyAlert>>>;
}

function world({ edges, status = {}, anomalies = {} }: World): Snapshot {
  const pairs = edges.map((edge) => edge.split('>') as [string, string]);
  const ids = [...new Set(pairs.flat())].sort();
  const alerts = Object.entries(anomalies).map(([of, fields], i) => {
    const [resource_id, target_id] = of.split('>');
    const base = { resource_id, resource_name: resource_id, potential_causes: [], detected_at: seen(0) };
    return anomaly(`a${i}`, { ...base, ...(target_id !== undefined && { target_id }), ...fields });
  });
  const sentences = (id: string): string[] => (['degraded', 'failed'].includes(status[id] ?? '') ? ['slow'] : []);
  return snapshotOf(
    ids.map((id) => service(id, { status: status[id] ?? 'healthy', anomalies: sentences(id) })),
    { dependencies: pairs, anomalies: alerts },
  );
}

const roles = (parts: World): Record<string, Role> => Object.fromEntries(rolesOf(world(parts)).roleOf);
const path = (parts: World): string[] => {
  const { isOnPath } = rolesOf(world(parts));
  return parts.edges.filter((edge) => isOnPath(...(edge.split('>') as [string, string])));
};
const to = (...cause_ids: string[]): Partial<AnomalyAlert> => ({ cause_ids });

describe('roles in an incident', () => {
  const chain = ['web>shop', 'shop>orders', 'orders>db'];
  const chained = { web: to('db', 'orders', 'shop'), shop: to('db', 'orders'), orders: to('db'), db: to() };

  test('a system without trouble has none', () => {
    expect(roles({ edges: chain })).toEqual({});
    expect(path({ edges: chain })).toEqual([]);
  });

  test('the end that all others point to is the cause, those above are impacted, and the ways between are marked', () => {
    const incident = { edges: [...chain, 'orders>cache', 'ads>shop', 'ads>mail'], anomalies: chained };
    expect(roles(incident)).toEqual({ db: 'cause', orders: 'impacted', shop: 'impacted', web: 'impacted' });
    expect(path(incident)).toEqual(chain);
  });

  test('suspects are followed: where each names only the next one down, the last one is the cause', () => {
    const anomalies = { web: to('shop'), shop: to('orders'), orders: to('db'), db: to() };
    expect(roles({ edges: chain, anomalies })).toMatchObject({ db: 'cause', web: 'impacted' });
  });

  test('what was seen before the cause is the first failure, and a tie goes to the cause', () => {
    const at = (orders: number, db: number) => ({
      edges: chain,
      anomalies: {
        ...chained,
        shop: { ...to('db'), detected_at: seen(30) },
        web: { ...to('db'), detected_at: seen(30) },
        orders: { ...to('db'), detected_at: seen(orders) },
        db: { ...to(), detected_at: seen(db) },
      },
    });
    expect(roles(at(5, 10))).toEqual({ db: 'cause', orders: 'first_failure', shop: 'impacted', web: 'impacted' });
    expect(roles(at(10, 10)).orders).toBe('impacted');
    expect(roles(at(15, 10)).orders).toBe('impacted');
    expect(path(at(5, 10))).toEqual(chain);
  });

  test('callers that are degraded or failed are impacted without an anomaly of their own, up to the first that is well', () => {
    const status = { db: 'failed', orders: 'degraded', shop: 'failed' } as const;
    const incident = { edges: [...chain, 'admin>orders'], status, anomalies: { db: to() } };
    expect(roles(incident)).toEqual({ db: 'cause', orders: 'impacted', shop: 'impacted' });
    expect(path(incident)).toEqual(['shop>orders', 'orders>db']);
  });

  test('an unhealthy service on which nobody suffers is unexplained, and so is one without anomalies', () => {
    expect(roles({ edges: chain, status: { db: 'failed' }, anomalies: { db: to() } })).toEqual({});
    const silent = world({ edges: chain, status: { db: 'failed', orders: 'degraded' } });
    const services = silent.services.map((one) => ({ ...one, anomalies: [] }));
    expect([...rolesOf({ ...silent, services }).roleOf]).toEqual([]);
  });

  test('two ends that fail at once are both causes, of incidents that may share what they impact', () => {
    const edges = ['web>db', 'web>cache', 'job>cache'];
    const status = { web: 'degraded', db: 'failed', cache: 'failed', job: 'degraded' } as const;
    const anomalies = { web: to('db', 'cache'), db: to(), cache: to(), job: to('cache') };
    expect(roles({ edges, status, anomalies })).toEqual({
      db: 'cause',
      cache: 'cause',
      web: 'impacted',
      job: 'impacted',
    });
  });

  test('each of two separate incidents has its own first failure', () => {
    const anomalies = {
      web: { ...to('db'), detected_at: seen(1) },
      db: { ...to(), detected_at: seen(2) },
      job: { ...to('mail'), detected_at: seen(3) },
      mail: { ...to(), detected_at: seen(4) },
    };
    expect(roles({ edges: ['web>db', 'job>mail'], anomalies })).toEqual({
      web: 'first_failure',
      db: 'cause',
      job: 'first_failure',
      mail: 'cause',
    });
  });

  test('in a ring of services that point at each other the one seen first is the cause', () => {
    const edges = ['a>b', 'b>c', 'c>a'];
    const at = (afterS: number, ...ids: string[]) => ({ ...to(...ids), detected_at: seen(afterS) });
    const anomalies = { a: at(9, 'c', 'b'), b: at(3, 'a', 'c'), c: at(9, 'b', 'a') };
    expect(roles({ edges, anomalies })).toEqual({ a: 'impacted', b: 'cause', c: 'impacted' });
  });

  test('trouble passes through what nothing is known of, which has no role and stands on the path', () => {
    const incident: World = {
      edges: ['web>proxy', 'proxy>db', 'proxy>well', 'bystander>db'],
      status: { proxy: 'unknown', bystander: 'unknown' },
      anomalies: { web: to('db'), db: to() },
    };
    expect(roles(incident)).toEqual({ web: 'impacted', db: 'cause' });
    expect(path(incident)).toEqual(['web>proxy', 'proxy>db']);
  });

  test('a target that nothing is known of is the cause when the calls to it go wrong; one that is well is not', () => {
    const edges = ['web>bank'];
    const anomalies = { web: to('bank'), 'web>bank': to() };
    expect(roles({ edges, anomalies, status: { bank: 'unknown' } })).toEqual({ web: 'impacted', bank: 'cause' });
    expect(roles({ edges, anomalies })).toEqual({});
  });

  test('fewer requests below an ill service are its effect, and make neither a cause nor a first failure', () => {
    const fewer = { metric_name: 'request_rate', current_value: 1, expected_value: 50, detected_at: seen(0) };
    const anomalies = { web: { ...to(), detected_at: seen(20) }, db: { ...to(), ...fewer } };
    expect(roles({ edges: ['web>db'], anomalies, status: { web: 'failed' } })).toEqual({});
  });

  test('an anomaly of a bridge that names no resources leaves what the statuses tell', () => {
    const anomalies = { web: { potential_causes: ['db: slow'] }, db: {} };
    const status = { web: 'degraded', db: 'failed' } as const;
    expect(roles({ edges: ['web>db'], anomalies, status })).toEqual({ web: 'impacted', db: 'cause' });
  });

  test('is told once a state', () => {
    const snapshot = world({ edges: chain, anomalies: chained });
    expect(rolesOf(snapshot)).toBe(rolesOf(snapshot));
  });
});

describe('whatever points where', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const id = fc.constantFrom(...ids, 'gone');
  const snapshots = fc
    .record({
      status: fc.dictionary(fc.constantFrom(...ids), fc.constantFrom(...STATUSES)),
      edges: fc.uniqueArray(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), {
        selector: (pair) => pair.join(),
        maxLength: 12,
      }),
      alerts: fc.array(fc.record({ of: id, to: fc.array(id, { maxLength: 3 }), atS: fc.nat(5) }), { maxLength: 8 }),
    })
    .map(({ status, edges, alerts }) =>
      snapshotOf(
        ids.map((one) => service(one, { status: status[one] ?? 'healthy', anomalies: ['x'] })),
        {
          dependencies: edges,
          anomalies: alerts.map((alert, i) =>
            anomaly(`a${i}`, { resource_id: alert.of, cause_ids: alert.to, detected_at: seen(alert.atS) }),
          ),
        },
      ),
    );

  test('nobody is impacted without a cause, who is well has no role, and a path joins members', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const { roleOf, isOnPath } = rolesOf(snapshot);
        const given = [...roleOf.values()];
        if (given.length > 0) expect(given).toContain('cause');
        const alerted = new Set(snapshot.anomalies.map(({ resource_id }) => resource_id));
        const well = snapshot.services.filter((s) => s.status === 'healthy' && !alerted.has(s.resource_id));
        for (const { resource_id } of well) expect(roleOf.get(resource_id)).toBeUndefined();
        for (const [source, target] of snapshot.dependencies) {
          if (!isOnPath(source, target)) continue;
          for (const end of [source, target]) {
            const isUnknown = snapshot.services.find((s) => s.resource_id === end)?.status === 'unknown';
            expect(roleOf.has(end) || isUnknown).toBe(true);
          }
          expect(roleOf.get(source)).not.toBe('cause');
        }
      }),
      { numRuns: 500 },
    );
  });
});
