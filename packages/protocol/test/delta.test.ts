import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, COLLECTIONS, diff, type CollectionName, type Incident, type Snapshot } from '../src/index.ts';

const id = fc.stringMatching(/^[a-e]$/);
const metrics = fc.dictionary(
  fc.constantFrom('request_rate', 'error_rate', '__proto__', 'cpu'),
  fc.integer({ min: -3, max: 3 }),
);
const service = fc.record(
  {
    resource_id: id,
    resource_name: fc.constantFrom('A', 'B'),
    resource_type: fc.constant('service'),
    status: fc.constantFrom('healthy' as const, 'failed' as const),
    health_score: fc.integer({ min: 0, max: 100 }),
    anomalies: fc.array(fc.constantFrom('slow', 'broken'), { maxLength: 2 }),
    metrics,
    last_updated: fc.constant('2026-01-01T00:00:00.000Z'),
    labels: fc.dictionary(fc.constantFrom('team', 'tier'), fc.constantFrom('x', 'y')),
  },
  {
    requiredKeys: [
      'resource_id',
      'resource_name',
      'resource_type',
      'status',
      'health_score',
      'anomalies',
      'metrics',
      'last_updated',
    ],
  },
);
const anomaly = fc.record({
  alert_id: id,
  resource_id: id,
  resource_name: fc.constant('A'),
  severity: fc.constantFrom('low' as const, 'critical' as const),
  metric_name: fc.constant('error_rate'),
  current_value: fc.integer(),
  expected_value: fc.integer(),
  deviation_percentage: fc.integer(),
  detected_at: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:05.000Z'),
  message: fc.constant('m'),
  potential_causes: fc.array(id, { maxLength: 2 }),
});
const traffic = fc.record({
  source_id: id,
  target_id: id,
  request_rate: fc.integer(),
  error_rate: fc.constant(0),
  latency_p95: fc.constant(0),
  is_abnormal: fc.boolean(),
  anomaly_score: fc.constant(0),
  trend: fc.constantFrom('stable' as const, 'increasing' as const),
});
const source = fc.record(
  {
    source: fc.constant('neo4j'),
    state: fc.constantFrom('fresh' as const, 'stale' as const),
    error: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['source', 'state'] },
);

const canonical = <N extends CollectionName>(name: N, values: Snapshot[N]): Snapshot[N] => {
  const kind = COLLECTIONS[name] as unknown as {
    key: (v: unknown) => string;
    compare: (a: unknown, b: unknown) => number;
  };
  return [...new Map(values.map((v) => [kind.key(v), v])).values()].sort(kind.compare) as Snapshot[N];
};

const snapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    timestamp: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:05.000Z'),
    overall_health: fc.constantFrom('healthy' as const, 'critical' as const),
    services: fc.array(service),
    anomalies: fc.array(anomaly),
    traffic_patterns: fc.array(traffic),
    dependencies: fc.array(fc.tuple(id, id)),
    freshness: fc.record({
      topology: source,
      topology_version: fc.constantFrom('v1', 'v2'),
      topology_issues: fc.constant({
        missing_id: 0,
        duplicate_id: 0,
        duplicate_edge: 0,
        dangling_edge: 0,
        self_edge: 0,
      }),
      metrics: source,
      metric_outcomes: fc.constant({}),
      warming_up: fc.boolean(),
    }),
  })
  .map((s) => ({
    ...s,
    failing_dependencies: [],
    services: canonical('services', s.services),
    anomalies: canonical('anomalies', s.anomalies),
    traffic_patterns: canonical('traffic_patterns', s.traffic_patterns),
    dependencies: canonical('dependencies', s.dependencies),
  }));

describe('EXT-4 apply(a, diff(a, b)) equals b', () => {
  test('for any two snapshots, also after a round trip through JSON', () => {
    fc.assert(
      fc.property(snapshot, snapshot, (a, b) => {
        const delta = JSON.parse(JSON.stringify(diff(a, b))) as ReturnType<typeof diff>;
        expect(JSON.parse(JSON.stringify(apply(a, delta)))).toEqual(JSON.parse(JSON.stringify(b)));
      }),
      { numRuns: 500 },
    );
  });

  test('for snapshots that share some of their entities', () => {
    const names = Object.keys(COLLECTIONS) as CollectionName[];
    fc.assert(
      fc.property(snapshot, snapshot, fc.infiniteStream(fc.boolean()), (a, other, keeps) => {
        const shared = Object.fromEntries(
          names.map((name) => {
            const kept = (a[name] as object[]).filter(() => keeps.next().value);
            return [name, canonical(name, [...other[name], ...kept] as Snapshot[CollectionName])];
          }),
        );
        const b = { ...other, ...shared };
        expect(apply(a, diff(a, b))).toEqual(b);
      }),
      { numRuns: 500 },
    );
  });

  test('for incidents, which a stream has in each state: the first, changed ones, and none again', () => {
    const incident = (id: string, title: string): Incident => ({
      incident_id: id,
      state: 'open',
      severity: 'high',
      opened_at: `2026-01-01T00:00:0${id}.000Z`,
      updated_at: '2026-01-01T00:00:09.000Z',
      title,
      text: title,
      suspects: [],
      impacted: [],
      entry_points: [],
      resource_ids: ['a'],
      alert_ids: [],
      blast_radius: { services: 1, entry_points: 0, request_share: null },
      changes: [],
      reopened: 0,
      merged_ids: [],
    });
    const [bare] = fc.sample(snapshot, 1);
    const states: Snapshot[] = [[], [incident('1', 'x')], [incident('2', 'y'), incident('1', 'z')], []].map(
      (incidents) => ({ ...bare, incidents }),
    );
    for (const [k, after] of [...states.entries()]) {
      const before = states[k - 1] ?? bare;
      const delta = JSON.parse(JSON.stringify(diff(before, after))) as ReturnType<typeof diff>;
      expect(apply(before, delta)).toEqual(after);
    }
    expect(diff(states[1], states[2]).incidents?.upsert).toEqual([
      ['2', incident('2', 'y')],
      ['1', { title: 'z', text: 'z' }],
    ]);
  });

  test('a delta between equal snapshots names no entity', () => {
    fc.assert(
      fc.property(snapshot, (a) => {
        expect(Object.keys(diff(a, structuredClone(a))).sort()).toEqual(['overall_health', 'timestamp']);
      }),
    );
  });

  test('the reader’s snapshot is left as it was', () => {
    fc.assert(
      fc.property(snapshot, snapshot, (a, b) => {
        const before = structuredClone(a);
        apply(a, diff(a, b));
        expect(a).toEqual(before);
      }),
    );
  });
});
