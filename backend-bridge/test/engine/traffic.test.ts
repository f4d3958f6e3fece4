import { TRENDS } from '@topdeck/protocol';
import { describe, expect, test } from '@jest/globals';
import type { Diagnosis } from '../../src/engine/diagnosis.ts';
import { System, eventsOf, topologyOf, type Readings } from './system.ts';

const PAIR = topologyOf(['a>b']);
const STATIC = { detectors: ['static'] } as const;
const edge = (rate: number, errorRate: number, latencyS: number): Readings => ({
  'a>b.request_rate': rate,
  'a>b.error_rate': errorRate,
  'a>b.latency_p95': latencyS,
});
const seen = ({ edges }: Diagnosis): readonly number[] => [edges.known[0], edges.abnormal[0], edges.score[0]];

describe('traffic of an edge by the original’s rules', () => {
  test.each<[string, Readings, number, number]>([
    ['nothing crossed', edge(10, 0.05, 1), 0, 0],
    ['errors alone are not abnormal', edge(10, 0.06, 0.1), 0.4, 0],
    ['latency alone is not abnormal', edge(10, 0, 1.1), 0.3, 0],
    ['errors and latency', edge(10, 0.06, 1.1), 0.7, 1],
    ['few requests that fail', edge(0.09, 0.02, 0.1), 0.3, 0],
    ['few requests that do not fail', edge(0.01, 0.01, 0.1), 0, 0],
    ['few requests that are slow and fail a little', edge(0.09, 0.02, 1.1), 0.6, 1],
    ['all three, exactly 1', edge(0.09, 0.06, 1.1), 1, 1],
    ['a rate at its threshold is not low', edge(0.1, 0.06, 0.1), 0.4, 0],
    ['what is unknown adds nothing', edge(Number.NaN, 0.06, Number.NaN), 0.4, 0],
  ])('%s', (_, readings, score, abnormal) => {
    expect(seen(new System(PAIR, STATIC).tick(readings))).toEqual([1, abnormal, score]);
  });

  test('SNAP-1 an edge without data is not known', () => {
    const { NaN: none } = Number;
    expect(seen(new System(PAIR, STATIC).tick(edge(none, none, none)))).toEqual([0, 0, 0]);
  });

  test('thresholds are those of the target', () => {
    const overrides = [{ match: 'b', thresholds: { error_rate: 0.5, latency_p95_s: 10 } }];
    const lenient = new System(PAIR, { ...STATIC, thresholds: { overrides } });
    expect(seen(lenient.tick(edge(10, 0.3, 5)))).toEqual([1, 0, 0]);
    const ofSource = new System(PAIR, { ...STATIC, thresholds: { overrides: [{ ...overrides[0], match: 'a' }] } });
    expect(seen(ofSource.tick(edge(10, 0.3, 5)))).toEqual([1, 1, 0.7]);
  });
});

