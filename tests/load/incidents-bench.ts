/**
 * Time that incidents take of a tick at 10,000 services and 50,000 edges with 5,000 open anomalies, the book alone:
 * `node tests/load/incidents-bench.ts`. One JSON line a phase: `outbreak` (all anomalies in one tick), `growing` (50 more a
 * tick), `steady`. Processor
 * time of the thread. Suspects are ranked by votes; what the search for evidence takes is in `evidence`: one tick of the
 * engine's own diagnosis with a tenth of the services in trouble, search included.
 */
import type { AnomalyAlert, MetricColumn, MetricSpec, Topology } from '@topdeck/protocol';
import type { Diagnosis } from '../../backend-bridge/src/engine/diagnosis.ts';
import { createEngine } from '../../backend-bridge/src/engine/engine.ts';
import { IncidentBook } from '../../backend-bridge/src/engine/incidents/incident-book.ts';
import { rankByVotes } from '../../backend-bridge/src/engine/incidents/suspects.ts';
import { buildTopology } from '../../backend-bridge/src/sources/build-topology.ts';
import { seededNoise } from '../fixtures/seeded-noise.ts';

const [SERVICES, EDGES, ANOMALIES] = [10_000, 50_000, 5_000];
const START_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 5_000;
const MUST_MS = 20;

const METRICS: readonly MetricSpec[] = [
  { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' },
  { name: 'request_rate', scope: 'edge', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'edge', unit: 'ratio', bad_direction: 'up' },
];

const idOf = (k: number): string => `s${String(k).padStart(5, '0')}`;

/** Each service calls later ones, as layers do; a few are called by very many. */
function graph(uniform: () => number): Topology {
  const edges = new Set<string>();
  while (edges.size < EDGES) {
    const source = Math.floor(uniform() * (SERVICES - 1));
    const target = source + 1 + Math.floor(uniform() ** 3 * (SERVICES - 1 - source));
    edges.add(`${idOf(source)}>${idOf(target)}`);
  }
  return buildTopology(
    Array.from({ length: SERVICES }, (_, k) => ({ id: idOf(k), name: idOf(k), resource_type: 'service' })),
    [...edges].map((edge) => {
      const [source, target] = edge.split('>');
      return { source, target };
    }),
  );
}

function alertOf(index: number, topology: Topology, atMs: number): AnomalyAlert {
  const { id, name } = topology.resources[index];
  const e = topology.dependencies.findIndex(({ source }) => source === id);
  return {
    alert_id: `${id}-${atMs}`,
    resource_id: id,
    resource_name: name,
    severity: 'high',
    metric_name: 'error_rate',
    current_value: 0.4,
    expected_value: 0.01,
    deviation_percentage: 3_900,
    detected_at: new Date(atMs).toISOString(),
    message: 'error_rate 40% (expected 1%)',
    potential_causes: [],
    cause_ids: e < 0 ? [] : [topology.dependencies[e].target],
    score: 0.7,
  };
}

/** Of this thread alone, so that what else the machine does stays out. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const print = (line: object): void => void process.stdout.write(`${JSON.stringify({ bench: 'incidents', ...line })}\n`);
const sorted = (times: readonly number[]): number[] => [...times].sort((a, b) => a - b);
const round = (ms: number | undefined): number => Math.round((ms ?? NaN) * 100) / 100;

function columnsOf(topology: Topology, uniform: () => number, inTrouble: (service: number) => boolean): MetricColumn[] {
  return METRICS.map((spec) => {
    const isService = spec.scope === 'service';
    const length = isService ? topology.resources.length : topology.dependencies.length;
    const usual = spec.name === 'error_rate' ? 0.002 : 100;
    const values = Float64Array.from({ length }, (_, i) => {
      const service = isService ? i : topology.edgeTarget[i];
      const factor = spec.name === 'error_rate' && inTrouble(service) ? 100 : 1;
      return usual * factor * (0.95 + 0.1 * uniform());
    });
    return { spec, values, report: { outcome: 'ok', seriesMatched: length, seriesUnmatched: 0, warnings: [] } };
  });
}

function synthetic(topology: Topology, base: Diagnosis, uniform: () => number): number {
  const book = new IncidentBook({ rankingOf: () => rankByVotes });
  const order = Array.from({ length: SERVICES }, (_, k) => k).sort(() => uniform() - 0.5);
  const alerts = order.slice(0, ANOMALIES).map((index) => alertOf(index, topology, START_MS));
  const more = order.slice(ANOMALIES, ANOMALIES + 1_000).map((index) => alertOf(index, topology, START_MS));
  let atMs = base.atMs;
  let worstMs = 0;
  const run = (phase: string, ticks: number, open: (tick: number) => AnomalyAlert[]): void => {
    const times: number[] = [];
    let incidents = 0;
    for (let tick = 0; tick < ticks; tick += 1) {
      atMs += STEP_MS;
      const diagnosis: Diagnosis = { ...base, atMs, anomalies: open(tick) };
      const startedMs = cpuMs();
      incidents = book.advance({ diagnosis }).open.length;
      times.push(cpuMs() - startedMs);
    }
    const [median, highest] = [sorted(times)[ticks >> 1], Math.max(...times)];
    if (ticks > 1) worstMs = Math.max(worstMs, median);
    print({
      phase,
      services: SERVICES,
      edges: EDGES,
      anomalies: open(ticks - 1).length,
      incidents,
      p50_cpu_ms: round(median),
      max_cpu_ms: round(highest),
      must_ms: MUST_MS,
    });
  };
  run('outbreak', 1, () => alerts);
  run('growing', 20, (tick) => [...alerts, ...more.slice(0, 50 * (tick + 1))]);
  run('steady', 40, () => [...alerts, ...more]);
  return worstMs;
}

function withEvidence(topology: Topology, uniform: () => number): Diagnosis {
  const engine = createEngine({ metrics: METRICS, stepMs: STEP_MS });
  engine.setTopology(topology);
  const book = new IncidentBook();
  let atMs = START_MS;
  const tick = (inTrouble: (service: number) => boolean): Diagnosis => {
    atMs += STEP_MS;
    return engine.diagnose({
      atMs,
      topologyVersion: topology.version,
      columns: columnsOf(topology, uniform, inTrouble),
    });
  };
  let quiet = tick(() => false);
  for (let k = 0; k < 64; k += 1) quiet = tick(() => false);
  book.advance({ diagnosis: quiet });
  const times: number[] = [];
  let last = quiet;
  for (let k = 0; k < 8; k += 1) {
    last = tick((service) => service % 10 === 0);
    const startedMs = cpuMs();
    book.advance({ diagnosis: last });
    times.push(cpuMs() - startedMs);
  }
  const incidents = book.save().incidents.length;
  print({
    phase: 'evidence',
    anomalies: last.anomalies.length,
    incidents,
    p50_cpu_ms: round(sorted(times)[4]),
    max_cpu_ms: round(Math.max(...times)),
  });
  return quiet;
}

const { uniform } = seededNoise(7);
const topology = graph(uniform);
const worstMs = synthetic(topology, withEvidence(topology, uniform), uniform);
if (worstMs > MUST_MS) process.exitCode = 1;
