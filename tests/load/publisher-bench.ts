/**
 * What a tick costs once its values are there, and how large deltas are against full snapshots:
 * `node tests/load/publisher-bench.ts`. One JSON line a case. Real engine on the simulator's numbers; quiet, and in an
 * incident that spreads along the graph. `tick` is everything from the values to a delta ready for the wire: diagnose,
 * settle, diff, write, deflate; a full snapshot, which only some ticks need, stands beside it.
 */
import { diff, type MetricsBatch, type Topology } from '@topdeck/protocol';
import { createEngine, type Engine } from '../../backend-bridge/src/engine/engine.ts';
import type { Diagnosis } from '../../backend-bridge/src/engine/diagnosis.ts';
import { buildFreshness } from '../../backend-bridge/src/publisher/freshness.ts';
import { materialise } from '../../backend-bridge/src/publisher/materialise.ts';
import { Message, MessageBody, messageHead } from '../../backend-bridge/src/publisher/message.ts';
import { settle, type Settled } from '../../backend-bridge/src/publisher/settle.ts';
import type { Fault } from '../../backend-bridge/src/simulator/faults.ts';
import { generateTopology } from '../../backend-bridge/src/simulator/generate-topology.ts';
import { simulateStep } from '../../backend-bridge/src/simulator/simulate-step.ts';
import { buildTrafficModel, type TrafficModel } from '../../backend-bridge/src/simulator/traffic-model.ts';
import { SIMULATED_METRICS, toBatch } from '../../backend-bridge/src/sources/simulated-metrics.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';

export const PUBLISHER_SIZES = [
  { services: 1_000, edges: 5_000, mustMs: 15 },
  { services: 10_000, edges: 50_000, mustMs: 150 },
] as const;
const STEP_MS = 5_000;
const LEARN_STEP_MS = 15_000;
const LEARN_TICKS = 40;
const QUIET_TICKS = 12;
const INCIDENT_TICKS = 16;
/** The default of DELTA_RESOLUTION. */
const RESOLUTION = 4;
const START_MS = Date.UTC(2026, 0, 1, 9);

const batchAt = (model: TrafficModel, faults: readonly Fault[], atMs: number): MetricsBatch =>
  toBatch(model.topology, simulateStep(model, faults, atMs));

/** One resource in so many fails, the most used first among them: what depends on them suffers too. */
const FAILING_ONE_IN = 50;
const KINDS = ['errors', 'latency', 'saturation'] as const;

function incident(topology: Topology, startMs: number): Fault[] {
  const callers = new Uint32Array(topology.resources.length);
  for (const target of topology.edgeTarget) callers[target] += 1;
  const byUse = [...callers.keys()].sort((a, b) => callers[b] - callers[a]).map((i) => topology.resources[i].id);
  return byUse
    .filter((_, rank) => rank % FAILING_ONE_IN === 0)
    .map((target, n) => ({ id: String(n), kind: KINDS[n % KINDS.length], target, startMs, magnitude: 0.6 }));
}

class Timings {
  readonly #took = new Map<string, number[]>();

  measure<T>(what: string, work: () => T): T {
    const started = performance.now();
    const result = work();
    this.add(what, performance.now() - started);
    return result;
  }

  add(what: string, tookMs: number): void {
    this.#took.set(what, [...(this.#took.get(what) ?? []), tookMs]);
  }

  /** Median and worst, milliseconds. */
  figures(): Record<string, number> {
    const round = (ms: number): number => Math.round(ms * 100) / 100;
    return Object.fromEntries(
      [...this.#took].flatMap(([what, times]) => {
        const sorted = times.toSorted((a, b) => a - b);
        return [
          [`${what}_p50_ms`, round(sorted[sorted.length >> 1])],
          [`${what}_max_ms`, round(sorted.at(-1)!)],
        ];
      }),
    );
  }
}

interface Bench {
  readonly engine: Engine;
  readonly model: TrafficModel;
  settled: Settled | undefined;
  atMs: number;
}

const SOURCE = { source: 'simulator', state: 'fresh' } as const;
const freshnessOf = (diagnosis: Diagnosis) => {
  const lastSuccess = new Date(diagnosis.atMs).toISOString();
  const metrics = { ...SOURCE, last_success: lastSuccess };
  const states = { topology: { ...SOURCE, source: 'file' }, topologyIssues: diagnosis.topology.issues, metrics };
  return buildFreshness(states, diagnosis);
};
const position = { epoch: 'bench-epoch0', seq: 1_000 };