describe('EVT-1 an edge that becomes abnormal', () => {
  const BAD = edge(10, 0.2, 2);

  test('is told once, and stays abnormal until three ticks are not', () => {
    const system = new System(PAIR, STATIC);
    const diagnoses = [...system.ticks(2), ...system.ticks(5, BAD), ...system.ticks(5)];
    expect(diagnoses.map(({ edges }) => edges.abnormal[0])).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect(eventsOf(diagnoses, 'traffic_anomaly').map(({ data }) => data)).toEqual([
      {
        source_id: 'a',
        target_id: 'b',
        anomaly_type: 'error_rate',
        description: 'the a → the b: 10/s requests, 20% errors, p95 2 s',
      },
    ]);
  });

  test('is not told again by wavering, nor by a gap in the data', () => {
    const system = new System(PAIR, STATIC);
    const gap = edge(Number.NaN, Number.NaN, Number.NaN);
    const diagnoses = system.ticks(40, (k) => (k % 3 === 0 ? BAD : k % 3 === 1 ? {} : gap));
    expect(eventsOf(diagnoses, 'traffic_anomaly')).toHaveLength(1);
    expect(diagnoses[2].edges.abnormal[0]).toBe(0);
  });

  test('is told again for a second episode', () => {
    const system = new System(PAIR, STATIC);
    const diagnoses = [...system.ticks(3, BAD), ...system.ticks(4), ...system.ticks(3, BAD)];
    expect(eventsOf(diagnoses, 'traffic_anomaly')).toHaveLength(2);
  });

  test.each<[Readings, string]>([
    [edge(10, 0.2, 2), 'error_rate'],
    [edge(0.05, 0.02, 2), 'latency'],
  ])('names the strongest contribution: %j', (readings, type) => {
    const diagnosis = new System(PAIR, STATIC).tick(readings);
    expect(eventsOf([diagnosis], 'traffic_anomaly')[0].data.anomaly_type).toBe(type);
  });

  test('an open anomaly of the edge raises its score to the anomaly’s, and names the kind', () => {
    const system = new System(PAIR, { noise: 0.02 }).learn(200);
    const diagnoses = system.ticks(5, { 'a>b.latency_p95': 0.4 });
    const last = diagnoses[4];
    expect(last.edges.score[0]).toBeCloseTo(last.anomalies[0].score as number, 1);
    expect(last.edges.abnormal[0]).toBe(1);
    expect(eventsOf(diagnoses, 'traffic_anomaly').map(({ data }) => data.anomaly_type)).toEqual(['latency']);
    const calm = system.ticks(6).map(({ edges, anomalies }) => [edges.abnormal[0], anomalies.length]);
    expect(calm.slice(0, 5)).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
    const drop = new System(PAIR, { noise: 0.02 }).learn(200).ticks(5, { 'a>b.request_rate': 0.5 });
    expect(eventsOf(drop, 'traffic_anomaly').map(({ data }) => data.anomaly_type)).toEqual(['low_traffic']);
  });
});

describe('trend of requests', () => {
  const trendAfter = (rates: readonly number[]): string => {
    const system = new System(PAIR, STATIC);
    const last = system.ticks(rates.length, (k) => ({ 'a>b.request_rate': rates[k] })).at(-1);
    return TRENDS[last?.edges.trend[0] ?? -1];
  };
  const halves = (before: number, after: number, each = 30): number[] => [
    ...Array<number>(each).fill(before),
    ...Array<number>(each).fill(after),
  ];

  test.each<[string, readonly number[], string]>([
    ['one sample tells nothing', [50], 'stable'],
    ['two samples are two halves', [50, 100], 'increasing'],
    ['more than 10 % up', halves(50, 56), 'increasing'],
    ['more than 10 % down', halves(50, 44), 'decreasing'],
    ['less than 10 % up', halves(50, 54.9), 'stable'],
    ['less than 10 % down', halves(50, 45.1), 'stable'],
    ['from nothing', halves(0, 5), 'increasing'],
    ['to nothing', halves(5, 0), 'decreasing'],
    ['nothing at all', halves(0, 0), 'stable'],
    ['what left the window no longer counts', [...halves(1, 50, 30), ...Array<number>(30).fill(50)], 'stable'],
    [
      'unknown samples take no place',
      halves(50, 56)
        .flatMap((rate) => [rate, Number.NaN])
        .slice(0, -1),
      'increasing',
    ],
    ['at a low rate, 15 % is chance', halves(0.2, 0.23), 'stable'],
    ['one absurd value leaves no trace once it is gone', [1e300, ...halves(50, 50, 60)], 'stable'],
  ])('%s', (_, rates, trend) => {
    expect(trendAfter(rates)).toBe(trend);
  });

  test('a pause ends the window', () => {
    const system = new System(PAIR, STATIC);
    system.ticks(60, { 'a>b.request_rate': 10 });
    system.atMs += 3_600_000;
    expect(TRENDS[system.ticks(2, { 'a>b.request_rate': 100 })[1].edges.trend[0]]).toBe('stable');
  });
});
