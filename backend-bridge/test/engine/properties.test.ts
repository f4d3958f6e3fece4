import {
  DEFAULT_THRESHOLDS,
  AnomalyAlert,
  COLLECTIONS,
  EVENT_DATA,
  STATUSES,
  type MetricsBatch,
  type Topology,
} from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { METRICS, START_MS, STEP_MS, System, eventsOf, topologyOf } from './system.ts';

const TOPOLOGIES: readonly Topology[] = [
  topologyOf(['a>b', 'b>c', 'c>a', 'a>c'], ['d']),
  topologyOf(['b>c', 'c>d', 'e>b'], ['f']),
  topologyOf([], ['c']),
];
const checkAlert = validator(AnomalyAlert);
const checkEvent = {
  health_change: validator(EVENT_DATA.health_change),
  anomaly_detected: validator(EVENT_DATA.anomaly_detected),
  traffic_anomaly: validator(EVENT_DATA.traffic_anomaly),
  anomaly_resolved: validator(EVENT_DATA.anomaly_resolved),
};

/** Mostly steady, so that detectors warm and open; with outliers, gaps and numbers at the ends of the range. */
const value = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0.02, 0.021, 0.019) },
  { weight: 3, arbitrary: fc.constantFrom(0, 0.9, 1, 3, 100) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(-5, 1e-300, 1e300, -1e300, Number.MAX_VALUE) },
);
const elapsed = fc.oneof(
  { weight: 20, arbitrary: fc.constant(STEP_MS) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 20_000, 400_000) },
  { weight: 1, arbitrary: fc.constantFrom(-STEP_MS, -3_600_000, 10 * 3_600_000) },
);
/** A stretch of equal ticks: single odd values among equal ones, as real series have. */
const stretch = fc.record({
  ticks: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 40 })),
  values: fc.array(value, { minLength: 12, maxLength: 12 }),
  elapsedMs: elapsed,
  topology: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) }),
});

interface Run {
  readonly topology: Topology;
  readonly diagnosis: Diagnosis;
  readonly batch: MetricsBatch;
}

function batchOf(topology: Topology, atMs: number, values: readonly number[]): MetricsBatch {
  const columns = METRICS.map((spec, c) => {
    const length = spec.scope === 'service' ? topology.resources.length : topology.dependencies.length;
    const column = Float64Array.from({ length }, (_, i) => values[(i * 5 + c) % values.length]);
    return {
      spec,
      values: column,
      report: { outcome: 'ok' as const, seriesMatched: length, seriesUnmatched: 0, warnings: [] },
    };
  });
  return { atMs, topologyVersion: topology.version, columns };
}

function play(stretches: readonly (typeof stretch extends fc.Arbitrary<infer S> ? S : never)[]): Run[] {
  const engine = createEngine({ metrics: METRICS, stepMs: STEP_MS });
  let atMs = START_MS;
  const runs: Run[] = [];
  for (const { ticks, values, elapsedMs, topology: number } of stretches) {
    const topology = TOPOLOGIES[number];
    engine.setTopology(topology);
    for (let k = 0; k < ticks; k += 1) {
      atMs += k === 0 ? elapsedMs : STEP_MS;
      const batch = batchOf(topology, atMs, values);
      runs.push({ topology, batch, diagnosis: engine.diagnose(batch) });
    }
  }
  return runs;
}

const difference = (a: readonly string[], b: readonly string[]): string[] => a.filter((item) => !b.includes(item));
const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && difference(a, b).length === 0;

/** Every run begins warm and quiet. `check` tells the faults that it finds; one assertion a run keeps it quick. */
function forAllRuns(check: (runs: readonly Run[], fault: (what: unknown) => void) => void): void {
  const quiet = { ticks: 65, values: Array<number>(12).fill(0.02), elapsedMs: STEP_MS, topology: 0 as const };
  fc.assert(
    fc.property(fc.array(stretch, { minLength: 1, maxLength: 8 }), (stretches) => {
      const faults: unknown[] = [];
      check(play([quiet, ...stretches]), (what) => faults.push(what));
      expect(faults).toEqual([]);
    }),
    { numRuns: 40 },
  );
}

