import { loadPreset } from '../../src/sources/presets.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { describeMetricsSource, type MetricsSourceHarness } from './metrics-source.contract.ts';
import { answerFor, ringTopology } from './prometheus-graph.ts';
import { PrometheusStub } from './prometheus-stub.ts';

const preset = loadPreset('topdeck');

describeMetricsSource('Prometheus API', async (): Promise<MetricsSourceHarness> => {
  const topology = ringTopology(4);
  const stub = await new PrometheusStub(answerFor(preset, topology, (entity) => entity + 0.5)).start();
  const options = { url: stub.url, preset, rateWindow: '1m', timeoutMs: 2000 };
  const deps = { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() };
  return {
    source: new PrometheusMetrics(options, deps),
    topology,
    largerTopology: ringTopology(400, 3),
    atMs: Date.parse('2026-03-01T12:00:00Z'),
    historyMs: 600_000,
    upstream: {
      requests: () => stub.requests.length,
      break: () => stub.stop(),
      restore: async () => {
        await stub.start();
      },
    },
    close: () => stub.stop(),
  };
});
