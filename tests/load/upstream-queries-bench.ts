/**
 * How many queries one collection sends, by size and preset, counted by the server that gets them:
 * `node tests/load/upstream-queries-bench.ts`. One JSON line a case. Loopback only.
 */
import { systemClock } from '../../backend-bridge/src/clock.ts';
import { generateTopology } from '../../backend-bridge/src/simulator/generate-topology.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';
import { BUILT_IN_PRESETS, loadPreset } from '../../backend-bridge/src/sources/presets.ts';
import { PrometheusMetrics } from '../../backend-bridge/src/sources/prometheus-metrics.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { createPipelineMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';
import { PrometheusStub, vector } from '../../backend-bridge/test/sources/prometheus-stub.ts';

const SIZES = [
  { services: 100, edges: 280 },
  { services: 1_000, edges: 5_000 },
  { services: 10_000, edges: 50_000 },
];

const stub = new PrometheusStub(() => ({ body: vector([]) }));
await stub.start();
try {
  for (const size of SIZES) {
    const graph = generateTopology({ ...size, seed: 1 });
    const topology = buildTopology(graph.resources, graph.dependencies);
    const queries: Record<string, number> = {};
    for (const name of Object.keys(BUILT_IN_PRESETS)) {
      const source = new PrometheusMetrics(
        { url: stub.url, headers: {}, preset: loadPreset(name), rateWindow: '1m', timeoutMs: 10_000 },
        { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() },
      );
      const before = stub.requests.length;
      await source.collect({ topology, atMs: systemClock.nowMs(), signal: new AbortController().signal });
      queries[name] = stub.requests.length - before;
      await source.close();
    }
    process.stdout.write(`${JSON.stringify({ bench: 'upstream-queries', ...size, queries, must: 12 })}\n`);
  }
} finally {
  await stub.stop();
}
