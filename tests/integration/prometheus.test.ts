import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { MetricSpec, MetricsBatch, Topology } from '@topdeck/protocol';
import { systemClock } from '../../backend-bridge/src/clock.ts';
import { BUILT_IN_PRESETS, loadPreset } from '../../backend-bridge/src/sources/presets.ts';
import {
  PrometheusMetrics,
  type PrometheusMetricsOptions,
} from '../../backend-bridge/src/sources/prometheus-metrics.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { createPipelineMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';
import {
  describeMetricsSource,
  type MetricsSourceHarness,
} from '../../backend-bridge/test/sources/metrics-source.contract.ts';
import { ringTopology } from '../../backend-bridge/test/sources/prometheus-graph.ts';
import { Exporter, httpSeries, toOpenMetrics } from '../fixtures/prometheus-exporter.ts';
import { SERIES, topology } from '../fixtures/prometheus-flows.ts';
import { CountingProxy } from '../fixtures/prometheus-proxy.ts';
import { PrometheusServer, detectPrometheus } from '../fixtures/prometheus-server.ts';

const detection = await detectPrometheus();
const describeReal = detection.available ? describe : describe.skip;
const title = detection.available ? `a real Prometheus ${detection.version}` : `Prometheus: ${detection.reason}`;
// Servers start, and scrapes take seconds to make a rate, on a busy machine still more.
jest.setTimeout(60_000);
const HOOK_LIMIT_MS = 90_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function makeSource(url: string, options: Partial<PrometheusMetricsOptions> = {}): PrometheusMetrics {
  const deps = { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() };
  const preset = loadPreset('topdeck');
  return new PrometheusMetrics({ url, preset, rateWindow: '1m', timeoutMs: 10_000, ...options }, deps);
}

const collectOf =
  (source: PrometheusMetrics, graph: Topology) =>
  (atMs: number): Promise<MetricsBatch> =>
    source.collect({ topology: graph, atMs, signal: new AbortController().signal });

/** Values by resource id or by source>target; what is unknown is left out. Rounded, for quantiles are computed. */
function valuesOf(batch: MetricsBatch, scope: string, name: string): Record<string, number> {
  const column = batch.columns.find(({ spec }) => spec.scope === scope && spec.name === name);
  const names =
    scope === 'service'
      ? topology.resources.map(({ id }) => id)
      : topology.dependencies.map(({ source, target }) => `${source}>${target}`);
  const known = names.map((key, i) => [key, column?.values[i] ?? Number.NaN] as const);
  return Object.fromEntries(
    known.filter(([, value]) => !Number.isNaN(value)).map(([key, value]) => [key, Math.round(value * 1e6) / 1e6]),
  );
}

/** Beyond nine digits, the same sum in another order differs. */
const rounded = (values: Float64Array): number[] => [...values].map((value) => Number(value.toPrecision(9)));

/** History of a quarter of an hour every five seconds, ten minutes ago. */
const endS = Math.floor((Date.now() / 1000 - 600) / 5) * 5;
const startS = endS - 900;
const timesS = Array.from({ length: 181 }, (_, i) => startS + i * 5);
const atMs = endS * 1000;

