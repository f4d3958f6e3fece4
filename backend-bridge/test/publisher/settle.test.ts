import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, COLLECTIONS, diff, Snapshot, type CollectionName } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import { materialise } from '../../src/publisher/materialise.ts';
import { settle, type Settled } from '../../src/publisher/settle.ts';
import { alert, anyDiagnoses, diagnosisOf, freshnessOf, graph, START_MS } from './diagnoses.ts';

const RESOLUTION = 4;
const run = (diagnoses: readonly Diagnosis[], resolution = RESOLUTION): Settled[] => {
  const states: Settled[] = [];
  for (const diagnosis of diagnoses)
    states.push(settle(states.at(-1), { diagnosis, freshness: freshnessOf(diagnosis), resolution }));
  return states;
};
const next = (before: Settled, diagnosis: Diagnosis, resolution = RESOLUTION): Settled =>
  settle(before, { diagnosis, freshness: freshnessOf(diagnosis), resolution });

describe('EXT-5 settled states', () => {
  const topology = graph('a>b', 'b>c');
  const first = settle(undefined, {
    diagnosis: diagnosisOf({ topology }),
    freshness: freshnessOf(diagnosisOf({ topology })),
    resolution: RESOLUTION,
  });
  const later = { topology, atMs: START_MS + 5_000 };

  test('a measurement that moved by less than the resolution keeps its entity and the whole list', () => {
    const state = next(first, diagnosisOf({ ...later, values: { 0: { 1: 1.39 }, 2: { 0: 1.39 } } }));
    expect(state.state.snapshot.services).toBe(first.state.snapshot.services);
    expect(state.state.snapshot.traffic_patterns).toBe(first.state.snapshot.traffic_patterns);
  });

  test('one that moved by more is sent, and it alone', () => {
    const state = next(first, diagnosisOf({ ...later, values: { 0: { 1: 1.41 }, 1: { 1: 1.2 } } }));
    const [a, b, c] = state.state.snapshot.services;
    expect(b.metrics).toEqual({ request_rate: 1.41, latency_p95: 1 });
    expect(b.last_updated).toBe('2026-01-01T00:00:05.000Z');
    expect([a, c]).toEqual([first.state.snapshot.services[0], first.state.snapshot.services[2]]);
    expect(a).toBe(first.state.snapshot.services[0]);
  });

  test('small moves add up: they are measured from what was sent, not from the tick before', () => {
    const steps = [1.2, 1.35, 1.5].map((value, k) =>
      diagnosisOf({ topology, atMs: START_MS + (k + 1) * 5_000, values: { 0: { 0: value } } }),
    );
    const sent = run([diagnosisOf({ topology }), ...steps]).map(
      ({ state }) => state.snapshot.services[0].metrics.request_rate,
    );
    expect(sent).toEqual([1, 1, 1, 1.5]);
  });

  test('a change of status brings all measurements up to date', () => {
    const state = next(
      first,
      diagnosisOf({ ...later, health: { b: [1, 60] }, values: { 0: { 1: 1.1 }, 1: { 1: 1.2 } } }),
    );
    expect(state.state.snapshot.services[1]).toMatchObject({
      status: 'degraded',
      health_score: 60,
      metrics: { request_rate: 1.1, latency_p95: 1.2 },
    });
  });

  test('known and unknown are never settled into one another', () => {
    const gone = next(first, diagnosisOf({ ...later, values: { 0: { 0: Number.NaN } } }));
    expect(gone.state.snapshot.services[0].metrics).toEqual({ latency_p95: 1 });
    const back = next(gone, diagnosisOf({ topology, atMs: START_MS + 10_000 }));
    expect(back.state.snapshot.services[0].metrics).toEqual({ request_rate: 1, latency_p95: 1 });
  });

  test('before warm-up, and where a value is far from the expected one, a tenth of the value counts', () => {
    const cold = { topology, scale: Number.NaN };
    const [start] = run([diagnosisOf(cold)]);
    const within = next(start, diagnosisOf({ ...cold, ...later, values: { 0: { 0: 1.09 } } }));
    expect(within.state.snapshot.services).toBe(start.state.snapshot.services);
    const beyond = next(start, diagnosisOf({ ...cold, ...later, values: { 0: { 0: 1.11 } } }));
    expect(beyond.state.snapshot.services[0].metrics.request_rate).toBe(1.11);

    const [high] = run([diagnosisOf({ topology, values: { 0: { 0: 100 } } })]);
    const noisy = next(high, diagnosisOf({ ...later, values: { 0: { 0: 108 } } }));
    expect(noisy.state.snapshot.services).toBe(high.state.snapshot.services);
  });

  test('DELTA_RESOLUTION=0 sends every change', () => {
    const state = next(first, diagnosisOf({ ...later, values: { 0: { 0: 1.000001 } } }), 0);
    expect(state.state.snapshot.services[0].metrics.request_rate).toBe(1.000001);
  });

  test('an alert is told anew when its facts changed or its value moved by more than a quarter', () => {
    const open = next(first, diagnosisOf({ topology, alerts: [alert('1', 'a')] }));
    const moved = (over: object): Settled => next(open, diagnosisOf({ ...later, alerts: [alert('1', 'a', over)] }));
    expect(moved({ current_value: 2.4, score: 0.9 }).state.snapshot.anomalies).toBe(open.state.snapshot.anomalies);
    expect(moved({ current_value: 2.6 }).state.snapshot.anomalies[0].current_value).toBe(2.6);
    expect(moved({ severity: 'critical' }).state.snapshot.anomalies[0].severity).toBe('critical');
    expect(moved({ potential_causes: ['b'] }).state.snapshot.anomalies[0].potential_causes).toEqual(['b']);
    expect(moved({ cause_ids: ['b'] }).state.snapshot.anomalies[0].cause_ids).toEqual(['b']);
  });

  test('a failing dependency is that of the settled target, and stays while the target stays', () => {
    const failed = next(first, diagnosisOf({ ...later, health: { c: [2, 10] } }));
    const [entry] = failed.state.snapshot.failing_dependencies;
    expect(entry).toMatchObject({ source_id: 'b', target_id: 'c', status: 'failed', health_score: 10 });
    expect(entry.error_details.metrics).toBe(failed.state.snapshot.services[2].metrics);
    const same = next(failed, diagnosisOf({ topology, atMs: START_MS + 10_000, health: { c: [2, 10] } }));
    expect(same.state.snapshot.failing_dependencies).toBe(failed.state.snapshot.failing_dependencies);
  });

  test('services and edges that live on in another topology keep what was sent of them', () => {
    const [start] = run([
      diagnosisOf({ topology, values: { 1: { 0: 5, 1: 6, 2: 7 }, 4: { 0: 8, 1: 9 } }, scale: 0.01 }),
    ]);
    const grown = graph('a>b', 'b>c', 'c>d', '0>a');
    const values = { 1: { 1: 5, 2: 6, 3: 7 }, 4: { 1: 8, 2: 9 } };
    const state = next(start, diagnosisOf({ topology: grown, atMs: START_MS + 5_000, values, scale: 0.01 }));
    const { services, traffic_patterns } = state.state.snapshot;
    expect(services.map(({ resource_id }) => resource_id)).toEqual(['0', 'a', 'b', 'c', 'd']);
    for (const i of [0, 1, 2]) expect(services[i + 1]).toBe(start.state.snapshot.services[i]);
    for (const j of [0, 1]) expect(traffic_patterns[j + 1]).toBe(start.state.snapshot.traffic_patterns[j]);
  });
});