function tick(bench: Bench, faults: readonly Fault[], timings: Timings) {
  bench.atMs += STEP_MS;
  const batch = batchAt(bench.model, faults, bench.atMs);
  const startedMs = performance.now();
  const diagnosis = timings.measure('diagnose', () => bench.engine.diagnose(batch));
  const freshness = freshnessOf(diagnosis);
  const before = bench.settled;
  const settled = timings.measure('settle', () => settle(before, { diagnosis, freshness, resolution: RESOLUTION }));
  bench.settled = settled;
  if (before === undefined) return undefined;
  const changes = timings.measure('diff', () => diff(before.state.snapshot, settled.state.snapshot));
  const head = messageHead('snapshot_delta', bench.atMs, { ...position, baseSeq: 999 });
  const delta = timings.measure(
    'delta_write',
    () => new Message({ form: 'delta', seq: 1_000 }, head, new MessageBody(changes)),
  );
  const packed = timings.measure('delta_deflate', () => delta.rendered(true));
  timings.add('tick', performance.now() - startedMs);
  return { diagnosis, freshness, settled, delta: packed };
}

function phase(bench: Bench, ticks: number, faults: readonly Fault[]) {
  const timings = new Timings();
  const bytes = { delta: 0, full: 0, packedDelta: 0, packedFull: 0 };
  let unhealthy = 0;
  for (let k = 0; k < ticks; k += 1) {
    const done = tick(bench, faults, timings);
    if (done === undefined) continue;
    const { diagnosis, freshness, settled, delta } = done;
    bytes.delta += delta.text.length;
    bytes.packedDelta += (delta.deflated ?? delta.text).length;
    unhealthy = Math.max(
      unhealthy,
      diagnosis.services.status.reduce((sum, status) => sum + (status > 0 ? 1 : 0), 0),
    );
    if (k % 4 !== 3) continue;
    const head = messageHead('snapshot_update', bench.atMs, position);
    const full = timings.measure(
      'full_write',
      () => new Message({ form: 'full', seq: 1 }, head, new MessageBody(settled.state.snapshot)),
    );
    const packed = timings.measure('full_deflate', () => full.rendered(true));
    bytes.full += packed.text.length * 4;
    bytes.packedFull += (packed.deflated ?? packed.text).length * 4;
    const exact = timings.measure('original_build', () => materialise(diagnosis, freshness));
    timings.measure('original_write', () => new MessageBody(exact));
  }
  const ratio = (a: number, b: number): number => Math.round((a / b) * 10_000) / 10_000;
  return {
    unhealthy,
    ...timings.figures(),
    full_bytes: Math.round(bytes.full / ticks),
    delta_bytes: Math.round(bytes.delta / ticks),
    delta_ratio: ratio(bytes.delta, bytes.full),
    delta_ratio_deflated: ratio(bytes.packedDelta, bytes.packedFull),
  };
}

export function measurePublisher({ services, edges, mustMs }: (typeof PUBLISHER_SIZES)[number]): object[] {
  const graph = generateTopology({ services, edges, seed: 7 });
  const topology = buildTopology(graph.resources, graph.dependencies);
  const engine = createEngine({ metrics: SIMULATED_METRICS, stepMs: STEP_MS });
  engine.setTopology(topology);
  const bench: Bench = { engine, model: buildTrafficModel(topology, 7), settled: undefined, atMs: START_MS };
  for (let k = 0; k < LEARN_TICKS; k += 1) {
    bench.atMs += LEARN_STEP_MS;
    engine.learn(batchAt(bench.model, [], bench.atMs));
  }
  tick(bench, [], new Timings());
  const size = { bench: 'publisher', services, edges };
  const quiet = phase(bench, QUIET_TICKS, []);
  const inIncident = phase(bench, INCIDENT_TICKS, incident(topology, bench.atMs));
  return [
    { ...size, phase: 'quiet', must_settle_diff_ms: mustMs, goal_delta_ratio: 0.02, ...quiet },
    { ...size, phase: 'incident', must_settle_diff_ms: mustMs, goal_delta_ratio: 0.1, ...inIncident },
  ];
}

if (import.meta.main) {
  for (const size of PUBLISHER_SIZES)
    for (const line of measurePublisher(size)) process.stdout.write(`${JSON.stringify(line)}\n`);
}