describeReal(title, () => {
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await PrometheusServer.start({ openMetrics: toOpenMetrics(SERIES, timesS) });
  }, HOOK_LIMIT_MS);
  afterAll(async () => {
    await server?.stop();
  });

  describe.each(Object.keys(BUILT_IN_PRESETS))('preset %s', (name) => {
    let batch: MetricsBatch;
    beforeAll(async () => {
      const source = makeSource(server.url, { preset: loadPreset(name) });
      batch = await collectOf(source, topology)(atMs);
      await source.close();
    });

    test('every query is valid PromQL and finds values', () => {
      const outcomes = batch.columns.map(({ spec, report }) => [spec.scope, spec.name, report.outcome]);
      expect(outcomes).toEqual(batch.columns.map(({ spec }) => [spec.scope, spec.name, 'ok']));
    });

    test('rates are those of the requests, an idle edge is at 0', () => {
      expect(valuesOf(batch, 'service', 'request_rate')).toEqual({ checkout: 20, payments: 10, db: 40 });
      expect(valuesOf(batch, 'edge', 'request_rate')).toEqual({
        'gateway>checkout': 20,
        'checkout>payments': 10,
        'checkout>db': 40,
        'batch>db': 0,
      });
    });

    test('error rates are 0 where nothing fails and unknown where nothing is asked', () => {
      expect(valuesOf(batch, 'service', 'error_rate')).toEqual({ checkout: 0.05, payments: 0, db: 0 });
      expect(valuesOf(batch, 'edge', 'error_rate')).toEqual({
        'gateway>checkout': 0.05,
        'checkout>payments': 0,
        'checkout>db': 0,
      });
    });

    test('latencies are in seconds and unknown where nothing is asked', () => {
      expect(valuesOf(batch, 'service', 'latency_p95')).toEqual({ checkout: 0.3, payments: 0.095, db: 0.3 });
      expect(valuesOf(batch, 'edge', 'latency_p95')).toEqual({
        'gateway>checkout': 0.3,
        'checkout>payments': 0.095,
        'checkout>db': 0.3,
      });
    });
  });

  test('pods are matched to resources, cAdvisor’s sums are not counted twice', async () => {
    const source = makeSource(server.url);
    const batch = await collectOf(source, topology)(atMs);
    expect(valuesOf(batch, 'service', 'cpu_usage')).toEqual({ checkout: 0.5, db: 1.5, payments: 0.75 });
    expect(valuesOf(batch, 'service', 'memory_usage')).toEqual({ checkout: 5e8, db: 1.5e9 });
    const cpu = batch.columns.find(({ spec }) => spec.name === 'cpu_usage');
    expect(cpu?.report).toMatchObject({ outcome: 'ok', seriesMatched: 4, seriesUnmatched: 1 });
    await source.close();
  });

  test('a backfill gives at each time what a collection at that time gives', async () => {
    const source = makeSource(server.url);
    const signal = new AbortController().signal;
    const range = { topology, fromMs: (startS - 300) * 1000, toMs: atMs, stepMs: 30_000, signal };
    const batches = await source.backfill(range);
    // Nothing is known before the first scrape; a gauge is known at it, a rate with the second one.
    expect(batches.map((batch) => batch.atMs / 1000)).toEqual(Array.from({ length: 31 }, (_, i) => startS + i * 30));
    for (const index of [0, 1, 7, 30]) {
      const batch = batches[index];
      const collected = await collectOf(source, topology)(batch.atMs);
      expect(batch.columns.map(({ spec }) => spec)).toEqual(collected.columns.map(({ spec }) => spec));
      batch.columns.forEach(({ values, report }, i) => {
        expect(report.outcome).toBe(collected.columns[i].report.outcome);
        expect(rounded(values)).toEqual(rounded(collected.columns[i].values));
      });
    }
    await source.close();
  });

  test.each([
    // Cut by Prometheus to what is named, and, where pods are matched by patterns, by the reader.
    ['service', 'request_rate', [1, 4], { checkout: 20, payments: 10 }],
    ['service', 'error_rate', [1, 3], { checkout: 0.05 }],
    ['service', 'cpu_usage', [1, 2], { checkout: 0.5, db: 1.5 }],
    ['edge', 'latency_p95', [1, 3, 4], { 'checkout>db': 0.3, 'gateway>checkout': 0.3 }],
  ] as const)(
    'REST-13 a range of %s.%s for a few gives their values alone',
    async (scope, name, entities, expected) => {
      const source = makeSource(server.url);
      const metric = source.metrics.find((spec) => spec.scope === scope && spec.name === name) as MetricSpec;
      const { times, columns } = await source.range({
        topology,
        metric,
        entities,
        fromMs: (startS + 120) * 1000,
        toMs: atMs,
        stepMs: 15_000,
        signal: new AbortController().signal,
      });
      expect(times.length).toBeGreaterThan(50);
      const nameOf = (index: number): string => {
        if (scope === 'service') return topology.resources[index].id;
        return `${topology.dependencies[index].source}>${topology.dependencies[index].target}`;
      };
      for (const column of columns) {
        const known = entities.map((entity, k) => [nameOf(entity), Math.round(column[k] * 1e6) / 1e6] as const);
        expect(Object.fromEntries(known.filter(([, value]) => !Number.isNaN(value)))).toEqual(expected);
      }
      await source.close();
    },
  );

  test('a preset that Prometheus cannot parse fails alone, in Prometheus’s words', async () => {
    const [rate, ...others] = loadPreset('topdeck').metrics;
    const preset = { name: 'broken', description: '', metrics: [{ ...rate, query: 'sum by (target' }, ...others] };
    const source = makeSource(server.url, { preset });
    const { columns } = await collectOf(source, topology)(atMs);
    expect(columns[0].report).toMatchObject({
      outcome: 'error',
      code: 'PROMETHEUS_QUERY_FAILED',
      message: expect.stringContaining('parse error'),
    });
    expect(new Set(columns.slice(1).map(({ report }) => report.outcome))).toEqual(new Set(['ok']));
    expect(source.freshness().state).toBe('fresh');
    await source.close();
  });

  describeMetricsSource(title, async (): Promise<MetricsSourceHarness> => {
    const proxy = await CountingProxy.before(server.url);
    return {
      source: makeSource(proxy.url),
      topology,
      largerTopology: ringTopology(500, 3),
      atMs,
      historyMs: 600_000,
      upstream: { requests: () => proxy.requests, break: () => proxy.close(), restore: () => proxy.open() },
      close: () => proxy.close(),
    };
  });
});

