import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { MetricColumn, MetricsBatch } from '@topdeck/protocol';
import { systemClock } from '../../src/clock.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { PrometheusMetrics, type PrometheusMetricsOptions } from '../../src/sources/prometheus-metrics.ts';
import { createPipelineMetrics, type PipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { answerFor, ringTopology, serviceId } from './prometheus-graph.ts';
import { PrometheusStub, vector, type StubAnswer, type StubRequest, type StubSeries } from './prometheus-stub.ts';

const preset = loadPreset('topdeck');
const topology = ringTopology(3);
const good = answerFor(preset, topology, (entity) => entity + 1);
const atMs = Date.parse('2026-03-01T12:00:00.250Z');
const secret = (value: string): { reveal(): string } => ({ reveal: () => value });

const isEdgeRate = ({ form }: StubRequest): boolean =>
  form.get('query') === 'sum by (source, target) (rate(http_requests_total[1m]))';
const isServiceRate = ({ form }: StubRequest): boolean =>
  form.get('query') === 'sum by (target) (rate(http_requests_total[1m]))';

let stub: PrometheusStub;
let metrics: PipelineMetrics;
const sources: PrometheusMetrics[] = [];

function makeSource(
  options: Partial<PrometheusMetricsOptions> = {},
  deps: Partial<{ clock: typeof systemClock }> = {},
) {
  const captured = captureLog();
  const source = new PrometheusMetrics(
    { url: stub.url, preset, rateWindow: '1m', timeoutMs: 5000, ...options },
    { clock: systemClock, log: captured.log, metrics, ...deps },
  );
  sources.push(source);
  const collect = (signal = new AbortController().signal, graph = topology): Promise<MetricsBatch> =>
    source.collect({ topology: graph, atMs, signal });
  return { source, collect, log: captured };
}

const column = (batch: MetricsBatch, key: string): MetricColumn =>
  batch.columns.find(({ spec }) => `${spec.scope}.${spec.name}` === key) as MetricColumn;
const values = (batch: MetricsBatch, key: string): number[] => [...column(batch, key).values];
const otherOutcomes = (batch: MetricsBatch, key: string): Set<string> =>
  new Set(batch.columns.filter((c) => c !== column(batch, key)).map(({ report }) => report.outcome));
const whenEdgeRate =
  (answer: StubAnswer) =>
  (request: StubRequest): StubAnswer =>
    isEdgeRate(request) ? answer : good(request);

beforeEach(async () => {
  metrics = createPipelineMetrics();
  stub = await new PrometheusStub(good).start();
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await stub.stop();
});

describe('requests', () => {
  test('each metric is one POSTed form, all evaluated at the time of the collection', async () => {
    const { collect } = makeSource();
    const batch = await collect();
    expect(stub.requests).toHaveLength(preset.metrics.length);
    expect(new Set(stub.requests.map(({ form }) => form.get('time')))).toEqual(new Set(['1772366400.250']));
    expect(new Set(stub.requests.map(({ form }) => form.get('timeout')))).toEqual(new Set(['5.000']));
    expect(new Set(stub.requests.map(({ path }) => path))).toEqual(new Set(['/api/v1/query']));
    expect(values(batch, 'service.request_rate')).toEqual([1, 2, 3]);
    expect(values(batch, 'edge.request_rate')).toEqual([1, 2, 3]);
  });

  test('path and query string of the base URL are kept', async () => {
    const { collect } = makeSource({ url: `${stub.url}/tenant/prometheus?dedup=true` });
    await collect();
    expect(new Set(stub.requests.map(({ path }) => path))).toEqual(
      new Set(['/tenant/prometheus/api/v1/query?dedup=true']),
    );
  });

  test.each([
    ['a token', { token: secret('t0ken') }, 'Bearer t0ken'],
    ['a user', { username: 'ops', password: secret('pä:ss') }, `Basic ${Buffer.from('ops:pä:ss').toString('base64')}`],
    ['nothing', {}, undefined],
  ])('%s is sent as it should be', async (_, options, expected) => {
    const { collect } = makeSource({ ...options, headers: { 'X-Scope-OrgID': secret('team-a') } });
    await collect();
    for (const { headers } of stub.requests) {
      expect(headers.authorization).toBe(expected);
      expect(headers['x-scope-orgid']).toBe('team-a');
      expect(headers['accept-encoding']).toBe('gzip');
    }
  });

  test('credentials in the URL are sent as basic authentication', async () => {
    const { collect } = makeSource({ url: stub.url.replace('//', '//ops:s%40cret@') });
    await collect();
    expect(stub.requests[0].headers.authorization).toBe(`Basic ${Buffer.from('ops:s@cret').toString('base64')}`);
  });

  test('an invalid header stops the start and is not quoted', () => {
    const build = (): unknown => makeSource({ headers: { 'X-Key': secret('line\nbreak') } });
    expect(build).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', detail: 'PROMETHEUS_HEADERS: X-Key is not a valid header' }),
    );
  });

  test('connections are few and serve all collections', async () => {
    const { collect } = makeSource();
    for (let i = 0; i < 10; i += 1) await collect();
    expect(stub.requests).toHaveLength(10 * preset.metrics.length);
    expect(stub.connections).toBeLessThanOrEqual(6);
  });

  test('gzip is decompressed', async () => {
    stub.answer = (request) => {
      const { body } = good(request) as { body: string };
      return { headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) };
    };
    expect(values(await makeSource().collect(), 'edge.latency_p95')).toEqual([1, 2, 3]);
  });
});

