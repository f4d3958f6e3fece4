import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ComparisonResponse, MetricComparison } from '@topdeck/protocol';
import { systemClock } from '../../backend-bridge/src/clock.ts';
import { readComparison } from '../../backend-bridge/src/publisher/comparison.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';
import { loadPreset } from '../../backend-bridge/src/sources/presets.ts';
import { PrometheusMetrics } from '../../backend-bridge/src/sources/prometheus-metrics.ts';
import { createPipelineMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { httpSeries, type Flow } from '../fixtures/prometheus-exporter.ts';
import { detectPrometheus, PrometheusServer } from '../fixtures/prometheus-server.ts';

const detection = await detectPrometheus();
const describeReal = detection.available ? describe : describe.skip;
const title = detection.available ? `Prometheus ${detection.version}` : `Prometheus (${detection.reason})`;
const HOOK_LIMIT_MS = 180_000;

const STEP_S = 120;
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const endS = Math.floor(Date.now() / 1000 / STEP_S) * STEP_S - 600;
const atMs = endS * 1000;

const QUIET: Flow = { source: 'web', target: 'checkout', succeeded: 20, failed: 0, within: { 0.1: 19.8, 0.5: 20 } };
/** A fifth fails, and what is served takes five times as long. */
const FAILING: Flow = { ...QUIET, succeeded: 16, failed: 4, within: { 0.1: 10, 0.5: 20 } };

/** It fails since an hour, failed for two hours two days ago, and was not scraped the same hour yesterday. */
const isFailing = (ageS: number): boolean => ageS < HOUR_S || (ageS >= 2 * DAY_S && ageS < 2 * DAY_S + 2 * HOUR_S);
const isScraped = (ageS: number): boolean => ageS < DAY_S - HOUR_S / 4 || ageS > DAY_S + 2 * HOUR_S;
/** Its counters began anew three days ago. */
const RESTART_AGE_S = 3 * DAY_S;

/** Eight days as OpenMetrics text, counters growing by the rates in force. */
function history(): string {
  const lines: string[] = [];
  const failing = httpSeries(FAILING);
  for (const [index, quiet] of httpSeries(QUIET).entries()) {
    const labels = Object.entries(quiet.labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const head = `${quiet.name}{${labels.join(',')}}`;
    let total = 0;
    for (let ageS = 8 * DAY_S; ageS >= 0; ageS -= STEP_S) {
      const series = isFailing(ageS) ? failing[index] : quiet;
      if (ageS === RESTART_AGE_S) total = 0;
      total += 'perSecond' in series ? series.perSecond * STEP_S : 0;
      if (isScraped(ageS)) lines.push(`${head} ${total} ${endS - ageS}`);
    }
  }
  lines.push('# EOF\n');
  return lines.join('\n');
}

describeReal(`${title}: a service against its past`, () => {
  let server: PrometheusServer;
  let source: PrometheusMetrics;
  beforeAll(async () => {
    server = await PrometheusServer.start({ openMetrics: history() });
    source = new PrometheusMetrics(
      { url: server.url, preset: loadPreset('topdeck'), rateWindow: '10m', timeoutMs: 30_000 },
      { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() },
    );
  }, HOOK_LIMIT_MS);
  afterAll(async () => {
    await source?.close();
    await server?.stop();
  });

  async function compared(id: string): Promise<ComparisonResponse> {
    const topology = buildTopology([{ id: 'web' }, { id: 'checkout' }], [{ source: 'web', target: 'checkout' }]);
    const topologySource = {
      kind: 'file' as const,
      start: async () => undefined,
      read: () => ({ topology, freshness: { source: 'file', state: 'fresh' as const } }),
      refresh: async () => ({ topology, freshness: { source: 'file', state: 'fresh' as const } }),
      onChange: () => () => undefined,
      close: async () => undefined,
    };
    const { signal } = new AbortController();
    const parts = { metricsSource: source, topologySource, clock: systemClock, intervalMs: 10_000, signal };
    const bytes = await readComparison(parts, id, { at: new Date(atMs).toISOString() });
    return JSON.parse(Buffer.from(bytes).toString()) as ComparisonResponse;
  }
  const of = (answer: ComparisonResponse, name: string): Record<string, MetricComparison> =>
    Object.fromEntries(
      (answer.metrics.find(({ metric }) => metric === name)?.comparisons ?? []).map((one) => [one.against, one]),
    );

  test('REST-15 tells an hour of failures from every stretch that is known, and not from the one that is not', async () => {
    const answer = await compared('checkout');
    const errors = of(answer, 'error_rate');
    for (const against of ['previous_hour', 'previous_day', 'previous_week', 'same_hour_last_week']) {
      expect(errors[against]).toMatchObject({ verdict: 'much_higher', worse: true, value: 0 });
      expect(of(answer, 'latency_p95')[against]).toMatchObject({ worse: true });
      // As many are asked as ever, also over the restart of a counter.
      expect(of(answer, 'request_rate')[against]).toMatchObject({ verdict: 'normal' });
      expect(of(answer, 'request_rate')[against].value).toBeCloseTo(20, 1);
    }
    expect(errors['same_hour_yesterday']).toMatchObject({
      verdict: 'unknown',
      value: null,
      text: expect.stringMatching(/of the same hour yesterday/),
    });
    const now = answer.metrics.find(({ metric }) => metric === 'error_rate')?.now;
    // The rate's window of ten minutes reaches back before the failures.
    expect(now?.max).toBeCloseTo(0.2);
    expect(now?.mean).toBeGreaterThan(0.17);
  }, 60_000);

  test('REST-15 of a service that nothing was ever measured of, everything is unknown', async () => {
    const answer = await compared('web');
    for (const { now, comparisons } of answer.metrics) {
      expect(now).toBeNull();
      expect(comparisons.map(({ verdict, text }) => [verdict, text])).toEqual(
        Array(5).fill(['unknown', 'nothing is known of now']),
      );
    }
  }, 60_000);
});
