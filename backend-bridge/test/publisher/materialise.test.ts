import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Snapshot, type MetricReport } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { emptyDiagnosis, materialise } from '../../src/publisher/materialise.ts';
import { buildFreshness } from '../../src/publisher/freshness.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { anyDiagnosis, diagnosisOf, freshnessOf, graph, SOURCES } from './diagnoses.ts';

const validate = validator(Snapshot);
const snapshotOf = (...args: Parameters<typeof diagnosisOf>): Snapshot => {
  const diagnosis = diagnosisOf(...args);
  return materialise(diagnosis, freshnessOf(diagnosis));
};

describe('an exact snapshot', () => {
  test('SNAP-1 has finite numbers only, whatever the columns hold, and is valid', () => {
    fc.assert(
      fc.property(anyDiagnosis, (diagnosis) => {
        const text = JSON.stringify(materialise(diagnosis, freshnessOf(diagnosis)));
        // JSON writes what is not finite as null.
        expect(text).not.toContain('null');
        expect(validate(JSON.parse(text))).toMatchObject({ ok: true });
      }),
      { numRuns: 300 },
    );
  });

  test('SNAP-1 leaves out a metric without data and an edge without data', () => {
    const values = { 1: { 0: Number.NaN }, 2: { 0: Number.NaN }, 3: { 0: Number.NaN }, 4: { 0: Number.NaN } };
    const { services, traffic_patterns, dependencies } = snapshotOf({ topology: graph('a>b', 'b>c'), values });
    expect(services[0].metrics).toEqual({ request_rate: 1 });
    expect(traffic_patterns.map(({ source_id }) => source_id)).toEqual(['b']);
    expect(dependencies).toHaveLength(2);
  });

  test('an edge that has some data carries 0 for the numbers that it lacks', () => {
    const { traffic_patterns } = snapshotOf({ topology: graph('a>b'), values: { 2: { 0: 0 }, 4: { 0: Number.NaN } } });
    expect(traffic_patterns).toMatchObject([{ request_rate: 0, error_rate: 1, latency_p95: 0 }]);
  });

  test('an error rate above 1, as extrapolated counters give, is 1', () => {
    expect(snapshotOf({ topology: graph('a>b'), values: { 3: { 0: 1.02 } } }).traffic_patterns[0].error_rate).toBe(1);
  });

  test('labels are there when the resource has some', () => {
    const topology = buildTopology([{ id: 'a' }, { id: 'b', labels: { team: 'x' } }], []);
    const [a, b] = snapshotOf({ topology }).services;
    expect(a).not.toHaveProperty('labels');
    expect(b.labels).toEqual({ team: 'x' });
  });

  test('REST-5 a failing dependency tells what is wrong with its target', () => {
    const sentences = { b: ['b is slow'] };
    const { failing_dependencies } = snapshotOf({ topology: graph('a>b', 'b>c'), health: { b: [1, 60] }, sentences });
    expect(failing_dependencies).toEqual([
      {
        source_id: 'a',
        source_name: 'A',
        target_id: 'b',
        target_name: 'B',
        status: 'degraded',
        health_score: 60,
        anomalies: ['b is slow'],
        error_details: {
          status: 'degraded',
          health_score: 60,
          anomalies: ['b is slow'],
          metrics: { request_rate: 1, latency_p95: 1 },
          timestamp: '2026-01-01T00:00:00.000Z',
        },
      },
    ]);
  });

  test('SNAP-2 before there is a topology it is empty, and overall health is unknown', () => {
    const diagnosis = emptyDiagnosis(0);
    const snapshot = materialise(diagnosis, freshnessOf(diagnosis));
    expect(snapshot).toMatchObject({ overall_health: 'unknown', services: [], traffic_patterns: [], dependencies: [] });
    expect(validate(JSON.parse(JSON.stringify(snapshot)))).toMatchObject({ ok: true });
  });
});

describe('SNAP-4 freshness', () => {
  const reports: readonly [MetricReport, object][] = [
    [{ outcome: 'ok', seriesMatched: 1, seriesUnmatched: 7, warnings: [] }, { outcome: 'ok' }],
    [
      { outcome: 'partial', seriesMatched: 1, seriesUnmatched: 0, warnings: ['slow store'] },
      { outcome: 'partial', detail: 'slow store' },
    ],
    [{ outcome: 'missing', seriesUnmatched: 0, warnings: [] }, { outcome: 'missing' }],
    [
      { outcome: 'missing', seriesUnmatched: 3, warnings: [] },
      { outcome: 'missing', detail: 'there are series, but none matches the topology' },
    ],
    [
      { outcome: 'error', code: 'PROMETHEUS_TIMEOUT', message: 'too late' },
      { outcome: 'error', detail: 'PROMETHEUS_TIMEOUT: too late' },
    ],
  ];
  test.each(reports)('tells how the reading of a metric went: %j', (report, expected) => {
    const diagnosis = diagnosisOf({ topology: graph('a>b') });
    const columns = diagnosis.columns.map((column) => ({ ...column, report }));
    const { metric_outcomes } = buildFreshness(SOURCES, { ...diagnosis, columns });
    expect(metric_outcomes['service.request_rate']).toEqual({ scope: 'service', unit: '1/s', ...expected });
    expect(Object.keys(metric_outcomes)).toHaveLength(5);
  });
});