describeReal(`${title}: credentials`, () => {
  // bcrypt of "test"
  const webConfig = 'basic_auth_users: {ops: "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"}';
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await PrometheusServer.start({ webConfig });
  }, HOOK_LIMIT_MS);
  afterAll(async () => {
    await server?.stop();
  });
  const withPassword = (password: string): PrometheusMetrics =>
    makeSource(server.url, { username: 'ops', password: { reveal: () => password } });

  test('the right ones are accepted, wrong ones and none are refused at start', async () => {
    const [right, wrong, none] = [withPassword('test'), withPassword('wrong'), makeSource(server.url)];
    await expect(right.checkAtStart()).resolves.toBe('ok');
    await expect(wrong.checkAtStart()).rejects.toMatchObject({ code: 'PROMETHEUS_AUTH_FAILED' });
    await expect(none.checkAtStart()).rejects.toMatchObject({ code: 'PROMETHEUS_AUTH_FAILED' });
    await collectOf(wrong, topology)(Date.now());
    expect(wrong.freshness()).toMatchObject({ state: 'unavailable', error_code: 'PROMETHEUS_AUTH_FAILED' });
    await Promise.all([right, wrong, none].map((source) => source.close()));
  });
});

describeReal(`${title}: faults`, () => {
  const TIMEOUT_MS = 1500;
  let exporter: Exporter;
  let server: PrometheusServer;
  let source: PrometheusMetrics;

  beforeAll(async () => {
    exporter = await Exporter.start(SERIES);
    server = await PrometheusServer.start({ target: exporter.target });
    source = makeSource(server.url, { rateWindow: '10s', timeoutMs: TIMEOUT_MS });
    await untilRate();
  }, HOOK_LIMIT_MS);
  afterAll(async () => {
    await source?.close();
    await server?.stop();
    await exporter?.stop();
  });

  const collect = (): Promise<MetricsBatch> => collectOf(source, topology)(Date.now());
  const outcomes = (batch: MetricsBatch): string[] => [
    ...new Set(batch.columns.map(({ report }) => (report.outcome === 'error' ? report.code : report.outcome))),
  ];

  /** Scrapes need seconds to make a rate. */
  async function untilRate(): Promise<void> {
    const deadline = performance.now() + 20_000;
    while (valuesOf(await collect(), 'edge', 'request_rate')['gateway>checkout'] === undefined) {
      if (performance.now() > deadline) throw new Error('no rate within 20 s');
      await sleep(200);
    }
  }

  test('live scrapes give live values, once they fill the window', async () => {
    const deadline = performance.now() + 40_000;
    let rate: number | undefined;
    do {
      await sleep(500);
      rate = valuesOf(await collect(), 'service', 'request_rate')['checkout'];
    } while ((rate === undefined || Math.abs(rate - 20) > 2) && performance.now() < deadline);
    expect(rate).toBeGreaterThan(18);
    expect(rate).toBeLessThan(22);
  });

  test('hung: within one collection it is stale, after one timeout; it recovers when it answers again', async () => {
    const { last_success } = await collect().then(() => source.freshness());
    await server.suspend();
    const startMs = performance.now();
    const batch = await collect();
    const tookMs = performance.now() - startMs;
    expect(outcomes(batch)).toEqual(['PROMETHEUS_TIMEOUT']);
    expect(tookMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 5);
    // Two timeouts would mean that queries which waited for a connection began their own.
    expect(tookMs).toBeLessThan(2 * TIMEOUT_MS);
    expect(batch.columns.every(({ values }) => values.every(Number.isNaN))).toBe(true);
    expect(source.freshness()).toMatchObject({ state: 'stale', last_success, error_code: 'PROMETHEUS_TIMEOUT' });
    server.resume();
    for (let i = 0; i < 2 && source.freshness().state !== 'fresh'; i += 1) await collect();
    expect(source.freshness().state).toBe('fresh');
    await untilRate();
  });

  test('killed: within one collection it is stale; within two of its return it is fresh', async () => {
    await server.kill();
    expect(outcomes(await collect())).toEqual(['PROMETHEUS_UNREACHABLE']);
    expect(source.freshness()).toMatchObject({ state: 'stale', error_code: 'PROMETHEUS_UNREACHABLE' });
    expect(await collect().then(outcomes)).toEqual(['PROMETHEUS_UNREACHABLE']);
    await server.restart();
    for (let i = 0; i < 2 && source.freshness().state !== 'fresh'; i += 1) await collect();
    expect(source.freshness().state).toBe('fresh');
    await untilRate();
  });
});

