/**
 * Time of one engine tick, engine alone on one core: `node tests/load/engine-bench.ts`. One JSON line a case.
 * 5 service metrics and 3 edge metrics; quiet, and with a tenth of the services in trouble. Then detection alone at
 * 200,000 series: time of one value through baseline, surprise and detectors, and bytes that a series takes.
 */
import type { MetricColumn, MetricsBatch, MetricSpec, Topology } from '@topdeck/protocol';
import { BASELINE_LAYOUT } from '../../backend-bridge/src/engine/baseline.ts';
import { createEngine } from '../../backend-bridge/src/engine/engine.ts';
import { GATE_LAYOUT } from '../../backend-bridge/src/engine/gate.ts';
import { bytesPerSeries } from '../../backend-bridge/src/engine/series-state.ts';
import { SURPRISE_LAYOUT } from '../../backend-bridge/src/engine/surprise/surprise.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';
import { seededNoise } from '../fixtures/seeded-noise.ts';

interface EngineCase {
  readonly services: number;
  readonly edges: number;
  readonly incident: boolean;
  readonly mustMs: number;
}
const CASES: readonly EngineCase[] = [
  { services: 1_000, edges: 5_000, incident: false, mustMs: 20 },
  { services: 1_000, edges: 5_000, incident: true, mustMs: 20 },
  { services: 10_000, edges: 50_000, incident: false, mustMs: 200 },
  { services: 10_000, edges: 50_000, incident: true, mustMs: 200 },
];
const STEP_MS = 5_000;
const START_MS = Date.UTC(2026, 0, 1);
const WARM_TICKS = 64;
const MEASURED_TICKS = 40;

