import { describe, expect, test } from '@jest/globals';
import { System, eventsOf, firstOpen, seededNormal, topologyOf, type Readings } from './system.ts';

const ONE = topologyOf([], ['api']);
const NOISE = 0.05;
const warm = (options: ConstructorParameters<typeof System>[1] = {}): System =>
  new System(ONE, { noise: NOISE, ...options }).learn(720);

describe('a quiet system', () => {
  test('a noisy day with a daily curve opens next to no anomaly', () => {
    const topology = topologyOf(['a>b', 'b>c', 'a>c', 'c>d'], ['e', 'f', 'g', 'h']);
    const stepMs = 15_000;
    const system = new System(topology, { stepMs, seed: 11 });
    const ids = topology.resources.map(({ id }) => id);
    const pairs = topology.dependencies.map(({ source, target }) => `${source}>${target}`);
    const entities = [...ids, ...pairs];
    const normal = seededNormal(12);
    // Noise that wanders over minutes beside noise from tick to tick, as rates over a minute have.
    const wander = new Map(entities.map((entity) => [entity, 0]));
    const day = (k: number): Readings => {
      const curve = 1 + 0.4 * Math.sin((2 * Math.PI * k * stepMs) / 86_400_000);
      const values: Record<string, number> = {};
      for (const entity of entities) {
        const slow = 0.95 * (wander.get(entity) as number) + 0.3 * normal();
        wander.set(entity, slow);
        values[`${entity}.request_rate`] = 50 * curve * (1 + 0.05 * slow + 0.03 * normal());
        values[`${entity}.error_rate`] = Math.max(0, 0.003 + 0.002 * normal());
        values[`${entity}.latency_p95`] = 0.05 * Math.exp(0.1 * slow + 0.15 * normal()) * (0.8 + 0.2 * curve);
        values[`${entity}.cpu_usage`] = 0.3 * curve * (1 + 0.05 * slow + 0.08 * normal());
        values[`${entity}.queue_balance`] = 20 + slow + normal();
      }
      return values;
    };
    for (let k = 0; k < 240; k += 1) system.learn(1, day(k));
    const diagnoses = system.ticks(5_760, (k) => day(k + 240));
    const seriesDays = ids.length * 5 + pairs.length * 3;
    expect(seriesDays).toBe(52);
    expect(eventsOf(diagnoses, 'anomaly_detected').length).toBeLessThanOrEqual(1);
    expect(eventsOf(diagnoses, 'health_change')).toEqual([]);
    expect(eventsOf(diagnoses, 'traffic_anomaly')).toEqual([]);
  });

  test('few requests make no alarm of one failure', () => {
    const system = new System(ONE, { detectors: ['robust', 'static'] });
    // One request in ten seconds: six a minute.
    const quiet = { 'api.request_rate': 0.1, 'api.error_rate': 0 };
    system.learn(720, quiet);
    const oneOfSix = system.ticks(12, { ...quiet, 'api.error_rate': 1 / 6 });
    expect(firstOpen(oneOfSix)).toBe(-1);
    expect(oneOfSix.every((d) => system.status(d, 'api') === 'healthy')).toBe(true);
    expect(firstOpen(system.ticks(12, { ...quiet, 'api.error_rate': 1 }))).toBe(0);
  });

  test('a steady series that moves by less than what matters is no anomaly, however certain the move', () => {
    const system = new System(ONE).learn(720);
    expect(firstOpen(system.ticks(30, { 'api.latency_p95': 0.07, 'api.cpu_usage': 0.38 }))).toBe(-1);
  });
});