describeReal(`${title}: size`, () => {
  const SIZES = [100, 1000, 10_000];
  const fanOut = 2;
  const largest = ringTopology(10_000, fanOut);
  const lastS = Math.floor(Date.now() / 1000) - 600;
  let server: PrometheusServer;

  beforeAll(async () => {
    const series = largest.dependencies.flatMap(({ source, target }, i) =>
      httpSeries({ source, target, succeeded: (i % 7) + 1, within: { 0.1: (i % 7) + 1 } }),
    );
    server = await PrometheusServer.start({ openMetrics: toOpenMetrics(series, [lastS - 30, lastS - 15, lastS]) });
  }, HOOK_LIMIT_MS);
  afterAll(async () => {
    await server?.stop();
  });

  /** Counted by Prometheus itself. */
  async function served(): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const counts = text.matchAll(/^prometheus_http_requests_total\{code="\d+",handler="\/api\/v1\/[^"]+"\} (\d+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  test('at most 12 queries a collection, 100, 1,000 or 10,000 services alike', async () => {
    const counts: number[] = [];
    for (const size of SIZES) {
      const graph = ringTopology(size, fanOut);
      const source = makeSource(server.url);
      const before = await served();
      const batch = await collectOf(source, graph)(lastS * 1000);
      counts.push((await served()) - before);
      const rate = batch.columns.find(({ spec }) => spec.scope === 'edge' && spec.name === 'request_rate');
      // The ring closes at another place in a smaller graph: those last edges are in no metric.
      expect(rate?.report).toMatchObject({
        outcome: 'ok',
        seriesMatched: size === 10_000 ? 20_000 : size * fanOut - 3,
      });
      await source.close();
    }
    expect(counts).toEqual([8, 8, 8]);
  });
});