const METRICS: readonly MetricSpec[] = [
  { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' },
  { name: 'cpu_usage', scope: 'service', unit: 'cores', bad_direction: 'up' },
  { name: 'memory_usage', scope: 'service', unit: 'bytes', bad_direction: 'up' },
  { name: 'request_rate', scope: 'edge', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'edge', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'edge', unit: 's', bad_direction: 'up' },
];
const TYPICAL: Readonly<Record<string, number>> = {
  request_rate: 100,
  error_rate: 0.002,
  latency_p95: 0.08,
  cpu_usage: 0.3,
  memory_usage: 5e8,
};
const IN_TROUBLE: Readonly<Record<string, number>> = { error_rate: 100, latency_p95: 8 };

function randomTopology({ services, edges }: EngineCase): Topology {
  const noise = seededNoise(7).uniform;
  const id = (i: number): string => `service-${String(i).padStart(6, '0')}`;
  const pairs = new Map<string, { source: string; target: string }>();
  while (pairs.size < edges) {
    const source = Math.floor(noise() * (services - 1));
    const target = source + 1 + Math.floor(noise() * (services - source - 1));
    pairs.set(`${source} ${target}`, { source: id(source), target: id(target) });
  }
  return buildTopology(
    Array.from({ length: services }, (_, i) => ({ id: id(i), resource_type: 'service' })),
    pairs.values(),
  );
}

function makeBatch(topology: Topology, tick: number, incident: boolean): MetricsBatch {
  const noise = seededNoise(tick).uniform;
  const columns = METRICS.map((spec): MetricColumn => {
    const isService = spec.scope === 'service';
    const values = new Float64Array(isService ? topology.resources.length : topology.dependencies.length);
    const factor = IN_TROUBLE[spec.name] ?? 1;
    for (let i = 0; i < values.length; i += 1) {
      const service = isService ? i : topology.edgeTarget[i];
      const troubled = incident && service % 10 === 0 ? factor : 1;
      values[i] = TYPICAL[spec.name] * troubled * (1 + 0.05 * (noise() - 0.5));
    }
    return { spec, values, report: { outcome: 'ok', seriesMatched: values.length, seriesUnmatched: 0, warnings: [] } };
  });
  return { atMs: START_MS + tick * STEP_MS, topologyVersion: topology.version, columns };
}

export interface EngineFigures {
  readonly bench: 'engine-tick';
  readonly services: number;
  readonly edges: number;
  readonly incident: boolean;
  readonly open_anomalies: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly must_ms: number;
}

export function measureEngine(size: EngineCase): EngineFigures {
  const topology = randomTopology(size);
  const engine = createEngine({ metrics: METRICS, stepMs: STEP_MS });
  engine.setTopology(topology);
  for (let tick = 0; tick < WARM_TICKS; tick += 1) engine.learn(makeBatch(topology, tick, false));
  const took: number[] = [];
  let open = 0;
  for (let tick = WARM_TICKS; tick < WARM_TICKS + MEASURED_TICKS; tick += 1) {
    const batch = makeBatch(topology, tick, size.incident);
    const started = performance.now();
    open = engine.diagnose(batch).anomalies.length;
    took.push(performance.now() - started);
  }
  took.sort((a, b) => a - b);
  const quantile = (q: number): number => Math.round(took[Math.ceil(q * took.length) - 1] * 100) / 100;
  const { services, edges, incident, mustMs } = size;
  const figures = { p50_ms: quantile(0.5), p95_ms: quantile(0.95), must_ms: mustMs };
  return { bench: 'engine-tick', services, edges, incident, open_anomalies: open, ...figures };
}

const DETECTION_SERIES = 200_000;
const DETECTION_WARM_TICKS = 210;
const DETECTION_TICKS = 20;

export interface DetectionFigures {
  readonly bench: 'detection';
  readonly series: number;
  readonly bytes_per_series: number;
  readonly must_bytes: number;
  readonly p50_us_per_point: number;
  readonly p95_us_per_point: number;
  readonly must_us: number;
}

/** One metric that all detectors watch, of so many services without edges; past the silence of a new series. */
export function measureDetection(): DetectionFigures {
  const spec = METRICS[2];
  const ids = Array.from({ length: DETECTION_SERIES }, (_, i) => ({ id: `s${i}`, resource_type: 'service' }));
  const topology = buildTopology(ids, []);
  const engine = createEngine({ metrics: [spec], stepMs: STEP_MS });
  engine.setTopology(topology);
  const noise = seededNoise(3).uniform;
  const values = new Float64Array(DETECTION_SERIES);
  const report = { outcome: 'ok', seriesMatched: values.length, seriesUnmatched: 0, warnings: [] } as const;
  const took: number[] = [];
  for (let tick = 0; tick < DETECTION_WARM_TICKS + DETECTION_TICKS; tick += 1) {
    for (let i = 0; i < values.length; i += 1) values[i] = 0.08 * (1 + 0.05 * (noise() + noise() - 1));
    const started = performance.now();
    engine.learn({
      atMs: START_MS + tick * STEP_MS,
      topologyVersion: topology.version,
      columns: [{ spec, values, report }],
    });
    if (tick >= DETECTION_WARM_TICKS) took.push(((performance.now() - started) * 1000) / DETECTION_SERIES);
  }
  took.sort((a, b) => a - b);
  const quantile = (q: number): number => Math.round(took[Math.ceil(q * took.length) - 1] * 1000) / 1000;
  const bytes = bytesPerSeries(SURPRISE_LAYOUT) + bytesPerSeries(BASELINE_LAYOUT) + 3 * bytesPerSeries(GATE_LAYOUT);
  return {
    bench: 'detection',
    series: DETECTION_SERIES,
    bytes_per_series: bytes,
    must_bytes: 400,
    p50_us_per_point: quantile(0.5),
    p95_us_per_point: quantile(0.95),
    must_us: 2,
  };
}

if (import.meta.main) {
  process.stdout.write(`${JSON.stringify(measureDetection())}\n`);
  for (const size of CASES) process.stdout.write(`${JSON.stringify(measureEngine(size))}\n`);
}