describe('faults are found within ticks', () => {
  const delay = (readings: (k: number) => Readings, options = {}): number =>
    firstOpen(warm(options).ticks(120, readings));

  test('a step opens at the third tick', () => {
    expect(delay(() => ({ 'api.latency_p95': 0.15 }))).toBe(2);
  });

  test('a step far beyond everything seen opens at once', () => {
    expect(delay(() => ({ 'api.latency_p95': 0.9 }), { detectors: ['robust'] })).toBe(0);
  });

  test('a ramp opens soon after it leaves the noise', () => {
    // 2 % more each tick: at tick 35 the value has doubled.
    const ticks = delay((k) => ({ 'api.latency_p95': 0.05 * 1.02 ** k }));
    expect(ticks).toBeGreaterThan(10);
    expect(ticks).toBeLessThan(40);
  });

  test('a drop of requests opens at the third tick, in the direction that is bad alone', () => {
    expect(delay(() => ({ 'api.request_rate': 10 }))).toBe(2);
    expect(delay(() => ({ 'api.request_rate': 250 }))).toBe(-1);
  });

  test('a metric for which both directions are bad opens in either', () => {
    expect(delay(() => ({ 'api.queue_balance': 40 }))).toBe(2);
    expect(delay(() => ({ 'api.queue_balance': -10 }))).toBe(2);
  });

  test('a short spike opens nothing', () => {
    const spike = (k: number): Readings => (k % 20 < 2 ? { 'api.latency_p95': 0.15 } : {});
    expect(delay(spike)).toBe(-1);
  });

  test('a dip to zero, as a counter reset or a scrape hole shows, opens nothing', () => {
    expect(delay((k) => ({ 'api.request_rate': k === 5 || k === 6 ? 0 : 50 }))).toBe(-1);
  });

  test('static floors judge from the first tick on', () => {
    const system = new System(ONE);
    const first = system.tick({ 'api.latency_p95': 3 });
    expect(first.warmingUp).toBe(true);
    expect(first.anomalies).toMatchObject([{ detector: 'static', expected_value: 1, current_value: 3 }]);
  });
});

describe('what is normal is learnt', () => {
  test('a level that stays is taken for normal after an hour, and met within 40 minutes', () => {
    const system = warm();
    const diagnoses = system.ticks(1_200, { 'api.latency_p95': 0.3 });
    const open = diagnoses.map(({ anomalies }) => anomalies.length);
    expect(open[60]).toBe(1);
    expect(open[700]).toBe(1);
    expect(open.at(-1)).toBe(0);
    const column = diagnoses.at(-1)?.columns.find(({ spec }) => spec.name === 'latency_p95');
    expect(column?.expected[0]).toBeCloseTo(0.3, 1);
    expect(eventsOf(diagnoses, 'anomaly_detected')).toHaveLength(1);
  });

  test('an incident of half an hour leaves the baseline as it was', () => {
    const system = warm();
    const before = system.tick().columns[2].expected[0];
    system.ticks(360, { 'api.latency_p95': 0.3 });
    const after = system.ticks(10).at(-1);
    expect(after?.columns[2].expected[0]).toBeGreaterThan(before * 0.95);
    expect(after?.columns[2].expected[0]).toBeLessThan(before * 1.05);
  });

  test('warm-up ends when half of the series have been judged', () => {
    const system = new System(ONE, { noise: NOISE });
    const flags = system.ticks(80).map(({ warmingUp }) => warmingUp);
    expect(flags[0]).toBe(true);
    expect(flags.indexOf(false)).toBe(60);
    expect(system.tick(system.silent('api')).warmingUp).toBe(false);
  });

  test('without a detector that learns there is no warm-up', () => {
    expect(new System(ONE, { detectors: ['static'] }).tick().warmingUp).toBe(false);
  });

  test('what was learnt from the past counts: learning gives no event, the next tick tells what goes on', () => {
    const system = warm();
    system.learn(20, { 'api.latency_p95': 0.15 });
    const startMs = system.atMs;
    const now = system.tick({ 'api.latency_p95': 0.15 });
    expect(eventsOf([now], 'anomaly_detected')).toHaveLength(1);
    expect(now.anomalies[0].detected_at).toBe(new Date(startMs - 19 * 5_000).toISOString());
  });

  test('what ended in the past is not told', () => {
    const system = warm();
    system.learn(20, { 'api.latency_p95': 0.15 }).learn(3);
    expect(system.tick().anomalies).toEqual([]);
  });
});

