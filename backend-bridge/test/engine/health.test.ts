import { describe, expect, test } from '@jest/globals';
import { overallHealth } from '../../src/engine/health-status.ts';
import { System, eventsOf, topologyOf, type Readings } from './system.ts';

const ONE = topologyOf([], ['api']);
const STATIC = { detectors: ['static'] } as const;
const NAN = Number.NaN;
/** Status after some ticks, when everything has settled. */
function settled(readings: Readings, options = {}): { status: string; score: number; sentences: readonly string[] } {
  const system = new System(ONE, options);
  const last = system.ticks(6, readings)[5];
  return {
    status: system.status(last, 'api'),
    score: system.score(last, 'api'),
    sentences: system.sentences(last, 'api'),
  };
}

describe('health of a service', () => {
  test('nothing wrong is 100 and healthy', () => {
    expect(settled({}, STATIC)).toEqual({ status: 'healthy', score: 100, sentences: [] });
  });

  test.each<[string, Readings, string, number]>([
    ['p95 a little above its floor', { 'api.latency_p95': 1.1 }, 'healthy', 79],
    ['p95 at three times its floor', { 'api.latency_p95': 3 }, 'degraded', 65],
    ['p95 far beyond its floor', { 'api.latency_p95': 60 }, 'degraded', 55],
    ['every floor but errors crossed far', { 'api.latency_p95': 60, 'api.cpu_usage': 30 }, 'degraded', 55],
    ['7 % errors', { 'api.error_rate': 0.07 }, 'healthy', 75],
    ['20 % errors', { 'api.error_rate': 0.2 }, 'degraded', 62],
    ['45 % errors', { 'api.error_rate': 0.45 }, 'failed', 46],
    ['half of the requests failing', { 'api.error_rate': 0.5 }, 'failed', 40],
    ['everything failing', { 'api.error_rate': 1 }, 'failed', 0],
    ['20 % errors and slow', { 'api.error_rate': 0.2, 'api.latency_p95': 4 }, 'degraded', 53],
  ])('%s', (_, readings, status, score) => {
    expect(settled(readings, STATIC)).toMatchObject({ status, score });
  });

  test('SNAP-2 without any metric it is unknown, score 0', () => {
    const system = new System(ONE);
    const silent = system.tick(system.silent('api'));
    expect([system.status(silent, 'api'), system.score(silent, 'api')]).toEqual(['unknown', 0]);
  });

  test('what is known is judged, what is not takes no part', () => {
    const only = { 'api.request_rate': NAN, 'api.error_rate': NAN, 'api.latency_p95': NAN, 'api.queue_balance': NAN };
    expect(settled(only, STATIC)).toMatchObject({ status: 'healthy', score: 100 });
    expect(settled({ ...only, 'api.cpu_usage': 4 }, STATIC)).toMatchObject({ status: 'degraded' });
  });

  test('one failed request of two is no failure, and no sentence', () => {
    expect(settled({ 'api.request_rate': 2 / 60, 'api.error_rate': 0.5 }, STATIC)).toMatchObject({
      status: 'healthy',
      sentences: [],
    });
  });

  test('an error ratio of unknown traffic is believed', () => {
    expect(settled({ 'api.request_rate': NAN, 'api.error_rate': 0.5 }, STATIC).status).toBe('failed');
  });

  test('one mild deviation does not degrade', () => {
    const system = new System(ONE, { noise: 0.02 }).learn(200);
    const last = system.ticks(8, { 'api.latency_p95': 0.11 })[7];
    expect(last.anomalies).toHaveLength(1);
    expect(system.status(last, 'api')).toBe('healthy');
    expect(system.score(last, 'api')).toBeLessThan(95);
  });

  test('a grave deviation below every floor degrades', () => {
    const system = new System(ONE, { noise: 0.02 }).learn(200);
    expect(system.status(system.ticks(8, { 'api.latency_p95': 0.6 })[7], 'api')).toBe('degraded');
  });

  test('sentences: open anomalies, and crossed floors where no detector speaks of them', () => {
    expect(settled({ 'api.latency_p95': 3 }, STATIC).sentences).toEqual(['latency_p95 3 s (above the floor of 1 s)']);
    expect(settled({ 'api.latency_p95': 3 }, { detectors: ['robust'] }).sentences).toEqual([
      'latency_p95 above the floor of 1 s',
    ]);
  });

  test('thresholds of its own, by the pattern that matches the whole id', () => {
    const thresholds = {
      defaults: { latency_p95_s: 2 },
      overrides: [
        { match: 'api', thresholds: { latency_p95_s: 30, healthy_score: 95 } },
        { match: '.*', thresholds: { latency_p95_s: 0.5, error_rate: 0.5 } },
      ],
    };
    expect(settled({ 'api.latency_p95': 20 }, { ...STATIC, thresholds }).status).toBe('healthy');
    expect(settled({ 'api.latency_p95': 31 }, { ...STATIC, thresholds }).status).toBe('degraded');
    const others = { ...thresholds, overrides: [{ match: 'ap', thresholds: { latency_p95_s: 30 } }] };
    expect(settled({ 'api.latency_p95': 20 }, { ...STATIC, thresholds: others }).status).toBe('degraded');
  });
});

