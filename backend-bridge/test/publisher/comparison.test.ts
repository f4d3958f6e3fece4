import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ComparisonResponse,
  type ComparisonQuery,
  type ComparisonReference,
  type MetricComparison,
} from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { systemClock } from '../../src/clock.ts';
import { BridgeError } from '../../src/errors.ts';
import { readComparison } from '../../src/publisher/comparison.ts';
import type { MetricsSource } from '../../src/sources/metrics-source.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { SimulatedMetrics } from '../../src/sources/simulated-metrics.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { answerFor, ringTopology, serviceId } from '../sources/prometheus-graph.ts';
import { PrometheusStub, type StubRequest } from '../sources/prometheus-stub.ts';
import { graph, START_MS } from './diagnoses.ts';
import { bench, StubTopology, type Bench } from './stub-parts.ts';

const HOUR_MS = 3_600_000;
const isComparison = validator(ComparisonResponse);

function parsed(bytes: Uint8Array): ComparisonResponse {
  const answer: unknown = JSON.parse(Buffer.from(bytes).toString());
  expect(isComparison(answer)).toMatchObject({ ok: true });
  return answer as ComparisonResponse;
}
const read = async ({ feed }: Bench, id: string, query: ComparisonQuery = {}): Promise<ComparisonResponse> =>
  parsed(await feed.comparison(id, query));
const metricOf = ({ metrics }: ComparisonResponse, name: string): ComparisonResponse['metrics'][number] =>
  metrics.find(({ metric }) => metric === name) as ComparisonResponse['metrics'][number];
const against = (answer: ComparisonResponse, name: string, reference: ComparisonReference): MetricComparison =>
  metricOf(answer, name).comparisons.find((one) => one.against === reference) as MetricComparison;
const wave = (atMs: number): number => 1 + 0.03 * Math.sin(atMs / 7_000_000) + 0.02 * Math.cos(atMs / 110_000);

describe('REST-15 a service against its past', () => {
  test('an hour of twice the latency is higher than any reference, and worse', async () => {
    const rig = bench();
    rig.source.rangeValue = (_, atMs) => (atMs > START_MS - HOUR_MS ? 0.4 : 0.2) * wave(atMs);
    const answer = await read(rig, 'b');
    expect(answer).toMatchObject({ resource_id: 'b', at: new Date(START_MS).toISOString(), window_s: 3600 });
    expect(answer.metrics.map(({ metric, unit }) => [metric, unit])).toEqual([
      ['request_rate', '1/s'],
      ['latency_p95', 's'],
    ]);
    const { now, comparisons } = metricOf(answer, 'latency_p95');
    expect(now).toMatchObject({ known: 60, of: 60 });
    expect(now?.mean).toBeCloseTo(0.4, 1);
    expect(comparisons.map((one) => [one.against, one.verdict, one.worse])).toEqual(
      ['previous_hour', 'previous_day', 'previous_week', 'same_hour_yesterday', 'same_hour_last_week'].map((name) => [
        name,
        'higher',
        true,
      ]),
    );
    for (const { value, change, text } of comparisons) {
      expect(value).toBeCloseTo(0.2, 1);
      expect(change).toBeGreaterThan(0.8);
      expect(text).toContain('higher than');
    }
    await rig.publisher.close();
  });

  test('an hour of every day that differs is as yesterday, though not as the hour before', async () => {
    const rig = bench();
    const isNightly = (atMs: number): boolean =>
      (((atMs - START_MS) % 86_400_000) + 86_400_000) % 86_400_000 > 23 * HOUR_MS;
    rig.source.rangeValue = (_, atMs) => (isNightly(atMs) || atMs === START_MS ? 2 : 0.2) * wave(atMs);
    const answer = await read(rig, 'b');
    expect(against(answer, 'latency_p95', 'previous_hour').verdict).toBe('much_higher');
    expect(against(answer, 'latency_p95', 'same_hour_yesterday').verdict).toBe('normal');
    expect(against(answer, 'latency_p95', 'same_hour_last_week').verdict).toBe('normal');
    await rig.publisher.close();
  });

  test('a source that began twelve hours ago leaves the references before it unknown', async () => {
    const rig = bench();
    rig.source.rangeValue = (_, atMs) => (atMs > START_MS - 12 * HOUR_MS ? wave(atMs) : Number.NaN);
    const answer = await read(rig, 'b');
    const verdicts = metricOf(answer, 'latency_p95').comparisons.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['normal', 'unknown', 'unknown', 'unknown', 'unknown']);
    expect(against(answer, 'latency_p95', 'same_hour_last_week')).toMatchObject({
      value: null,
      change: null,
      z: null,
      worse: null,
      known: 0,
      text: 'nothing is known of the same hour last week',
    });
    expect(against(answer, 'latency_p95', 'previous_day').text).toMatch(/^only 6\d of 13\d values of the day before/);
    await rig.publisher.close();
  });

  test('a service that says nothing now has no now; gaps of a few values do not hide the rest', async () => {
    const rig = bench();
    rig.source.rangeValue = (_, atMs) => (atMs > START_MS - HOUR_MS ? Number.NaN : 1);
    const silent = metricOf(await read(rig, 'b'), 'request_rate');
    expect(silent.now).toBeNull();
    expect(silent.comparisons.map(({ verdict, value }) => [verdict, value])).toEqual(Array(5).fill(['unknown', 1]));
    rig.source.rangeValue = (_, atMs) => (atMs % 240_000 === 0 ? Number.NaN : 1);
    const gappy = metricOf(await read(rig, 'c'), 'request_rate');
    expect(gappy.now).toMatchObject({ known: 45, of: 60 });
    expect(gappy.comparisons.map(({ verdict }) => verdict)).toEqual(Array(5).fill('normal'));
    await rig.publisher.close();
  });

  test('at a time in the past tells of then; one after now is now', async () => {
    const rig = bench();
    rig.source.rangeValue = (_, atMs) => wave(atMs);
    const at = new Date(START_MS - 86_400_000).toISOString();
    const then = await read(rig, 'b', { at, window_s: 600 });
    expect(then).toMatchObject({ at, window_s: 600 });
    expect(against(then, 'request_rate', 'previous_hour')).toMatchObject({
      since: new Date(START_MS - 86_400_000 - 600_000 - HOUR_MS).toISOString(),
      until: new Date(START_MS - 86_400_000 - 600_000).toISOString(),
    });
    expect((await read(rig, 'b', { at: new Date(START_MS + HOUR_MS).toISOString() })).at).toBe(
      new Date(START_MS).toISOString(),
    );
    await rig.publisher.close();
  });
});

