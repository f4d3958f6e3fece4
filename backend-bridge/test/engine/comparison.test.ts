import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMPARISON_REFERENCES, type MetricSpec } from '@topdeck/protocol';
import { compare, REFERENCE_SPANS, VERDICT_FLOORS, type Compared, type Sample } from '../../src/engine/comparison.ts';
import { comparisonText } from '../../src/engine/comparison-text.ts';

const spec = (name: string, unit: string, bad_direction: MetricSpec['bad_direction'] = 'up'): MetricSpec => ({
  name,
  scope: 'service',
  unit,
  bad_direction,
});
const LATENCY = spec('latency_p95', 's');
const ERRORS = spec('error_rate', 'ratio');
const RATE = spec('request_rate', '1/s', 'down');

const full = (values: readonly number[]): Sample => ({ values, of: values.length });
/** About `level`, with a scatter of 2 %, the same at every run. */
const around = (level: number, count = 60): Sample =>
  full(Array.from({ length: count }, (_, k) => level * (1 + 0.03 * Math.sin(k * 2.4))));
const held = (metric: MetricSpec, now: Sample, then: Sample, requests = Number.NaN): Compared =>
  compare({ spec: metric, now, then, requests });

describe('REST-15 the spans compared', () => {
  const DAY = 86_400_000;
  const AT = Date.UTC(2026, 2, 8, 12);
  const HOUR = 3_600_000;

  test('of an hour: what ended before it, and the same hour on other days', () => {
    const spans = Object.fromEntries(
      COMPARISON_REFERENCES.map((against) => {
        const { sinceMs, untilMs } = REFERENCE_SPANS[against](AT, HOUR);
        return [against, [(AT - sinceMs) / HOUR, (AT - untilMs) / HOUR]];
      }),
    );
    expect(spans).toEqual({
      previous_hour: [2, 1],
      previous_day: [25, 1],
      previous_week: [169, 1],
      same_hour_yesterday: [25, 24],
      same_hour_last_week: [169, 168],
    });
  });

  test('of five minutes: still an hour of yesterday; of six hours: six', () => {
    const yesterday = (windowMs: number): number[] => {
      const { sinceMs, untilMs } = REFERENCE_SPANS.same_hour_yesterday(AT, windowMs);
      return [AT - sinceMs, AT - untilMs];
    };
    expect(yesterday(300_000)).toEqual([DAY + HOUR, DAY]);
    expect(yesterday(6 * HOUR)).toEqual([DAY + 6 * HOUR, DAY]);
    expect(REFERENCE_SPANS.previous_hour(AT, 300_000).untilMs).toBe(AT - 300_000);
  });
});

describe('REST-15 a verdict', () => {
  test('tells twice the latency from the usual one, and what is worse from what is better', () => {
    const higher = held(LATENCY, around(0.4), around(0.2));
    expect(higher).toMatchObject({ verdict: 'higher', worse: true });
    expect(higher.change).toBeCloseTo(1, 1);
    expect(held(LATENCY, around(2), around(0.2))).toMatchObject({ verdict: 'much_higher', worse: true });
    expect(held(LATENCY, around(0.02), around(0.2))).toMatchObject({ verdict: 'much_lower', worse: false });
    expect(held(RATE, around(10), around(100))).toMatchObject({ verdict: 'much_lower', worse: true });
    expect(held(RATE, around(1000), around(100))).toMatchObject({ verdict: 'much_higher', worse: false });
  });

  test('is normal where the difference matters to nobody, however steady the past was', () => {
    const steady = full(new Array<number>(60).fill(0.2));
    const compared = held(LATENCY, full([0.24, 0.24, 0.24]), steady);
    expect(compared.z).toBeGreaterThan(VERDICT_FLOORS.changed.z);
    expect(compared).toMatchObject({ verdict: 'normal', worse: false });
  });

  test('is normal where the past scatters as much, however large the difference is', () => {
    const wild = full([0.05, 0.1, 0.2, 0.4, 0.8, 0.1, 0.4, 0.2, 0.8, 0.05]);
    expect(held(LATENCY, around(0.45), wild)).toMatchObject({ verdict: 'normal' });
  });

  test('is not moved by an incident in the past', () => {
    const incident = full([...around(0.01, 50).values, ...new Array<number>(10).fill(0.9)]);
    const compared = held(ERRORS, around(0.2), incident, 10_000);
    expect(compared.value).toBeCloseTo(0.01, 3);
    expect(compared).toMatchObject({ verdict: 'much_higher', worse: true });
  });

  test('of an error rate needs failed requests: half of four is chance, of four thousand it is not', () => {
    const none = full(new Array<number>(60).fill(0));
    expect(held(ERRORS, full([0, 1, 0.5]), none, 4)).toMatchObject({ verdict: 'normal', change: null });
    expect(held(ERRORS, full([0, 1, 0.5]), none, 4_000)).toMatchObject({ verdict: 'much_higher', value: 0 });
  });

  test('of a metric without a bad side says nothing of worse; of both sides, either', () => {
    expect(held(spec('queue', 'items', 'none'), around(100), around(10)).worse).toBeNull();
    expect(held(spec('queue', 'items', 'both'), around(1), around(10)).worse).toBe(true);
  });

  test('a few values of the past are believed less than many', () => {
    const few = held(LATENCY, around(0.4), full(around(0.2).values.slice(0, 5)));
    const many = held(LATENCY, around(0.4), around(0.2));
    expect(Math.abs(few.z as number)).toBeLessThan(Math.abs(many.z as number));
  });
});