describe('laws of any sequence of states', () => {
  const validate = validator(Snapshot);
  const names = Object.keys(COLLECTIONS) as CollectionName[];

  test('EXT-4 EXT-5 a reader of deltas holds the settled state, which is a valid snapshot in order (SNAP-1, SNAP-3)', () => {
    fc.assert(
      fc.property(anyDiagnoses, (diagnoses) => {
        const states = run(diagnoses).map(({ state }) => state.snapshot);
        let held = states[0];
        for (const [k, snapshot] of states.entries()) {
          if (k > 0) held = apply(held, JSON.parse(JSON.stringify(diff(states[k - 1], snapshot))));
          expect(JSON.parse(JSON.stringify(held))).toEqual(JSON.parse(JSON.stringify(snapshot)));
          expect(validate(JSON.parse(JSON.stringify(snapshot)))).toMatchObject({ ok: true });
          for (const name of names) {
            const compare = COLLECTIONS[name].compare as (a: unknown, b: unknown) => number;
            expect([...(snapshot[name] as unknown[])].sort(compare)).toEqual(snapshot[name]);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('EXT-5 a settled measurement is within the resolution of the exact one', () => {
    fc.assert(
      fc.property(anyDiagnoses, (diagnoses) => {
        for (const [k, { state }] of run(diagnoses).entries()) {
          const diagnosis = diagnoses[k];
          const exact = materialise(diagnosis, freshnessOf(diagnosis));
          for (const [i, service] of state.snapshot.services.entries()) {
            expect(Object.keys(service.metrics)).toEqual(Object.keys(exact.services[i].metrics));
            expect(service).toMatchObject({ status: exact.services[i].status, anomalies: exact.services[i].anomalies });
            for (const { spec, values, scale } of diagnosis.columns) {
              if (spec.scope !== 'service' || !Number.isFinite(values[i])) continue;
              const sent = service.metrics[spec.name];
              const usual = RESOLUTION * (Number.isFinite(scale[i]) ? scale[i] : 0);
              expect(Math.abs(sent - values[i])).toBeLessThanOrEqual(Math.max(usual, Math.abs(sent) / 10));
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('EXT-5 with a resolution of 0 a settled state is the exact one, save when its services last changed', () => {
    const timeless = (snapshot: Snapshot): unknown =>
      JSON.parse(JSON.stringify(snapshot), (key, value: unknown) =>
        key === 'last_updated' || key === 'timestamp' ? undefined : value,
      );
    fc.assert(
      fc.property(anyDiagnoses, (diagnoses) => {
        for (const [k, { state }] of run(diagnoses, 0).entries())
          expect(timeless(state.snapshot)).toEqual(timeless(materialise(diagnoses[k], freshnessOf(diagnoses[k]))));
      }),
      { numRuns: 200 },
    );
  });
});
