import type {
  FailingDependency,
  Freshness,
  ServiceHealth,
  Snapshot,
  Topology,
  TrafficPattern,
} from '@topdeck/protocol';
import { RootCauses } from '../engine/root-cause/root-causes.ts';
import type { Diagnosis } from '../engine/diagnosis.ts';
import { isoTime } from './iso-time.ts';
import { buildFailing, buildService, buildTraffic, isFailing, readingsOf, type Readings } from './readings.ts';
import { edgesOf } from './topology-edges.ts';
import { isAbout, type Members } from './view.ts';

const EMPTY_TOPOLOGY: Topology = {
  version: '',
  resources: [],
  dependencies: [],
  indexOf: new Map(),
  edgeSource: new Uint32Array(),
  edgeTarget: new Uint32Array(),
  issues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
};

/** What is known before there is a topology: nothing. */
export const emptyDiagnosis = (atMs: number): Diagnosis => ({
  atMs,
  topology: EMPTY_TOPOLOGY,
  overall: 'unknown',
  columns: [],
  services: { status: new Uint8Array(), score: new Float64Array(), anomalies: new Map() },
  edges: { known: new Uint8Array(), abnormal: new Uint8Array(), score: new Float64Array(), trend: new Uint8Array() },
  anomalies: [],
  events: [],
  rootCauses: RootCauses.unknown(EMPTY_TOPOLOGY),
  warmingUp: true,
});

/** One service with its exact values; undefined when the topology does not hold it. */
export function materialiseService(diagnosis: Diagnosis, resourceId: string): ServiceHealth | undefined {
  const i = diagnosis.topology.indexOf.get(resourceId);
  return i === undefined ? undefined : buildService(readingsOf(diagnosis), i, isoTime(diagnosis.atMs));
}

/** Every edge with data, or only the abnormal ones. */
export function materialiseTraffic(diagnosis: Diagnosis, abnormalOnly = false): TrafficPattern[] {
  const readings = readingsOf(diagnosis);
  const patterns: TrafficPattern[] = [];
  for (let j = 0; j < diagnosis.edges.known.length; j += 1) {
    if (abnormalOnly && diagnosis.edges.abnormal[j] === 0) continue;
    const pattern = buildTraffic(readings, j);
    if (pattern !== undefined) patterns.push(pattern);
  }
  return patterns;
}

export function materialiseFailing(diagnosis: Diagnosis): FailingDependency[] {
  const readings = readingsOf(diagnosis);
  const lastUpdated = isoTime(diagnosis.atMs);
  const services = new Map<number, ServiceHealth>();
  const serviceOf = (i: number): ServiceHealth => {
    const present = services.get(i) ?? buildService(readings, i, lastUpdated);
    services.set(i, present);
    return present;
  };
  const { topology } = diagnosis;
  const edges = topology.dependencies.keys();
  return [...failingEdges(readings, edges)].map((j) => buildFailing(topology, j, serviceOf(topology.edgeTarget[j])));
}

function* failingEdges({ topology, services }: Readings, edges: Iterable<number>): Generator<number> {
  for (const j of edges) if (isFailing(services.status[topology.edgeTarget[j]])) yield j;
}

/** The whole graph with exact values, in the order of the protocol. */
function materialiseAll(diagnosis: Diagnosis, freshness: Freshness): Snapshot {
  const readings = readingsOf(diagnosis);
  const lastUpdated = isoTime(diagnosis.atMs);
  const { topology } = diagnosis;
  const services = topology.resources.map((_, i) => buildService(readings, i, lastUpdated));
  return {
    timestamp: lastUpdated,
    overall_health: diagnosis.overall,
    services,
    anomalies: diagnosis.anomalies as Snapshot['anomalies'],
    traffic_patterns: materialiseTraffic(diagnosis),
    failing_dependencies: [...failingEdges(readings, topology.dependencies.keys())].map((j) =>
      buildFailing(topology, j, services[topology.edgeTarget[j]]),
    ),
    dependencies: edgesOf(topology).pairs,
    freshness,
  };
}

/** What a view shows, with exact values; nothing is built that it does not show. */
function materialiseMembers(diagnosis: Diagnosis, freshness: Freshness, members: Members): Snapshot {
  const readings = readingsOf(diagnosis);
  const lastUpdated = isoTime(diagnosis.atMs);
  const { topology } = diagnosis;
  const services = new Map([...members.resources].map((i) => [i, buildService(readings, i, lastUpdated)]));
  return {
    timestamp: lastUpdated,
    overall_health: diagnosis.overall,
    services: [...services.values()],
    anomalies: diagnosis.anomalies.filter((anomaly) => isAbout(members, anomaly)),
    traffic_patterns: [...members.edges].flatMap((j) => buildTraffic(readings, j) ?? []),
    failing_dependencies: [...failingEdges(readings, members.edges)].map((j) =>
      buildFailing(topology, j, services.get(topology.edgeTarget[j]) as ServiceHealth),
    ),
    dependencies: members.pairs,
    freshness,
  };
}

/**
 * The protocol's snapshot of a diagnosis, with exact values. `members` cuts it to a view; undefined is the whole graph.
 */
export const materialise = (diagnosis: Diagnosis, freshness: Freshness, members?: Members): Snapshot =>
  members === undefined ? materialiseAll(diagnosis, freshness) : materialiseMembers(diagnosis, freshness, members);
