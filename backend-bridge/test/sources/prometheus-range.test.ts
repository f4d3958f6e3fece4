import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { Topology } from '@topdeck/protocol';
import { systemClock } from '../../src/clock.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { planRange } from '../../src/sources/metric-range.ts';
import type { MetricRange, RangeRequest } from '../../src/sources/metrics-source.ts';
import { loadPreset, type PresetMetric } from '../../src/sources/presets.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { restrictQuery } from '../../src/sources/prometheus-restrict.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { answerFor, ringTopology } from './prometheus-graph.ts';
import { matrix, PrometheusStub, type StubAnswer, type StubRequest } from './prometheus-stub.ts';

const preset = loadPreset('topdeck');
const metricOf = (scope: string, name: string): PresetMetric =>
  preset.metrics.find(({ spec }) => spec.scope === scope && spec.name === name) as PresetMetric;

describe('REST-13 the plan of a range', () => {
  test('keeps to the range and to all limits, on multiples of the step asked for', () => {
    const request = fc.record({
      fromMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
      spanMs: fc.integer({ min: 0, max: 90 * 86_400_000 }),
      stepMs: fc.integer({ min: 1, max: 3600 }).map((s) => s * 1000),
      wanted: fc.integer({ min: 0, max: 200_000 }),
      readPerTime: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(request, ({ fromMs, spanMs, ...rest }) => {
        const toMs = fromMs + spanMs;
        const { stepMs, times } = planRange({ fromMs, toMs, maxRead: 3_000_000, ...rest });
        expect(stepMs % rest.stepMs).toBe(0);
        expect(times.length).toBeLessThanOrEqual(1_000);
        expect(times.length * rest.wanted).toBeLessThanOrEqual(400_000);
        expect(times.length * rest.readPerTime).toBeLessThanOrEqual(3_000_000);
        expect(times.filter((atMs) => atMs % stepMs !== 0 || atMs < fromMs || atMs > toMs)).toEqual([]);
        // None is left out at either end.
        if (times.length > 0) expect(times[0] - stepMs).toBeLessThan(fromMs);
        if (times.length > 0) expect((times.at(-1) as number) + stepMs).toBeGreaterThan(toMs);
      }),
    );
  });

  test('a range that moves on asks for the same times again', () => {
    const shared = { stepMs: 15_000, wanted: 10, readPerTime: 10, maxRead: 1e6 };
    const first = planRange({ fromMs: 1_000_000, toMs: 2_000_000, ...shared });
    const second = planRange({ fromMs: 1_007_000, toMs: 2_007_000, ...shared });
    expect(second.times.filter((atMs) => atMs <= 2_000_000)).toEqual(first.times.filter((atMs) => atMs >= 1_007_000));
  });

  test('an inverted range has no times', () => {
    expect(planRange({ fromMs: 2, toMs: 1, stepMs: 1, wanted: 1, readPerTime: 1, maxRead: 1 }).times).toEqual([]);
  });
});

describe('a query cut to some entities', () => {
  const topology = buildTopology(
    [{ id: 'a', name: 'Web "shop"' }, { id: 'b$1' }, { id: 'c' }],
    [{ source: 'a', target: 'b$1' }],
  );
  const cut = (metric: PresetMetric, entities: readonly number[], graph: Topology = topology) =>
    restrictQuery('up # all', metric, { topology: graph, entities });

  test('names their ids and names, in whatever form they are', () => {
    expect(cut(metricOf('service', 'request_rate'), [0])).toBe(
      '(up # all\n) and on (target) (label_replace(vector(1), "target", "a", "", "") or label_replace(vector(1), "target", "Web \\"shop\\"", "", ""))',
    );
  });

  test('names both ends of an edge; a dollar is no group', () => {
    expect(cut(metricOf('edge', 'request_rate'), [0])).toBe(
      '(up # all\n) and on (source, target) (' +
        'label_replace(label_replace(vector(1), "source", "a", "", ""), "target", "b$$1", "", "") or ' +
        'label_replace(label_replace(vector(1), "source", "Web \\"shop\\"", "", ""), "target", "b$$1", "", ""))',
    );
  });

  test('is not made where only a pattern tells, and not for many', () => {
    expect(cut(metricOf('service', 'cpu_usage'), [0])).toBeUndefined();
    const many = ringTopology(200);
    const all = Array.from({ length: 101 }, (_, i) => i);
    expect(cut(metricOf('service', 'request_rate'), all, many)).toBeUndefined();
    expect(cut(metricOf('service', 'request_rate'), all.slice(0, 100), many)).toBeDefined();
  });
});

describe('REST-13 a range read', () => {
  const topology = ringTopology(6);
  const toMs = Date.parse('2026-03-01T12:00:00Z');
  const good = answerFor(preset, topology, (entity, atS) => entity * 1000 + (atS % 1000));
  let stub: PrometheusStub;
  let source: PrometheusMetrics;
  let logged: () => Record<string, unknown>[];
  beforeEach(async () => {
    stub = await new PrometheusStub(good).start();
    const { log, events } = captureLog('debug');
    logged = events;
    const options = { url: stub.url, preset, rateWindow: '1m', timeoutMs: 400 };
    source = new PrometheusMetrics(options, { clock: systemClock, log, metrics: createPipelineMetrics() });
  });
  afterEach(async () => {
    await source.close();
    await stub.stop();
  });
  const range = (name: string, request: Partial<RangeRequest> = {}): Promise<MetricRange> =>
    source.range({
      topology,
      metric: metricOf('service', name).spec,
      entities: undefined,
      fromMs: toMs - 60_000,
      toMs,
      stepMs: 15_000,
      signal: new AbortController().signal,
      ...request,
    });
  const fault = (code: string) => expect.objectContaining({ name: 'BridgeError', code });

  test('is one POST of query_range with its limit of time', async () => {
    const { times, columns } = await range('cpu_usage', { entities: [4, 5] });
    const [{ path, form }] = stub.requests;
    expect([stub.requests.length, path]).toEqual([1, '/api/v1/query_range']);
    expect(Object.fromEntries(form)).toMatchObject({
      start: `${toMs / 1000 - 60}.000`,
      end: `${toMs / 1000}.000`,
      step: '15.000',
      timeout: '0.400',
    });
    expect(times.map((atMs) => (atMs - toMs) / 1000)).toEqual([-60, -45, -30, -15, 0]);
    columns.forEach((column, k) => {
      const atS = times[k] / 1000;
      expect([...column]).toEqual([4000 + (atS % 1000), 5000 + (atS % 1000)]);
    });
  });

  test('asks less often where Prometheus must send the whole graph for a few', async () => {
    const large = ringTopology(10_000);
    stub.answer = () => ({ body: matrix([]) });
    const request = { topology: large, entities: [7], fromMs: toMs - 3_600_000, stepMs: 5_000 };
    expect((await range('cpu_usage', request)).stepMs).toBe(15_000);
    expect((await range('request_rate', request)).stepMs).toBe(5_000);
    expect((await range('request_rate', { ...request, entities: undefined })).stepMs).toBe(95_000);
  });

  test('at most four are under way at once; the others follow, and each gets its own', async () => {
    let [underWay, most] = [0, 0];
    const held: (() => void)[] = [];
    const slow = async (request: StubRequest): Promise<StubAnswer> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise<void>((resolve) => held.push(resolve));
      underWay -= 1;
      return good(request);
    };
    stub.answer = slow;
    const steps = Array.from({ length: 10 }, (_, k) => (k + 1) * 5_000);
    const reads = steps.map((stepMs) => range('memory_usage', { stepMs }));
    let done = false;
    const all = Promise.all(reads).finally(() => (done = true));
    while (!done) {
      await wait(5);
      for (const release of held.splice(0)) release();
    }
    expect((await all).map(({ stepMs }) => stepMs)).toEqual(steps);
    expect([most, stub.requests.length]).toEqual([4, 10]);
  });

  test('that hangs is a timeout, also for those that waited behind it, and then there is room again', async () => {
    stub.answer = () => 'hang';
    const startMs = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 9 }, () => range('memory_usage')));
    expect(performance.now() - startMs).toBeLessThan(1_000);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: fault('PROMETHEUS_TIMEOUT') });
    stub.answer = good;
    expect((await range('memory_usage')).times).toHaveLength(5);
    const levels = logged().flatMap(({ event, level }) => (event === 'metrics.range_failed' ? level : []));
    expect(levels.length).toBeGreaterThanOrEqual(4);
    expect(levels).toEqual([40, ...levels.slice(1).map(() => 20)]);
  });

  test('that is given up while it waits leaves its place to the next', async () => {
    stub.answer = () => 'hang';
    const blocking = Array.from({ length: 4 }, () => range('memory_usage').catch((error: unknown) => error));
    const [first, second] = [new AbortController(), new AbortController()];
    const given = range('memory_usage', { signal: first.signal });
    const underWay = range('memory_usage', { signal: second.signal });
    const reason = new Error('hung up');
    first.abort(reason);
    await expect(given).rejects.toBe(reason);
    second.abort(reason);
    await expect(underWay).rejects.toBe(reason);
    await Promise.all(blocking);
    stub.answer = good;
    const reads = Array.from({ length: 8 }, () => range('memory_usage'));
    expect((await Promise.all(reads)).every(({ times }) => times.length === 5)).toBe(true);
  });

  test.each([
    [
      'PROMETHEUS_QUERY_FAILED',
      { status: 400, body: '{"status":"error","errorType":"bad_data","error":"parse error"}' },
    ],
    ['PROMETHEUS_AUTH_FAILED', { status: 401, body: '' }],
    ['PROMETHEUS_BAD_ANSWER', { status: 200, body: '<html>' }],
    ['PROMETHEUS_UNREACHABLE', 'cut'],
  ] as const)('rejects with %s', async (code, answer) => {
    stub.answer = () => answer;
    await expect(range('request_rate')).rejects.toEqual(fault(code));
  });

  test('of a metric that the preset lacks is a mistake of the caller', async () => {
    const metric = { ...metricOf('service', 'request_rate').spec, name: 'luck' };
    await expect(range('request_rate', { metric })).rejects.toThrow('no metric service.luck');
  });
});
