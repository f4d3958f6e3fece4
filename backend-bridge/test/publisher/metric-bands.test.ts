import { describe, expect, test } from '@jest/globals';
import { MetricRangeResponse, type MetricRangeQuery, type MetricSpec } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { createEngine } from '../../src/engine/engine.ts';
import { BridgeError } from '../../src/errors.ts';
import { readMetricRange } from '../../src/publisher/metric-range.ts';
import type { MetricsSource } from '../../src/sources/metrics-source.ts';
import { SimulatedMetrics } from '../../src/sources/simulated-metrics.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { systemClock } from '../../src/clock.ts';
import { answerFor, ringTopology } from '../sources/prometheus-graph.ts';
import { PrometheusStub } from '../sources/prometheus-stub.ts';
import { graph, START_MS } from './diagnoses.ts';
import { bench, StubTopology, type Bench } from './stub-parts.ts';

const iso = (offsetS: number): string => new Date(START_MS + offsetS * 1000).toISOString();
const range = (sinceS: number, untilS: number) => ({ since: iso(sinceS), until: iso(untilS) });
const isMetricRange = validator(MetricRangeResponse);

function parsed(bytes: Uint8Array): MetricRangeResponse {
  const answer: unknown = JSON.parse(Buffer.from(bytes).toString());
  expect(isMetricRange(answer)).toMatchObject({ ok: true });
  return answer as MetricRangeResponse;
}
const read = async ({ feed }: Bench, name: string, query: MetricRangeQuery): Promise<MetricRangeResponse> =>
  parsed(await feed.metricRange(name, query));
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i}`);
/** A steady series with a little noise, the same at every read. */
const steady = (atMs: number): number => 0.2 * (1 + 0.02 * Math.sin(atMs / 7_000) + 0.02 * Math.cos(atMs / 11_000));

describe('REST-14 bands of a metric', () => {
  const query = { ...range(-600, 0), step_s: 5, bands: true } as const;

  test('come beside the same times and values, known from the first time on', async () => {
    const rig = bench({ topology: graph('a', 'b') });
    rig.source.rangeValue = (entity, atMs) => (entity === 1 ? Number.NaN : steady(atMs));
    const plain = await read(rig, 'latency_p95', { ...query, bands: false });
    const banded = await read(rig, 'latency_p95', query);
    expect(plain.series[0]).not.toHaveProperty('expected');
    const [{ expected = [], lower = [], upper = [], ...series }, ...others] = banded.series;
    expect({ ...banded, series: [series, ...others] }).toEqual(plain);
    expect([expected, lower, upper].map(({ length }) => length)).toEqual(Array(3).fill(banded.times.length));
    series.values.forEach((value, at) => {
      expect(lower[at]).toBeLessThan(value as number);
      expect(upper[at]).toBeGreaterThan(value as number);
      expect(expected[at]).toBeCloseTo(0.2, 1);
    });
    await rig.publisher.close();
  });

  test('are those of the engine that has learnt the same past', async () => {
    const rig = bench({ topology: graph('a') });
    rig.source.rangeValue = (_, atMs) => steady(atMs);
    const { times, series } = await read(rig, 'request_rate', query);
    const metric = rig.source.metrics.find(({ name }) => name === 'request_rate') as MetricSpec;
    const engine = createEngine({ metrics: [metric], stepMs: 5_000 });
    const topology = graph('a');
    engine.setTopology(topology);
    const batch = (atMs: number) => ({
      atMs,
      topologyVersion: topology.version,
      columns: [
        {
          spec: metric,
          values: Float64Array.of(steady(atMs)),
          report: { outcome: 'ok' as const, seriesMatched: 1, seriesUnmatched: 0, warnings: [] },
        },
      ],
    });
    for (let atMs = times[0] - 1_800_000; atMs < times[0]; atMs += 5_000) engine.learn(batch(atMs));
    const expected = times.map((atMs) => engine.diagnose(batch(atMs)).columns[0].expected[0]);
    expect(series[0].expected).toHaveLength(expected.length);
    expected.forEach((value, at) => expect(series[0].expected?.[at]).toBeCloseTo(value, 10));
    await rig.publisher.close();
  });

  test('do not follow an incident; what is suspicious lies outside', async () => {
    const rig = bench({ topology: graph('a') });
    rig.source.rangeValue = (_, atMs) => (atMs >= START_MS - 200_000 ? 3 : steady(atMs));
    const { times, series } = await read(rig, 'latency_p95', query);
    times.forEach((atMs, at) => {
      const isOutside = (series[0].values[at] as number) > (series[0].upper?.[at] as number);
      expect([atMs, isOutside]).toEqual([atMs, atMs >= START_MS - 200_000]);
    });
    await rig.publisher.close();
  });

  test('read the stretch before, and the requests where scatter depends on them', async () => {
    const rig = bench({ topology: graph('a>b') });
    const asked = async (name: string, more: Partial<MetricRangeQuery> = {}): Promise<unknown[]> => {
      const before = rig.source.ranges.length;
      await read(rig, name, { ...query, ...more });
      return rig.source.ranges
        .slice(before)
        .map(({ metric, fromMs, stepMs }) => [metric.name, (fromMs - START_MS) / 1000, stepMs / 1000]);
    };
    expect(await asked('request_rate')).toEqual([
      ['request_rate', -600, 5],
      ['request_rate', -2400, 5],
    ]);
    expect(await asked('latency_p95')).toEqual([
      ['latency_p95', -600, 5],
      ['latency_p95', -2400, 5],
      ['request_rate', -2400, 5],
      ['request_rate', -600, 5],
    ]);
    // Three half-lives of at least 30 steps each.
    const coarse = { ...range(-36_000, 0), step_s: 60 };
    expect(await asked('request_rate', coarse)).toEqual([
      ['request_rate', -36_000, 60],
      ['request_rate', -36_000 - 5_400, 60],
    ]);
    await rig.publisher.close();
  });

  test('of a percentile are wider where fewer requests are behind it', async () => {
    const widthAt = async (perS: number): Promise<number> => {
      const rig = bench({ topology: graph('a') });
      const readRange = rig.source.range.bind(rig.source);
      rig.source.range = async (request) => {
        rig.source.rangeValue = (_, atMs) => (request.metric.name === 'request_rate' ? perS : steady(atMs));
        return readRange(request);
      };
      const { series } = await read(rig, 'latency_p95', query);
      await rig.publisher.close();
      const [{ lower, upper }] = series;
      return (upper?.at(-1) as number) - (lower?.at(-1) as number);
    };
    expect(await widthAt(0.02)).toBeGreaterThan(1.3 * (await widthAt(1_000)));
  });

  test('are null before warm-up where the series has just begun', async () => {
    const rig = bench({ topology: graph('a') });
    rig.source.rangeValue = (_, atMs) => (atMs < START_MS - 500_000 ? Number.NaN : steady(atMs));
    const { series, times } = await read(rig, 'request_rate', query);
    const from = times.findIndex((_, at) => series[0].expected?.[at] !== null);
    expect((times[from] - START_MS) / 1000).toBe(-200);
    expect(series[0].lower?.slice(0, from).every((value) => value === null)).toBe(true);
    await rig.publisher.close();
  });

  test('of more than 50 series are refused before anything is read', async () => {
    const rig = bench({ topology: graph(...many(51)) });
    await expect(read(rig, 'request_rate', query)).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      message: expect.stringMatching(/50 series.* 51/),
    });
    expect(rig.source.ranges).toEqual([]);
    expect((await read(rig, 'request_rate', { ...query, resource_id: many(50) })).series).toHaveLength(50);
    await rig.publisher.close();
  });

  test('of nobody, and of a time to come, are none', async () => {
    const rig = bench();
    expect((await read(rig, 'request_rate', { ...query, resource_id: 'nobody' })).series).toEqual([]);
    expect((await read(rig, 'request_rate', { ...query, ...range(60, 120) })).times).toEqual([]);
    await rig.publisher.close();
  });

  test('fail with the source’s fault', async () => {
    const rig = bench();
    rig.source.fault = new BridgeError('PROMETHEUS_TIMEOUT');
    await expect(read(rig, 'request_rate', query)).rejects.toBe(rig.source.fault);
    await rig.publisher.close();
  });
});

describe('REST-14 bands of what real sources read', () => {
  const readFrom = async (
    metricsSource: MetricsSource,
    topology: ReturnType<typeof graph>,
    query: MetricRangeQuery,
    name: string,
  ) =>
    parsed(
      await readMetricRange(
        {
          metricsSource,
          topologySource: new StubTopology(topology),
          clock: new FakeClock(),
          intervalMs: 5_000,
          ratioWindowMs: 60_000,
          signal: new AbortController().signal,
        },
        name,
        query,
      ),
    );

  test.each(['request_rate', 'error_rate', 'latency_p95', 'cpu_usage', 'memory_usage'])(
    'of the simulated system, which is quiet: nearly every %s is within',
    async (name) => {
      const source = new SimulatedMetrics({ seed: 3, demo: false });
      const topology = graph('a>b', 'b>c', 'a>c');
      const { series } = await readFrom(source, topology, { ...range(-1_800, 0), step_s: 15, bands: true }, name);
      expect(series.length).toBeGreaterThan(0);
      for (const { values, lower = [], upper = [], expected = [] } of series) {
        const outside = values.filter(
          (value, at) => value !== null && (value < (lower[at] as number) || value > (upper[at] as number)),
        );
        expect(outside.length).toBeLessThanOrEqual(values.length / 50);
        expect(expected.every((value) => value !== null && value >= 0)).toBe(true);
      }
    },
  );

  test('of Prometheus: cut to the services asked for, the stretch before included', async () => {
    const preset = loadPreset('topdeck');
    const topology = ringTopology(6);
    const stub = await new PrometheusStub(answerFor(preset, topology, (_, atS) => steady(atS * 1000))).start();
    const { log } = captureLog();
    const source = new PrometheusMetrics(
      { url: stub.url, preset, rateWindow: '1m', timeoutMs: 2_000 },
      { clock: systemClock, log, metrics: createPipelineMetrics() },
    );
    try {
      const resource_id = [topology.resources[2].id, topology.resources[4].id];
      const query = { ...range(-300, 0), step_s: 15, bands: true, resource_id };
      const { series, times } = await readFrom(source, topology, query, 'error_rate');
      expect(series.map((one) => one.resource_id)).toEqual(resource_id);
      expect(series[0].upper).toHaveLength(times.length);
      expect(series.flatMap(({ upper = [null] }) => upper)).not.toContain(null);
      const spans = stub.requests.map(({ form }) => [Number(form.get('start')), Number(form.get('end'))]);
      const [first, last] = [START_MS / 1000 - 300, START_MS / 1000];
      expect(spans.sort(([a], [b]) => a - b)).toEqual([
        [first - 1_800, first - 15],
        [first - 1_800, first - 15],
        [first, last],
        [first, last],
      ]);
    } finally {
      await source.close();
      await stub.stop();
    }
  });
});
