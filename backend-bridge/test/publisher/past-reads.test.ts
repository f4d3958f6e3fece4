import { describe, expect, test } from '@jest/globals';
import {
  HealthHistoryResponse,
  MetricRangeResponse,
  STATUSES,
  type HealthHistoryQuery,
  type MetricRangeQuery,
} from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { BridgeError } from '../../src/errors.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { graph, START_MS } from './diagnoses.ts';
import { bench, type Bench } from './stub-parts.ts';

const FAILED = STATUSES.indexOf('failed');
const iso = (offsetS: number): string => new Date(START_MS + offsetS * 1000).toISOString();
const range = (sinceS: number, untilS: number) => ({ since: iso(sinceS), until: iso(untilS) });
const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
const isHealthHistory = validator(HealthHistoryResponse);
const isMetricRange = validator(MetricRangeResponse);

async function history({ feed }: Bench, query: HealthHistoryQuery): Promise<HealthHistoryResponse> {
  const answer = json(await feed.healthHistory(query));
  expect(isHealthHistory(answer)).toMatchObject({ ok: true });
  return answer as HealthHistoryResponse;
}
/** By service: [seconds, status, score] */
const pointsOf = ({ services }: HealthHistoryResponse): unknown =>
  Object.fromEntries(
    services.map(({ resource_id, points }) => [
      resource_id,
      points.map(([atMs, status, score]) => [(atMs - START_MS) / 1000, status, score]),
    ]),
  );