describe('whatever comes in', () => {
  test('SNAP-1 SNAP-3 alerts and events are valid by the protocol, finite and in order', () => {
    let alerts = 0;
    forAllRuns((runs, fault) => {
      for (const { diagnosis } of runs) {
        alerts += diagnosis.anomalies.length;
        for (const alert of diagnosis.anomalies) {
          const numbers = Object.values(alert).filter((field) => typeof field === 'number');
          if (!checkAlert(alert).ok || !numbers.every(Number.isFinite)) fault(alert);
        }
        const sorted = [...diagnosis.anomalies].sort(COLLECTIONS.anomalies.compare);
        if (sorted.some((alert, k) => alert !== diagnosis.anomalies[k])) fault('order');
        if (new Set(sorted.map(({ alert_id }) => alert_id)).size < sorted.length) fault('id twice');
        for (const event of diagnosis.events) if (!checkEvent[event.type](event.data).ok) fault(event);
      }
    });
    expect(alerts).toBeGreaterThan(500);
  });

  test('SNAP-2, SNAP-6 a service is unknown exactly when none of its metrics is known; otherwise status and score agree', () => {
    forAllRuns((runs, fault) => {
      for (const { topology, batch, diagnosis } of runs) {
        const columns = batch.columns.filter(({ spec }) => spec.scope === 'service');
        const { status, score } = diagnosis.services;
        for (let i = 0; i < topology.resources.length; i += 1) {
          const known = columns.some(({ values }) => Number.isFinite(values[i]));
          if ((STATUSES[status[i]] === 'unknown') === known) fault({ status: status[i], known });
          const { healthy_score: healthy, degraded_score: degraded } = DEFAULT_THRESHOLDS;
          const deserved = score[i] >= healthy ? 'healthy' : score[i] >= degraded ? 'degraded' : 'failed';
          if (known && STATUSES[status[i]] !== deserved) fault({ status: status[i], score: score[i] });
          if (!(score[i] >= 0 && score[i] <= 100) || (!known && score[i] !== 0)) fault({ score: score[i], known });
        }
        const all = [...status].map((s) => STATUSES[s]);
        const unknown = all.every((s) => s === 'unknown');
        const overall = diagnosis.overall;
        if ((overall === 'unknown') !== unknown || (overall === 'critical') !== all.includes('failed')) fault(overall);
      }
    });
  });

  test('EVT-1 anomalies open and close exactly with their events', () => {
    forAllRuns((runs, fault) => {
      let open: string[] = [];
      const ever = new Set<string>();
      for (const { diagnosis } of runs) {
        const now = diagnosis.anomalies.map(({ alert_id }) => alert_id);
        const detected = eventsOf([diagnosis], 'anomaly_detected').map(({ data }) => data.alert_id);
        const resolved = eventsOf([diagnosis], 'anomaly_resolved').map(({ data }) => data.alert_id);
        if (!sameSet(detected, difference(now, open))) fault({ detected, now, open });
        if (!sameSet(resolved, difference(open, now))) fault({ resolved, now, open });
        for (const id of detected) if (ever.has(id)) fault({ again: id });
        for (const id of detected) ever.add(id);
        open = now;
      }
    });
  });

  test('EVT-1 health changes are exactly the differences between ticks, first sights apart', () => {
    forAllRuns((runs, fault) => {
      let before = new Map<string, string>();
      for (const { topology, diagnosis } of runs) {
        const now = new Map(topology.resources.map(({ id }, i) => [id, STATUSES[diagnosis.services.status[i]]]));
        const changes = [...now].flatMap(([id, status]) => {
          const old = before.get(id);
          return old === undefined || old === status ? [] : [`${id} ${old} ${status}`];
        });
        const told = eventsOf([diagnosis], 'health_change').map(
          ({ data }) => `${data.resource_id} ${data.old_status} ${data.new_status}`,
        );
        if (!sameSet(told, changes)) fault({ told, changes });
        before = now;
      }
    });
  });

  test('EVT-1 an edge is abnormal exactly above the abnormal score, and each turn to it is told once', () => {
    forAllRuns((runs, fault) => {
      // An edge without data is not seen: its state before the gap still counts.
      let abnormal: string[] = [];
      for (const { topology, diagnosis } of runs) {
        const { edges } = diagnosis;
        const now: string[] = [];
        for (const [e, { source, target }] of topology.dependencies.entries()) {
          const pair = `${source}>${target}`;
          if ((edges.abnormal[e] === 1) !== edges.score[e] > 0.5 || edges.score[e] > 1) fault(edges.score[e]);
          if (edges.abnormal[e] === 1 || (edges.known[e] === 0 && abnormal.includes(pair))) now.push(pair);
        }
        const told = eventsOf([diagnosis], 'traffic_anomaly').map(({ data }) => `${data.source_id}>${data.target_id}`);
        if (!sameSet(told, difference(now, abnormal))) fault({ told, now, abnormal });
        abnormal = now;
      }
    });
  });

  test('what is expected is finite wherever it is known, and a scale comes with it', () => {
    forAllRuns((runs, fault) => {
      for (const { diagnosis } of runs) {
        for (const { spec, expected, scale } of diagnosis.columns) {
          const paired = expected.every((value, i) => Number.isFinite(value) === Number.isFinite(scale[i]));
          const infinite = expected.some((value) => Math.abs(value) === Infinity);
          if (!paired || infinite) fault({ spec, expected, scale });
        }
      }
    });
  });
});

describe('a change of topology', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)).filter(([s, t]) => s !== t);

  test('leaves the judgement of everything that lives on as it would have been', () => {
    const graph = fc.record({ pairs: fc.array(pair, { maxLength: 8 }), extra: fc.subarray(['x', '0', 'bb']) });
    fc.assert(
      fc.property(graph, fc.constantFrom(0.02, 0.2, 0.9), ({ pairs, extra }, latencyS) => {
        const before = topologyOf(['a>b', 'b>c'], ids);
        const after = topologyOf(['a>b', ...pairs.map(([s, t]) => `${s}>${t}`)], [...ids, ...extra]);
        const readings = { 'b.latency_p95': latencyS, 'a>b.latency_p95': latencyS };
        const [changed, same] = [before, before].map((topology) => {
          const system = new System(topology);
          for (let k = 0; k < 80; k += 1) system.learn(1, { 'b.latency_p95': 0.05 * (1 + 0.1 * Math.sin(k)) });
          return system;
        });
        for (const system of [changed, same]) system.ticks(2, readings);
        changed.change(after);
        const [x, y] = [changed, same].map((system) => system.ticks(3, readings)[2]);
        for (const [c, column] of x.columns.entries()) {
          if (column.spec.scope !== 'service') continue;
          for (const id of ids) {
            const [i, j] = [after.indexOf.get(id) as number, before.indexOf.get(id) as number];
            expect(column.expected[i]).toBe(y.columns[c].expected[j]);
            expect(column.scale[i]).toBe(y.columns[c].scale[j]);
          }
        }
        const name = (d: Diagnosis): string[] => d.anomalies.map(({ alert_id }) => alert_id);
        expect(name(x)).toEqual(name(y));
        expect(ids.map((id) => changed.status(x, id))).toEqual(ids.map((id) => same.status(y, id)));
      }),
      { numRuns: 40 },
    );
  });
});