describe('a service that serves nothing', () => {
  const PAIR = topologyOf(['web>api']);

  test('has failed while its callers send requests', () => {
    const system = new System(PAIR, { noise: 0.02 }).learn(200);
    const down = system.ticks(2, { 'api.request_rate': 0 });
    expect(system.status(down[1], 'api')).toBe('failed');
    expect(system.sentences(down[1], 'api')).toContain('request_rate is 0 although callers send requests');
    expect(system.status(down[1], 'web')).toBe('healthy');
    expect(down[1].overall).toBe('critical');
  });

  test('is not ill when nobody calls', () => {
    const system = new System(PAIR, { noise: 0.02 }).learn(200);
    const idle = system.ticks(8, { 'api.request_rate': 0, 'web>api.request_rate': 0 })[7];
    expect(system.status(idle, 'api')).toBe('healthy');
  });

  test('is not taken for one that has always counted less than its callers do', () => {
    const system = new System(PAIR, { noise: 0.02 });
    const readings = { 'api.request_rate': 0.2 };
    system.learn(200, readings);
    expect(system.status(system.ticks(3, readings)[2], 'api')).toBe('healthy');
  });
});

describe('EVT-1 changes of status', () => {
  test('a service’s first status is no change; later ones are told once', () => {
    const system = new System(ONE, STATIC);
    const diagnoses = [
      ...system.ticks(3),
      ...system.ticks(3, { 'api.error_rate': 1 }),
      ...system.ticks(2, system.silent('api')),
      ...system.ticks(3),
    ];
    expect(eventsOf(diagnoses, 'health_change').map(({ data }) => [data.old_status, data.new_status])).toEqual([
      ['healthy', 'failed'],
      ['failed', 'unknown'],
      ['unknown', 'healthy'],
    ]);
    const second = new System(ONE, STATIC);
    expect(eventsOf(second.ticks(3, { 'api.error_rate': 1 }), 'health_change')).toEqual([]);
  });

  test('a service that is new in the topology has no change to tell', () => {
    const system = new System(ONE, STATIC);
    system.ticks(2);
    system.change(topologyOf(['api>db']));
    expect(system.tick({ 'db.error_rate': 1 }).events.filter(({ type }) => type === 'health_change')).toEqual([]);
  });

  test('a worse status needs two ticks, a plunge one', () => {
    const system = new System(ONE, STATIC);
    system.tick();
    const mild = system.ticks(2, { 'api.error_rate': 0.15 });
    expect(mild.map((d) => system.status(d, 'api'))).toEqual(['healthy', 'degraded']);
    expect(system.status(system.tick({ 'api.error_rate': 1 }), 'api')).toBe('failed');
  });

  test('SNAP-6 a better status needs three, and the score waits for it', () => {
    const system = new System(ONE, STATIC);
    system.ticks(2, { 'api.error_rate': 1 });
    const after = system.ticks(3).map((d) => [system.status(d, 'api'), system.score(d, 'api')]);
    expect(after).toEqual([
      ['failed', 49],
      ['failed', 49],
      ['healthy', 100],
    ]);
  });

  test('a better status needs three points more than its threshold', () => {
    const system = new System(ONE, STATIC);
    system.ticks(2);
    const after = (latencyS: number): (string | number)[] => {
      const last = system.ticks(10, { 'api.latency_p95': latencyS })[9];
      return [system.status(last, 'api'), system.score(last, 'api')];
    };
    expect(after(2.2)).toEqual(['degraded', 69]);
    expect(after(1.75)).toEqual(['degraded', 69]);
    expect(after(1.4)).toEqual(['healthy', 75]);
  });

  test('a ratio that wavers about a threshold does not flap', () => {
    // 120 × 0.25 is the 30 points between 100 and healthy.
    const system = new System(ONE, STATIC);
    const diagnoses = system.ticks(200, (k) => ({ 'api.error_rate': k % 2 === 0 ? 0.09 : 0.105 }));
    expect(eventsOf(diagnoses, 'health_change').length).toBeLessThanOrEqual(1);
    const alternating = system.ticks(200, (k) => ({ 'api.error_rate': k % 2 === 0 ? 0 : 0.2 }));
    expect(eventsOf(alternating, 'health_change').length).toBeLessThanOrEqual(1);
  });

  test('the score stands still while noise moves it by less than a point', () => {
    const system = new System(ONE, { ...STATIC, noise: 0.3 });
    const scores = system.ticks(50).map((d) => system.score(d, 'api'));
    expect(new Set(scores).size).toBe(1);
  });
});

describe('SNAP-7 overall health', () => {
  const [HEALTHY, DEGRADED, FAILED, UNKNOWN] = [0, 1, 2, 3];
  const of = (...status: number[]): string => overallHealth(Uint8Array.from(status));

  test.each([
    ['critical when one failed', [HEALTHY, HEALTHY, HEALTHY, FAILED], 'critical'],
    ['healthy at 30 % degraded', [...Array<number>(7).fill(HEALTHY), ...Array<number>(3).fill(DEGRADED)], 'healthy'],
    ['degraded above', [...Array<number>(6).fill(HEALTHY), ...Array<number>(3).fill(DEGRADED)], 'degraded'],
    ['SNAP-2 unknown without data', [UNKNOWN, UNKNOWN], 'unknown'],
    ['unknown without services', [], 'unknown'],
    ['what is unknown does not water down what is known', [HEALTHY, DEGRADED, UNKNOWN, UNKNOWN, UNKNOWN], 'degraded'],
  ])('%s', (_, status, expected) => {
    expect(of(...status)).toBe(expected);
  });
});
