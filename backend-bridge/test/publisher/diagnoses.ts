import fc from 'fast-check';
import {
  COLLECTIONS,
  SEVERITIES,
  type AnomalyAlert,
  type DiagnosticsEvent,
  type Freshness,
  type MetricReport,
  type MetricSpec,
  type Topology,
} from '@topdeck/protocol';
import type { DiagnosedColumn, Diagnosis } from '../../src/engine/diagnosis.ts';
import { RootCauses } from '../../src/engine/root-cause/root-causes.ts';
import { buildFreshness } from '../../src/publisher/freshness.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';

export const START_MS = Date.parse('2026-01-01T00:00:00Z');

export const SPECS: readonly MetricSpec[] = [
  { name: 'request_rate', scope: 'service', unit: '1/s', bad_direction: 'down' },
  { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' },
  { name: 'request_rate', scope: 'edge', unit: '1/s', bad_direction: 'down' },
  { name: 'error_rate', scope: 'edge', unit: 'ratio', bad_direction: 'up' },
  { name: 'latency_p95', scope: 'edge', unit: 's', bad_direction: 'up' },
];

export const REPORT: MetricReport = { outcome: 'ok', seriesMatched: 1, seriesUnmatched: 0, warnings: [] };

/** `a>b` is an edge; a bare `a` is a resource. Resources of edges come by themselves. */
export function graph(...parts: readonly string[]): Topology {
  const edges = parts.filter((part) => part.includes('>')).map((part) => part.split('>'));
  const ids = new Set(parts.flatMap((part) => part.split('>')));
  return buildTopology(
    [...ids].map((id) => ({ id, name: id.toUpperCase(), resource_type: 'service', labels: { team: 'x' } })),
    edges.map(([source, target]) => ({ source, target })),
  );
}

export interface DiagnosisParts {
  readonly topology: Topology;
  readonly atMs?: number;
  /** By resource id: [status index, score]; others are healthy at 100. */
  readonly health?: Readonly<Record<string, readonly [number, number]>>;
  /** By metric position and then by index; others are 1. */
  readonly values?: Readonly<Record<number, Readonly<Record<number, number>>>>;
  readonly scale?: number;
  readonly expected?: number;
  readonly sentences?: Readonly<Record<string, readonly string[]>>;
  readonly alerts?: readonly AnomalyAlert[];
  readonly events?: readonly DiagnosticsEvent[];
}

export function diagnosisOf({ topology, atMs = START_MS, ...parts }: DiagnosisParts): Diagnosis {
  const [services, edges] = [topology.resources.length, topology.dependencies.length];
  const columns = SPECS.map((spec, c): DiagnosedColumn => {
    const length = spec.scope === 'service' ? services : edges;
    const values = Float64Array.from({ length }, (_, i) => parts.values?.[c]?.[i] ?? 1);
    const expected = new Float64Array(length).fill(parts.expected ?? 1);
    return { spec, report: REPORT, values, expected, scale: new Float64Array(length).fill(parts.scale ?? 0.1) };
  });
  const edgeColumns = columns.filter(({ spec }) => spec.scope === 'edge');
  const known = Uint8Array.from({ length: edges }, (_, j) =>
    edgeColumns.some((c) => Number.isFinite(c.values[j])) ? 1 : 0,
  );
  const health = topology.resources.map(({ id }) => parts.health?.[id] ?? [0, 100]);
  return {
    atMs,
    topology,
    overall: 'healthy',
    columns,
    services: {
      status: Uint8Array.from(health, ([status]) => status),
      score: Float64Array.from(health, ([, score]) => score),
      anomalies: new Map(
        Object.entries(parts.sentences ?? {}).map(([id, texts]) => [topology.indexOf.get(id) as number, texts]),
      ),
    },
    edges: {
      known,
      abnormal: new Uint8Array(edges),
      score: new Float64Array(edges),
      trend: new Uint8Array(edges).fill(2),
    },
    anomalies: parts.alerts ?? [],
    events: parts.events ?? [],
    rootCauses: RootCauses.unknown(topology),
    warmingUp: false,
  };
}

export const SOURCES = {
  topology: { source: 'file', state: 'fresh' as const },
  topologyIssues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
  metrics: { source: 'stub', state: 'fresh' as const },
};
export const freshnessOf = (diagnosis: Diagnosis): Freshness => buildFreshness(SOURCES, diagnosis);

export function alert(id: string, resourceId: string, over: Partial<AnomalyAlert> = {}): AnomalyAlert {
  return {
    alert_id: id,
    resource_id: resourceId,
    resource_name: resourceId.toUpperCase(),
    severity: 'high',
    metric_name: 'latency_p95',
    current_value: 2,
    expected_value: 1,
    deviation_percentage: 100,
    detected_at: new Date(START_MS).toISOString(),
    message: `${resourceId} is slow`,
    potential_causes: [],
    score: 0.7,
    detector: 'robust',
    ...over,
  };
}

export const healthChange = (resourceId: string, atMs = START_MS): DiagnosticsEvent => ({
  type: 'health_change',
  atMs,
  data: { resource_id: resourceId, old_status: 'healthy', new_status: 'failed', health_score: 20 },
});

const resourceIds = ['a', 'b', 'c', 'd', 'e'];
const anyTopology = fc
  .record({
    ids: fc.subarray(resourceIds, { minLength: 1 }),
    names: fc.constantFrom('n', 'm'),
    team: fc.constantFrom(undefined, 'x', 'y'),
    edges: fc.array(fc.tuple(fc.constantFrom(...resourceIds), fc.constantFrom(...resourceIds)), { maxLength: 8 }),
  })
  .map(({ ids, names, team, edges }) =>
    buildTopology(
      ids.map((id) => ({ id, name: `${names}-${id}`, resource_type: 'service', labels: { team } })),
      edges.map(([source, target]) => ({ source, target })),
    ),
  );

/** Whatever a source or an engine might let through by mistake is among them. */
const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 0, Infinity, -Infinity) },
);
const columnOf = (length: number, value: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc.array(value, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));
const codesOf = (length: number, below: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.nat({ max: below - 1 }), { minLength: length, maxLength: length }).map((codes) => Uint8Array.from(codes));