describe('one query’s failure never touches another', () => {
  const apiError = (errorType: string): string => JSON.stringify({ status: 'error', errorType, error: 'because' });
  test.each<[string, StubAnswer, string]>([
    ['refused by the API', { status: 400, body: apiError('bad_data') }, 'PROMETHEUS_QUERY_FAILED'],
    ['not executable', { status: 422, body: apiError('execution') }, 'PROMETHEUS_QUERY_FAILED'],
    ['timed out in Prometheus', { status: 503, body: apiError('timeout') }, 'PROMETHEUS_TIMEOUT'],
    ['an internal error', { status: 500, body: 'oops' }, 'PROMETHEUS_QUERY_FAILED'],
    ['rate-limited', { status: 429, body: 'slow down' }, 'PROMETHEUS_QUERY_FAILED'],
    ['lost behind a proxy', { status: 502, body: '<html>Bad Gateway</html>' }, 'PROMETHEUS_UNREACHABLE'],
    ['late behind a proxy', { status: 504, body: '' }, 'PROMETHEUS_TIMEOUT'],
    ['at the wrong address', { status: 404, body: '404 page not found' }, 'PROMETHEUS_BAD_ANSWER'],
    ['redirected', { status: 302, headers: { location: '/login' }, body: '' }, 'PROMETHEUS_BAD_ANSWER'],
    ['refused to this user', { status: 403, body: 'forbidden' }, 'PROMETHEUS_AUTH_FAILED'],
    ['answered by a page', { body: '<html>welcome</html>' }, 'PROMETHEUS_BAD_ANSWER'],
    [
      'truncated JSON',
      { body: '{"status":"success","data":{"resultType":"vector","result":[{"metric":{' },
      'PROMETHEUS_BAD_ANSWER',
    ],
    ['broken gzip', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 'PROMETHEUS_BAD_ANSWER'],
    ['in another encoding', { headers: { 'content-encoding': 'br' }, body: 'x' }, 'PROMETHEUS_BAD_ANSWER'],
    ['cut in mid-answer', 'cut', 'PROMETHEUS_UNREACHABLE'],
    [
      'a scalar',
      { body: '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}' },
      'PROMETHEUS_QUERY_FAILED',
    ],
  ])('%s', async (_, answer, code) => {
    stub.answer = whenEdgeRate(answer);
    const { source, collect, log } = makeSource();
    const batch = await collect();
    expect(column(batch, 'edge.request_rate').report).toMatchObject({ outcome: 'error', code });
    expect(values(batch, 'edge.request_rate')).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(otherOutcomes(batch, 'edge.request_rate')).toEqual(new Set(['ok']));
    expect(values(batch, 'edge.error_rate')).toEqual([1, 2, 3]);
    expect(source.freshness().state).toBe('fresh');
    expect(log.events()).toContainEqual(
      expect.objectContaining({
        event: 'metrics.outcome_changed',
        metric: 'edge.request_rate',
        outcome: 'error',
        code,
      }),
    );
  });

  test('the words of the API reach the report, but not without end', async () => {
    stub.answer = whenEdgeRate({
      status: 400,
      body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'e'.repeat(9000) }),
    });
    const { report } = column(await makeSource().collect(), 'edge.request_rate');
    expect(report).toMatchObject({ message: expect.stringMatching(/^Prometheus refused a query: bad_data: e+…$/) });
    expect((report as { message: string }).message.length).toBeLessThan(400);
  });

  test.each([
    ['plain', (body: Buffer): StubAnswer => ({ body })],
    ['compressed', (body: Buffer): StubAnswer => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) })],
  ])('a %s answer beyond the bound is not read to the end', async (_, wrap) => {
    stub.answer = whenEdgeRate(wrap(Buffer.alloc(300_000, ' ')));
    const batch = await makeSource({ maxAnswerBytes: 100_000 }).collect();
    expect(column(batch, 'edge.request_rate').report).toMatchObject({
      outcome: 'error',
      code: 'PROMETHEUS_ANSWER_TOO_LARGE',
    });
    expect(otherOutcomes(batch, 'edge.request_rate')).toEqual(new Set(['ok']));
  });
});