describe('REST-16 the reads of a comparison', () => {
  test('are two ranges for each metric, of the one service, of less than 1,000 times, whatever the window', async () => {
    for (const window_s of [300, 3600, 21_600]) {
      const rig = bench();
      await read(rig, 'b', { window_s });
      expect(rig.source.ranges).toHaveLength(4);
      for (const { entities, fromMs, toMs, stepMs } of rig.source.ranges) {
        expect(entities).toEqual([1]);
        expect((toMs - fromMs) / stepMs).toBeLessThan(999);
      }
      await rig.publisher.close();
    }
  });

  test('are shared within 15 s, and of one metric by its name', async () => {
    const rig = bench();
    await Promise.all([read(rig, 'b', { metric: 'request_rate' }), read(rig, 'b', { metric: 'request_rate' })]);
    await rig.clock.advance(14_000);
    await read(rig, 'b', { metric: 'request_rate' });
    expect(rig.source.ranges).toHaveLength(2);
    await rig.clock.advance(1_000);
    await read(rig, 'b', { metric: 'request_rate' });
    expect(rig.source.ranges).toHaveLength(4);
    await rig.publisher.close();
  });

  test('of a percentile alone are told the requests behind it', async () => {
    const rig = bench();
    const answer = await read(rig, 'b', { metric: 'latency_p95' });
    expect(answer.metrics.map(({ metric }) => metric)).toEqual(['latency_p95']);
    expect(rig.source.ranges.map(({ metric }) => metric.name).sort()).toEqual([
      'latency_p95',
      'latency_p95',
      'request_rate',
      'request_rate',
    ]);
    await rig.publisher.close();
  });

  test('of a preset with many metrics are of the first six, and the answer names the rest', async () => {
    const rig = bench();
    const metrics = Array.from({ length: 9 }, (_, k) => ({ ...rig.source.metrics[1], name: `m${k}` }));
    Object.assign(rig.source, { metrics });
    const answer = await read(rig, 'b');
    expect(answer.metrics.map(({ metric }) => metric)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
    expect(answer.metrics_left_out).toEqual(['m6', 'm7', 'm8']);
    expect(rig.source.ranges).toHaveLength(12);
    await rig.publisher.close();
  });

  test('of an unknown service or metric are none: NOT_FOUND; without a topology NOT_READY', async () => {
    const rig = bench();
    await expect(rig.feed.comparison('nobody', {})).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(rig.feed.comparison('b', { metric: 'luck' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      detail: 'no metric luck; scope service has request_rate, latency_p95',
    });
    rig.topology.topology = undefined;
    await expect(rig.feed.comparison('b', {})).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(rig.source.ranges).toEqual([]);
    await rig.publisher.close();
  });

  test('that all fail are the fault of the source, which is not kept', async () => {
    const rig = bench();
    rig.source.fault = new BridgeError('PROMETHEUS_TIMEOUT');
    await expect(rig.feed.comparison('b', {})).rejects.toBe(rig.source.fault);
    rig.source.fault = undefined;
    expect((await read(rig, 'b')).metrics).toHaveLength(2);
    await rig.publisher.close();
    expect(rig.source.ranges.at(-1)?.signal.reason).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});

const partsOf = (metricsSource: MetricsSource, topologySource: StubTopology, nowMs: number) => ({
  metricsSource,
  topologySource,
  clock: Object.assign(new FakeClock(), { nowMs: () => nowMs }),
  intervalMs: 5_000,
  signal: new AbortController().signal,
});

describe('REST-15 with the simulator', () => {
  test('a quiet system is normal for each of its metrics and references, and a past of a week is there', async () => {
    const topology = graph('a>b', 'b>c', 'a>d', 'd>c');
    const source = new SimulatedMetrics({ seed: 1, demo: false });
    const parts = partsOf(source, new StubTopology(topology), START_MS);
    const answer = parsed(await readComparison(parts, 'c', {}));
    expect(answer.metrics.map(({ metric }) => metric)).toEqual([
      'request_rate',
      'error_rate',
      'latency_p95',
      'cpu_usage',
      'memory_usage',
    ]);
    for (const { comparisons } of answer.metrics) {
      expect(comparisons.filter(({ verdict }) => verdict === 'unknown')).toEqual([]);
      const sameHours = comparisons.filter((one) => one.against.startsWith('same_hour'));
      expect(sameHours.map(({ text, verdict }) => [verdict, text])).toEqual(
        sameHours.map(({ text }) => ['normal', text]),
      );
    }
    await source.close();
  });
});

describe('REST-16 with a Prometheus', () => {
  const topology = ringTopology(6);
  const preset = loadPreset('topdeck');
  const nowMs = Date.parse('2026-03-08T12:00:00Z');
  let stub: PrometheusStub;
  let source: PrometheusMetrics;
  afterEach(async () => {
    await source.close();
    await stub.stop();
  });
  async function start(answer: PrometheusStub['answer']): Promise<ReturnType<typeof partsOf>> {
    stub = await new PrometheusStub(() => 'hang').start();
    stub.answer = answer;
    const { log } = captureLog('debug');
    const options = { url: stub.url, preset, rateWindow: '1m', timeoutMs: 400 };
    source = new PrometheusMetrics(options, { clock: systemClock, log, metrics: createPipelineMetrics() });
    return partsOf(source, new StubTopology(topology), nowMs);
  }
  const good = answerFor(preset, topology, (entity, atS) => (entity + 1) * (atS * 1000 > nowMs - HOUR_MS ? 0.3 : 0.1));
  const queries = (): string[] => stub.requests.map(({ form }) => form.get('query') ?? '');

  test('takes ten range queries for five metrics, each cut to the service where that can be done', async () => {
    const answer = parsed(await readComparison(await start(good), serviceId(2), {}));
    expect(stub.requests.map(({ path }) => path)).toEqual(Array(10).fill('/api/v1/query_range'));
    expect(new Set(queries()).size).toBe(5);
    expect(queries().filter((query) => query.includes(serviceId(2)))).toHaveLength(6);
    expect(metricOf(answer, 'latency_p95').now?.mean).toBeCloseTo(0.9);
    expect(against(answer, 'latency_p95', 'previous_week')).toMatchObject({ verdict: 'higher', worse: true });
    expect(against(answer, 'latency_p95', 'previous_week').change).toBeCloseTo(2);
  });

  test('a query that Prometheus refuses makes its metric unknown, and no other', async () => {
    const parts = await start((request: StubRequest) =>
      (request.form.get('query') ?? '').includes('histogram_quantile')
        ? { status: 422, body: JSON.stringify({ status: 'error', errorType: 'execution', error: 'too much' }) }
        : good(request),
    );
    const answer = parsed(await readComparison(parts, serviceId(2), {}));
    const latency = metricOf(answer, 'latency_p95');
    expect(latency.now).toBeNull();
    for (const { verdict, text } of latency.comparisons) {
      expect([verdict, text]).toEqual(['unknown', 'now could not be read (PROMETHEUS_QUERY_FAILED)']);
    }
    expect(against(answer, 'request_rate', 'previous_hour')).toMatchObject({ verdict: 'higher', worse: false });
  });

  test('one that does not answer is given up at the source’s limit of time, with its code', async () => {
    const parts = await start(() => 'hang');
    await expect(readComparison(parts, serviceId(2), {})).rejects.toMatchObject({
      code: 'PROMETHEUS_TIMEOUT',
      status: 504,
    });
  });
});
