import {
  STATUSES,
  TRENDS,
  WELL_KNOWN_METRICS,
  type FailingDependency,
  type MetricSpec,
  type MetricValues,
  type ServiceHealth,
  type Topology,
  type TrafficPattern,
} from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';

interface NamedColumn {
  readonly name: string;
  readonly values: Float64Array;
}

/** What the entities of one state are made of; columns are aligned with the topology. */
export interface Readings {
  readonly topology: Topology;
  readonly services: Diagnosis['services'] & { readonly metrics: readonly NamedColumn[] };
  readonly edges: Diagnosis['edges'] & {
    readonly requestRate: Float64Array | undefined;
    readonly errorRate: Float64Array | undefined;
    readonly latencyP95: Float64Array | undefined;
  };
}

const NO_ANOMALIES: readonly string[] = [];
const FAILED = STATUSES.indexOf('failed');
const DEGRADED = STATUSES.indexOf('degraded');

/** `values` replace the exact ones, column by column; scores and sentences are the diagnosis's own. */
export function readingsOf(diagnosis: Diagnosis, values?: readonly Float64Array[]): Readings {
  const columns = diagnosis.columns.map(({ spec, values: exact }, c) => ({ spec, values: values?.[c] ?? exact }));
  const edge = (name: string): Float64Array | undefined =>
    columns.find(({ spec }) => spec.scope === 'edge' && spec.name === name)?.values;
  return {
    topology: diagnosis.topology,
    services: { ...diagnosis.services, metrics: columns.filter(ofService).map((c) => ({ name: c.spec.name, ...c })) },
    edges: {
      ...diagnosis.edges,
      requestRate: edge(WELL_KNOWN_METRICS.requestRate),
      errorRate: edge(WELL_KNOWN_METRICS.errorRate),
      latencyP95: edge(WELL_KNOWN_METRICS.latencyP95),
    },
  };
}

const ofService = ({ spec }: { readonly spec: MetricSpec }): boolean => spec.scope === 'service';
const finiteOrZero = (value: number | undefined): number => (Number.isFinite(value) ? (value as number) : 0);

/** The protocol promises 0–1, whatever a query divides by what. */
const ratio = (value: number | undefined): number => Math.min(1, Math.max(0, finiteOrZero(value)));

function metricValues(columns: readonly NamedColumn[], i: number): MetricValues {
  const metrics: MetricValues = {};
  for (const { name, values } of columns) if (Number.isFinite(values[i])) metrics[name] = values[i];
  return metrics;
}

/** The sentences about a service, the same empty list for all that have none. */
export const sentencesOf = (services: Diagnosis['services'], i: number): readonly string[] =>
  services.anomalies.get(i) ?? NO_ANOMALIES;

export function buildService({ topology, services }: Readings, i: number, lastUpdated: string): ServiceHealth {
  const { id, name, resource_type, labels } = topology.resources[i];
  const service: ServiceHealth = {
    resource_id: id,
    resource_name: name,
    resource_type,
    status: STATUSES[services.status[i]],
    health_score: finiteOrZero(services.score[i]),
    anomalies: sentencesOf(services, i) as string[],
    metrics: metricValues(services.metrics, i),
    last_updated: lastUpdated,
  };
  return Object.keys(labels).length === 0 ? service : { ...service, labels };
}

/**
 * Undefined for an edge without data. One that has some but not all (no requests, hence no latency) carries 0 for the
 * rest: the original protocol requires all three numbers.
 */
export function buildTraffic({ topology, edges }: Readings, j: number): TrafficPattern | undefined {
  if (edges.known[j] === 0) return undefined;
  const { source, target } = topology.dependencies[j];
  return {
    source_id: source,
    target_id: target,
    request_rate: finiteOrZero(edges.requestRate?.[j]),
    error_rate: ratio(edges.errorRate?.[j]),
    latency_p95: finiteOrZero(edges.latencyP95?.[j]),
    is_abnormal: edges.abnormal[j] === 1,
    anomaly_score: ratio(edges.score[j]),
    trend: TRENDS[edges.trend[j]],
  };
}

export const isFailing = (status: number): boolean => status === DEGRADED || status === FAILED;

/** The edge `j`, whose target is degraded or failed. */
export function buildFailing(topology: Topology, j: number, target: ServiceHealth): FailingDependency {
  const source = topology.resources[topology.edgeSource[j]];
  return {
    source_id: source.id,
    source_name: source.name,
    target_id: target.resource_id,
    target_name: target.resource_name,
    status: target.status as FailingDependency['status'],
    health_score: target.health_score,
    anomalies: target.anomalies,
    error_details: {
      status: target.status,
      health_score: target.health_score,
      anomalies: target.anomalies,
      metrics: target.metrics,
      timestamp: target.last_updated,
    },
  };
}