describe('what is not known', () => {
  test('NaN, infinities and series that are not there are unknown, strangers are counted', async () => {
    const value = (text: string): (readonly [number, string])[] => [[atMs / 1000, text]];
    const series: StubSeries[] = [
      { metric: { target: serviceId(0) }, samples: value('NaN') },
      { metric: { target: serviceId(1) }, samples: value('+Inf') },
      { metric: { target: serviceId(2) }, samples: value('0') },
      { metric: { target: 'stranger' }, samples: value('9') },
      { metric: {}, samples: value('9') },
    ];
    stub.answer = (request) => (isServiceRate(request) ? { body: vector(series) } : good(request));
    const batch = await makeSource().collect();
    expect(values(batch, 'service.request_rate')).toEqual([Number.NaN, Number.NaN, 0]);
    const report = { outcome: 'ok', seriesMatched: 1, seriesUnmatched: 2, warnings: [] };
    expect(column(batch, 'service.request_rate').report).toEqual(report);
    const gauge = await metrics.registry.getSingleMetricAsString('topdeck_metric_unmatched_series');
    expect(gauge).toContain('topdeck_metric_unmatched_series{scope="service",metric="request_rate"} 2');
  });

  test('an empty answer is missing, and so is one in which nothing is known', async () => {
    const nan = vector([{ metric: { source: serviceId(0), target: serviceId(1) }, samples: [[1, 'NaN']] }]);
    for (const body of [vector([]), nan]) {
      stub.answer = whenEdgeRate({ body });
      const { source, collect } = makeSource();
      const { report } = column(await collect(), 'edge.request_rate');
      expect(report).toEqual({ outcome: 'missing', seriesUnmatched: 0, warnings: [] });
      expect(source.freshness().state).toBe('fresh');
    }
    const gauge = await metrics.registry.getSingleMetricAsString('topdeck_metric_readable');
    expect(gauge).toContain('topdeck_metric_readable{scope="edge",metric="request_rate"} 0');
    expect(gauge).toContain('topdeck_metric_readable{scope="edge",metric="error_rate"} 1');
  });

  test.each([{ warnings: ['store eu-1 did not answer'] }, { isPartial: true }])(
    'a partial answer says so: %j',
    async (extra) => {
      const known = [
        { metric: { source: serviceId(0), target: serviceId(1) }, samples: [[1, '5']] as [number, string][] },
      ];
      stub.answer = whenEdgeRate({ body: vector(known, extra) });
      const batch = await makeSource().collect();
      expect(column(batch, 'edge.request_rate').report).toMatchObject({
        outcome: 'partial',
        warnings: extra.warnings ?? [],
      });
      expect(values(batch, 'edge.request_rate')).toEqual([5, Number.NaN, Number.NaN]);
    },
  );

  test('an edge that is not in the graph is a stranger, both ends known or not', async () => {
    const pairs = [
      [0, 1],
      [1, 0],
      [0, 2],
    ].map(([source, target]) => ({
      metric: { source: serviceId(source), target: serviceId(target) },
      samples: [[1, '4']] as [number, string][],
    }));
    stub.answer = whenEdgeRate({ body: vector(pairs) });
    const batch = await makeSource().collect();
    expect(column(batch, 'edge.request_rate').report).toMatchObject({ seriesMatched: 1, seriesUnmatched: 2 });
    expect(values(batch, 'edge.request_rate')).toEqual([4, Number.NaN, Number.NaN]);
  });
});