function anyColumn(spec: MetricSpec, length: number): fc.Arbitrary<DiagnosedColumn> {
  const scale = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN));
  return fc
    .record({
      values: columnOf(length, anyValue),
      expected: columnOf(length, anyValue),
      scale: columnOf(length, scale),
    })
    .map((column) => ({ spec, report: REPORT, ...column }));
}

function anyAlerts(topology: Topology): fc.Arbitrary<AnomalyAlert[]> {
  const one = fc
    .record({
      id: fc.constantFrom('1', '2', '3'),
      resource: fc.constantFrom(...topology.resources.map(({ id }) => id)),
      severity: fc.constantFrom(...SEVERITIES),
      value: fc.double({ min: 0.1, max: 5, noNaN: true }),
      message: fc.constantFrom('slow', 'slower'),
    })
    .map(({ id, resource, severity, value, message }) =>
      alert(id, resource, { severity, current_value: value, message }),
    );
  return fc
    .uniqueArray(one, { selector: ({ alert_id }) => alert_id, maxLength: 3 })
    .map((alerts) => alerts.sort(COLLECTIONS.anomalies.compare));
}

function anyDiagnosisOf(topology: Topology): fc.Arbitrary<Diagnosis> {
  const [services, edges] = [topology.resources.length, topology.dependencies.length];
  const lengthOf = ({ scope }: MetricSpec): number => (scope === 'service' ? services : edges);
  const sentences = fc.array(fc.constantFrom('slow', 'failing'), { maxLength: 2 });
  return fc
    .record({
      columns: fc.tuple(...SPECS.map((spec) => anyColumn(spec, lengthOf(spec)))),
      status: codesOf(services, 4),
      score: columnOf(services, fc.integer({ min: 0, max: 100 })),
      sentences: fc.array(sentences, { minLength: services, maxLength: services }),
      known: codesOf(edges, 2),
      abnormal: codesOf(edges, 2),
      edgeScore: columnOf(edges, fc.double({ min: 0, max: 1, noNaN: true })),
      trend: codesOf(edges, 3),
      anomalies: anyAlerts(topology),
    })
    .map(({ columns, status, score, sentences: texts, known, abnormal, edgeScore, trend, anomalies }) => ({
      atMs: START_MS,
      topology,
      overall: 'healthy' as const,
      columns,
      services: { status, score, anomalies: new Map(texts.flatMap((list, i) => (list.length > 0 ? [[i, list]] : []))) },
      edges: { known, abnormal, score: edgeScore, trend },
      anomalies,
      events: [],
      rootCauses: RootCauses.unknown(topology),
      warmingUp: false,
    }));
}

export const anyDiagnosis: fc.Arbitrary<Diagnosis> = anyTopology.chain(anyDiagnosisOf);

/** Ticks 5 s apart; the topology now and then another one. */
export const anyDiagnoses: fc.Arbitrary<readonly Diagnosis[]> = fc
  .array(
    anyTopology.chain((topology) => fc.array(anyDiagnosisOf(topology), { minLength: 1, maxLength: 3 })),
    { minLength: 1, maxLength: 4 },
  )
  .map((stretches) => stretches.flat().map((diagnosis, k) => ({ ...diagnosis, atMs: START_MS + k * 5_000 })));