describe('REST-12 health over time', () => {
  test('is what ticks found, unknown from when the pipeline slept until it woke, and after now', async () => {
    const rig = bench({
      topology: graph('a', 'b'),
      findings: [{}, { health: { b: [FAILED, 20] } }],
      config: { listenerGraceS: 0 },
    });
    const stop = rig.feed.listen(() => undefined);
    await rig.clock.advance(7_000);
    stop();
    await rig.clock.advance(53_000);
    rig.feed.listen(() => undefined);
    await rig.clock.advance(6_000);
    expect(pointsOf(await history(rig, range(-60, 600)))).toEqual({
      a: [
        [0, 'healthy', 100],
        [10, 'unknown', null],
        [60, 'healthy', 100],
        [66.001, 'unknown', null],
      ],
      b: [
        [0, 'healthy', 100],
        [5, 'failed', 20],
        [10, 'unknown', null],
        [60, 'failed', 20],
        [66.001, 'unknown', null],
      ],
    });
    expect(pointsOf(await history(rig, { ...range(2, 66), resource_id: 'b' }))).toEqual({
      b: [
        [2, 'healthy', 100],
        [5, 'failed', 20],
        [10, 'unknown', null],
        [60, 'failed', 20],
      ],
    });
    await rig.publisher.close();
  });

  test('a tick that is late is no gap, and the present is known until the next may come', async () => {
    const rig = bench({ topology: graph('a') });
    rig.feed.listen(() => undefined);
    await rig.clock.advance(5_500);
    rig.clock.stall(12_000);
    const expected = { a: [[0, 'healthy', 100]] };
    expect(pointsOf(await history(rig, range(0, 17)))).toEqual(expected);
    await rig.clock.advance(1_000);
    expect(pointsOf(await history(rig, range(0, 18)))).toEqual(expected);
    await rig.publisher.close();
  });

  test('however short the sleep was, and however soon another process went on, the time between is unknown', async () => {
    const store = { ...createMemoryHistory(), close: () => undefined };
    const rig = bench({ topology: graph('a'), history: store, config: { listenerGraceS: 0 } });
    const stop = rig.feed.listen(() => undefined);
    await rig.clock.advance(1_000);
    stop();
    await rig.clock.advance(6_000);
    rig.feed.listen(() => undefined);
    await rig.clock.advance(1_000);
    await rig.publisher.close();

    const next = bench({ topology: graph('a'), history: store });
    await next.clock.advance(15_000);
    const known = [
      [0, 'healthy', 100],
      [5, 'unknown', null],
      [7, 'healthy', 100],
      [12, 'unknown', null],
    ];
    expect(pointsOf(await history(next, range(0, 15)))).toEqual({ a: known });
    await next.clock.advance(1_000);
    expect(pointsOf(await history(next, range(0, 16)))).toEqual({ a: [...known, [15, 'healthy', 100]] });
    await next.publisher.close();
  });

  test('of several services named, each once; ids that nothing is known of are left out', async () => {
    const rig = bench({ topology: graph('a', 'b', 'c') });
    rig.feed.listen(() => undefined);
    await rig.clock.advance(1_000);
    const answer = await history(rig, { ...range(0, 1), resource_id: ['c', 'nobody', 'a', 'c'] });
    expect(answer.services.map(({ resource_id }) => resource_id)).toEqual(['a', 'c']);
    expect(answer).toMatchObject({ ...range(0, 1), truncated: false });
    await rig.publisher.close();
  });

  test('above 200,000 points is cut by whole services, and says so', async () => {
    const store = createMemoryHistory();
    for (let k = 0; k < 110_000; k += 1) {
      const score = k % 2 === 0 ? 100 : 90;
      const changes = ['a', 'b'].map((resourceId) => ({ resourceId, status: 'healthy' as const, score }));
      store.append([], { atMs: START_MS - 110_000 + k, holdMs: 5_000, pauseMs: 10_000, changes });
    }
    const rig = bench({ topology: graph('a', 'b'), history: store });
    const answer = await history(rig, range(-110, 0));
    expect(answer.truncated).toBe(true);
    expect(answer.services.map(({ resource_id, points }) => [resource_id, points.length])).toEqual([['a', 110_000]]);
    const shorter = await history(rig, range(-90, 0));
    expect([shorter.truncated, shorter.services.length]).toEqual([false, 2]);
    await rig.publisher.close();
  });

  test('keeps the pipeline awake, and does not wait for it', async () => {
    const rig = bench();
    expect((await history(rig, range(-10, 0))).services).toEqual([]);
    expect((await rig.feed.status()).running).toBe(true);
    await rig.publisher.close();
  });

  test.each([range(10, 10), range(10, 5)])('REST-9 %j is refused', async (query) => {
    const rig = bench();
    await expect(rig.feed.healthHistory(query)).rejects.toMatchObject({ code: 'INVALID_REQUEST', status: 400 });
    await expect(rig.feed.metricRange('request_rate', query)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await rig.publisher.close();
  });
});

describe('REST-13 a metric over time', () => {
  async function read(rig: Bench, name: string, query: MetricRangeQuery): Promise<MetricRangeResponse> {
    const answer = json(await rig.feed.metricRange(name, query));
    expect(isMetricRange(answer)).toMatchObject({ ok: true });
    return answer as MetricRangeResponse;
  }
  const named = ({ series }: MetricRangeResponse): string[] =>
    series.map(({ resource_id, target_id }) => (target_id === undefined ? resource_id : `${resource_id}>${target_id}`));

  test('of services: times, values, null where nothing is known, and no series without any value', async () => {
    const rig = bench({ topology: graph('a', 'b', 'c') });
    rig.source.rangeValue = (entity, atMs) => {
      if (entity === 2 || (entity === 1 && atMs === START_MS - 10_000)) return Number.NaN;
      return entity + 0.5;
    };
    expect(await read(rig, 'latency_p95', { ...range(-22, -3), step_s: 10 })).toEqual({
      metric: 'latency_p95',
      scope: 'service',
      unit: 's',
      step_s: 10,
      times: [START_MS - 20_000, START_MS - 10_000],
      series: [
        { resource_id: 'a', values: [0.5, 0.5] },
        { resource_id: 'b', values: [1.5, null] },
      ],
    });
    await rig.publisher.close();
  });

  test('of edges with the resource at either end', async () => {
    const rig = bench({ topology: graph('a>b', 'b>c', 'c>d', 'a>d') });
    const edges = async (resource_id?: string[]): Promise<string[]> =>
      named(await read(rig, 'error_rate', { ...range(-60, 0), scope: 'edge', ...(resource_id && { resource_id }) }));
    expect(await edges()).toEqual(['a>b', 'a>d', 'b>c', 'c>d']);
    expect(await edges(['b'])).toEqual(['a>b', 'b>c']);
    expect(await edges(['d', 'b'])).toEqual(['a>b', 'a>d', 'b>c', 'c>d']);
    expect(await edges(['nobody'])).toEqual([]);
    expect(rig.source.ranges.map(({ entities }) => entities)).toEqual([undefined, [0, 2], [0, 1, 2, 3], []]);
    await rig.publisher.close();
  });

  test('without a step has about 250 times, none closer than collections are, and none after now', async () => {
    const rig = bench();
    const asked = async (query: MetricRangeQuery): Promise<number[]> => {
      await read(rig, 'request_rate', query);
      const { stepMs, fromMs, toMs } = rig.source.ranges.at(-1)!;
      return [stepMs, fromMs, toMs].map((ms, k) => (k === 0 ? ms : ms - START_MS) / 1000);
    };
    expect(await asked(range(-3600, 0))).toEqual([15, -3600, 0]);
    expect(await asked(range(-60, 0))).toEqual([5, -60, 0]);
    expect(await asked(range(-60, 86_400))).toEqual([346, -60, 0]);
    expect(await asked({ ...range(-60, 0), step_s: 1 })).toEqual([1, -60, 0]);
    await rig.publisher.close();
  });

  test('that the preset lacks is NOT_FOUND, with the names of those it has', async () => {
    const rig = bench();
    await expect(rig.feed.metricRange('cpu_usage', range(-60, 0))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      detail: 'no metric cpu_usage; scope service has request_rate, latency_p95',
    });
    const query = { ...range(-60, 0), scope: 'edge' as const };
    await expect(rig.feed.metricRange('cpu_usage', query)).rejects.toMatchObject({
      message: expect.stringContaining('scope edge has request_rate, error_rate, latency_p95'),
    });
    expect(rig.source.ranges).toEqual([]);
    await rig.publisher.close();
  });

  test('without a topology is NOT_READY; a fault of the source comes as it is', async () => {
    const rig = bench({ topology: undefined });
    await expect(rig.feed.metricRange('request_rate', range(-60, 0))).rejects.toMatchObject({ code: 'NOT_READY' });
    rig.topology.topology = graph('a');
    rig.source.fault = new BridgeError('PROMETHEUS_TIMEOUT');
    await expect(rig.feed.metricRange('request_rate', range(-60, 0))).rejects.toBe(rig.source.fault);
    await rig.publisher.close();
    expect(rig.source.ranges.at(-1)?.signal.reason).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