describe('an upstream that fails as a whole', () => {
  test('a hung server costs one timeout, not one a query, and is forgotten when it answers again', async () => {
    stub.answer = () => 'hang';
    const clock = new FakeClock();
    const { source, collect } = makeSource({ timeoutMs: 3000 }, { clock });
    const pending = collect();
    // Six of eight are under way; the others wait in the queue and must not begin their own three seconds.
    while (stub.requests.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(3000);
    const batch = await pending;
    expect(clock.monotonicMs()).toBe(3000);
    expect(clock.pending).toBe(0);
    for (const { report } of batch.columns)
      expect(report).toMatchObject({ outcome: 'error', code: 'PROMETHEUS_TIMEOUT' });
    expect(source.freshness()).toMatchObject({ state: 'unavailable', error_code: 'PROMETHEUS_TIMEOUT' });
    stub.answer = good;
    expect(values(await collect(), 'edge.request_rate')).toEqual([1, 2, 3]);
    expect(source.freshness().state).toBe('fresh');
    expect(clock.pending).toBe(0);
  });

  test('one hung query does not hold back the values of the others', async () => {
    stub.answer = whenEdgeRate('hang');
    const batch = await makeSource({ timeoutMs: 300 }).collect();
    expect(column(batch, 'edge.request_rate').report).toMatchObject({ outcome: 'error', code: 'PROMETHEUS_TIMEOUT' });
    expect(otherOutcomes(batch, 'edge.request_rate')).toEqual(new Set(['ok']));
  });

  test('refused credentials come before other faults', async () => {
    stub.answer = (request) => (isEdgeRate(request) ? { status: 401, body: '' } : { status: 500, body: '' });
    const { source, collect } = makeSource({ token: secret('wrong') });
    await collect();
    expect(source.freshness()).toMatchObject({ error_code: 'PROMETHEUS_AUTH_FAILED' });
  });

  test('a kept connection that the server has closed costs no value', async () => {
    const { collect } = makeSource();
    await collect();
    await stub.stop();
    await stub.start();
    const batch = await collect();
    expect(new Set(batch.columns.map(({ report }) => report.outcome))).toEqual(new Set(['ok']));
  });

  test('an outage is logged once when it begins and once when it ends', async () => {
    const { collect, log } = makeSource();
    await collect();
    await stub.stop();
    for (let i = 0; i < 4; i += 1) await collect();
    await stub.start();
    await collect();
    const warned = log.events().filter(({ event, level }) => event === 'metrics.lost' && level === 40);
    expect(warned).toEqual([
      expect.objectContaining({
        state: 'stale',
        code: 'PROMETHEUS_UNREACHABLE',
        error: expect.stringContaining('ECONNREFUSED'),
      }),
    ]);
    expect(log.events().filter(({ event }) => event === 'metrics.recovered')).toHaveLength(1);
  });

  test('secrets are in no log line and no report', async () => {
    stub.answer = () => ({ status: 401, body: 'no' });
    const { source, collect, log } = makeSource({ token: secret('t0p-s3cret'), headers: { 'X-Key': secret('k3y') } });
    const batch = await collect();
    await stub.stop();
    await collect();
    for (const text of [
      log.text(),
      JSON.stringify(batch.columns.map(({ report }) => report)),
      JSON.stringify(source.freshness()),
    ])
      expect(text).not.toMatch(/t0p-s3cret|k3y/);
  });

  test('a collection aborted half-way rejects with the reason and changes no state', async () => {
    const { source, collect } = makeSource();
    await collect();
    stub.answer = () => 'hang';
    const controller = new AbortController();
    const pending = collect(controller.signal);
    const reason = new Error('topology changed');
    setTimeout(() => controller.abort(reason), 20);
    await expect(pending).rejects.toBe(reason);
    expect(source.freshness().state).toBe('fresh');
    const counter = await metrics.registry.getSingleMetricAsString('topdeck_upstream_queries_total');
    expect(counter).toContain(
      `topdeck_upstream_queries_total{upstream="prometheus",kind="instant",outcome="aborted"} ${preset.metrics.length}`,
    );
  });
});

describe('self-metrics', () => {
  test('queries are counted by outcome and timed, the last success is stamped', async () => {
    stub.answer = whenEdgeRate({ status: 500, body: '' });
    await makeSource().collect();
    const text = await metrics.registry.metrics();
    expect(text).toContain('topdeck_upstream_queries_total{upstream="prometheus",kind="instant",outcome="ok"} 7');
    expect(text).toContain(
      'topdeck_upstream_queries_total{upstream="prometheus",kind="instant",outcome="PROMETHEUS_QUERY_FAILED"} 1',
    );
    expect(text).toContain('topdeck_upstream_query_seconds_count{upstream="prometheus",kind="instant"} 8');
    expect(text).toContain(`topdeck_source_last_success_timestamp_seconds{source="metrics"} ${atMs / 1000}`);
  });
});

describe('the check at start', () => {
  test('finds a server that answers', async () => {
    await expect(makeSource().source.checkAtStart()).resolves.toBe('ok');
    expect(stub.requests.map(({ form }) => form.get('query'))).toEqual(['vector(1)']);
  });

  test.each([401, 403])('rejects when the credentials are refused with %d', async (status) => {
    stub.answer = () => ({ status, body: 'no' });
    const { source } = makeSource({ token: secret('wrong') });
    await expect(source.checkAtStart()).rejects.toMatchObject({ code: 'PROMETHEUS_AUTH_FAILED' });
  });

  test.each<[string, StubAnswer | undefined, string]>([
    ['nobody listens', undefined, 'PROMETHEUS_UNREACHABLE'],
    ['it hangs', 'hang', 'PROMETHEUS_TIMEOUT'],
    ['it is something else', { body: '<html>' }, 'PROMETHEUS_BAD_ANSWER'],
  ])('goes on when %s, and keeps the reason', async (_, answer, code) => {
    if (answer === undefined) await stub.stop();
    else stub.answer = () => answer;
    const { source } = makeSource({ timeoutMs: 200 });
    await expect(source.checkAtStart()).resolves.toBe('unreachable');
    expect(source.freshness()).toMatchObject({ state: 'unavailable', error_code: code });
  });
});