describe('time', () => {
  test('missing data leaves an anomaly open; long absence resolves it', () => {
    const system = warm();
    system.ticks(5, { 'api.latency_p95': 0.3 });
    const missing = system.ticks(150, { 'api.latency_p95': Number.NaN });
    expect(missing[0].anomalies).toHaveLength(1);
    expect(missing[119].anomalies).toHaveLength(1);
    expect(missing[149].anomalies).toEqual([]);
    expect(eventsOf(missing, 'anomaly_resolved')).toHaveLength(1);
  });

  test('after a pause of hours the level is learnt anew before anything is judged by it', () => {
    const system = warm();
    system.atMs += 6 * 3_600_000;
    expect(firstOpen(system.ticks(200, { 'api.latency_p95': 0.2, 'api.request_rate': 10 }))).toBe(-1);
    expect(firstOpen(system.ticks(10, { 'api.latency_p95': 0.9, 'api.request_rate': 10 }))).toBeGreaterThanOrEqual(0);
  });

  test('ticks before a pause do not count towards opening', () => {
    const system = warm();
    system.ticks(2, { 'api.latency_p95': 0.15 });
    system.atMs += 300_000;
    expect(firstOpen(system.ticks(3, { 'api.latency_p95': 0.15 }))).toBe(2);
  });

  test('a clock step backwards is reported but not learnt, and time goes on from it', () => {
    const system = warm();
    const before = system.tick();
    system.atMs -= 3_600_000;
    const stepped = system.tick({ 'api.latency_p95': 0.3 });
    expect(stepped.atMs).toBe(system.atMs);
    expect(stepped.columns[2].values[0]).toBeGreaterThan(0.2);
    expect(stepped.columns[2].expected[0]).toBeCloseTo(before.columns[2].expected[0], 3);
    expect(stepped.anomalies).toEqual([]);
    expect(firstOpen(system.ticks(5, { 'api.latency_p95': 0.3 }))).toBeLessThanOrEqual(2);
  });

  test('the same time twice is learnt once', () => {
    const [a, b] = [warm(), warm()];
    const once = a.tick({ 'api.latency_p95': 0.06 });
    const batch = b.batch({ 'api.latency_p95': 0.06 });
    b.engine.diagnose({ ...batch, atMs: a.atMs });
    const twice = b.engine.diagnose({ ...batch, atMs: a.atMs });
    expect(twice.columns[2].expected[0]).toBeCloseTo(once.columns[2].expected[0], 2);
    expect(twice.atMs).toBe(once.atMs);
  });

  test('the same time again and again opens nothing', () => {
    const system = warm();
    const batch = system.batch({ 'api.latency_p95': 0.15 });
    const diagnoses = Array.from({ length: 5 }, () => system.engine.diagnose({ ...batch, atMs: system.atMs + 5_000 }));
    expect(firstOpen(diagnoses)).toBe(-1);
  });

  test('batches of the past that overlap what is known are skipped', () => {
    const system = warm();
    const expected = system.tick().columns[2].expected[0];
    const nowMs = system.atMs;
    system.atMs -= 600_000;
    system.learn(100, { 'api.latency_p95': 0.055 });
    system.atMs = nowMs;
    expect(system.tick().columns[2].expected[0]).toBeCloseTo(expected, 4);
  });
});

describe('programming errors', () => {
  const system = new System(ONE);
  const batch = system.batch({});

  test('a batch of another topology is refused', () => {
    expect(() => system.engine.diagnose({ ...batch, topologyVersion: 'other' })).toThrow(RangeError);
    expect(() => system.engine.learn({ ...batch, topologyVersion: 'other' })).toThrow(RangeError);
  });

  test('a batch of other metrics is refused', () => {
    expect(() => system.engine.diagnose({ ...batch, columns: batch.columns.slice(1) })).toThrow(RangeError);
    expect(() => system.engine.diagnose({ ...batch, columns: [...batch.columns].reverse() })).toThrow(RangeError);
  });

  test('an unknown detector is refused by name', () => {
    expect(() => new System(ONE, { detectors: ['robust', 'oracle'] })).toThrow(/oracle.*robust, static/);
  });
});