describe('REST-15 what is not known', () => {
  const gaps = (known: number, of: number): Sample => ({ values: around(0.2, known).values, of });

  test.each<[string, Sample, Sample]>([
    ['nothing of then', around(0.2), gaps(0, 60)],
    ['two values of then', around(0.2), gaps(2, 2)],
    ['less than half of then', around(0.2), gaps(29, 60)],
    ['nothing of now', gaps(0, 60), around(0.2)],
    ['less than half of now', gaps(20, 60), around(0.2)],
  ])('%s: the verdict is unknown', (_what, now, then) => {
    expect(held(LATENCY, now, then)).toMatchObject({ change: null, z: null, verdict: 'unknown', worse: null });
  });

  test('half of the values are enough', () => {
    expect(held(LATENCY, gaps(30, 60), gaps(30, 60)).verdict).toBe('normal');
  });

  test('every number is finite, and the sign of z is that of the change, whatever the values', () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e200, noNaN: true }));
    const values = fc.array(value, { minLength: 0, maxLength: 30 });
    const metric = fc.constantFrom(
      LATENCY,
      ERRORS,
      RATE,
      spec('memory_usage', 'bytes'),
      spec('queue', 'items', 'both'),
    );
    fc.assert(
      fc.property(metric, values, values, (of, now, then) => {
        const { value: usual, change, z, verdict } = held(of, full(now), full(then), 1_000);
        for (const number of [usual, change, z]) expect(number === null || Number.isFinite(number)).toBe(true);
        if (verdict.endsWith('higher')) expect(z).toBeGreaterThan(0);
        if (verdict.endsWith('lower')) expect(z).toBeLessThan(0);
      }),
    );
  });
});

describe('REST-15 the text', () => {
  const text = (now: Sample, then: Sample, faults: { now?: string; then?: string } = {}): string =>
    comparisonText({
      spec: LATENCY,
      against: 'same_hour_yesterday',
      now,
      then,
      compared: held(LATENCY, now, then),
      faults: { now: faults.now, then: faults.then },
    });
  const of = (value: number, count = 60): Sample => full(new Array<number>(count).fill(value));

  test('says now, the verdict, and what was usual', () => {
    expect(text(of(0.4), of(0.2))).toBe('0.4 s, higher than at the same hour yesterday (0.2 s, +100%)');
    expect(text(of(0.2), of(0.2))).toBe('0.2 s, about the same as at the same hour yesterday (0.2 s, 0%)');
    expect(text(of(0.2014), of(0.2))).toContain('(0.2 s, +0.7%)');
    expect(text(of(2.4), of(0.2))).toContain('(0.2 s, 12 times)');
    expect(text(of(0.15), of(0.2))).toContain('(0.2 s, -25%)');
    expect(text(of(0.2), of(0))).toBe('0.2 s, much higher than at the same hour yesterday (0 s)');
  });

  test('says what is missing', () => {
    expect(text(of(0.2), of(0, 0))).toBe('nothing is known of the same hour yesterday');
    expect(text(of(0.2), { values: [0.2, 0.2], of: 5 })).toBe(
      'only 2 of 5 values of the same hour yesterday are known',
    );
    expect(text({ values: [], of: 60 }, of(0.2))).toBe('nothing is known of now');
    expect(text(of(0.2), of(0, 0), { then: 'PROMETHEUS_TIMEOUT' })).toBe(
      'the same hour yesterday could not be read (PROMETHEUS_TIMEOUT)',
    );
  });
});
