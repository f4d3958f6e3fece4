import type {
  FailingDependency,
  Freshness,
  Incident,
  ServiceHealth,
  Snapshot,
  Topology,
  TrafficPattern,
} from '@topdeck/protocol';
import type { DiagnosedColumn, Diagnosis } from '../engine/diagnosis.ts';
import { isoTime } from './iso-time.ts';
import { nothingPublished, realign, type Published } from './published.ts';
import {
  buildFailing,
  buildService,
  buildTraffic,
  isFailing,
  readingsOf,
  sentencesOf,
  type Readings,
} from './readings.ts';
import { settleAlerts } from './settle-alerts.ts';
import { settleColumn, settleScores } from './settle-values.ts';
import { edgesOf } from './topology-edges.ts';

/** A state of the extended stream: what its readers hold. */
export interface StreamState {
  readonly topology: Topology;
  readonly snapshot: Snapshot;
  /** By index into dependencies; undefined for an edge without data. */
  readonly traffic: readonly (TrafficPattern | undefined)[];
}

/** The newest state, and what the next one is settled against (EXT-5). */
export interface Settled {
  readonly state: StreamState;
  readonly published: Published;
}

export interface SettleInput {
  readonly diagnosis: Diagnosis;
  readonly freshness: Freshness;
  /** Those that are open; absent where incidents are not looked for. */
  readonly incidents?: readonly Incident[];
  /** Standard deviations that a measurement must move to be sent again; 0 sends every change. */
  readonly resolution: number;
}

const HEALTH_SCORE_STEP = 1;
const ANOMALY_SCORE_STEP = 0.05;

interface Draft extends SettleInput {
  readonly topology: Topology;
  /** Aligned with the topology. */
  readonly before: Published;
  /** Copies of what was sent, which take over what is sent now. */
  readonly columns: readonly Float64Array[];
  readonly serviceScore: Float64Array;
  readonly edgeScore: Float64Array;
  /** Whether names and labels may differ from what was sent. */
  readonly isRenamed: boolean;
}

function aligned(before: Settled | undefined, diagnosis: Diagnosis): Published {
  const { topology, columns } = diagnosis;
  if (before === undefined || before.published.columns.length !== columns.length) return nothingPublished(diagnosis);
  const old = before.state.topology;
  return old.version === topology.version ? before.published : realign(before.published, old, diagnosis);
}

function draft(before: Settled | undefined, input: SettleInput): Draft {
  const { topology } = input.diagnosis;
  const published = aligned(before, input.diagnosis);
  return {
    ...input,
    topology,
    before: published,
    columns: published.columns.map((column) => column.slice()),
    serviceScore: published.services.score.slice(),
    edgeScore: published.edges.score.slice(),
    isRenamed: before?.state.topology.version !== topology.version,
  };
}

/** The diagnosis with the values that were sent in place of the exact ones. */
function settledReadings({ diagnosis, columns, serviceScore, edgeScore }: Draft): Readings {
  const { services, edges, topology } = readingsOf(diagnosis, columns);
  return { topology, services: { ...services, score: serviceScore }, edges: { ...edges, score: edgeScore } };
}

interface ScopeColumn {
  readonly column: DiagnosedColumn;
  readonly sent: Float64Array;
}
const ofScope = ({ diagnosis, columns }: Draft, scope: 'service' | 'edge'): ScopeColumn[] =>
  diagnosis.columns.flatMap((column, c) => (column.spec.scope === scope ? [{ column, sent: columns[c] }] : []));

/** Something about the entity that is no measurement changed: all its measurements are sent with it. */
function sendAll(columns: readonly ScopeColumn[], i: number): void {
  for (const { column, sent } of columns) sent[i] = column.values[i];
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((text, k) => text === b[k]));

function isSameResource(topology: Topology, i: number, sent: ServiceHealth): boolean {
  const { name, resource_type, labels } = topology.resources[i];
  const before = sent.labels ?? {};
  const keys = Object.keys(labels);
  return (
    sent.resource_name === name &&
    sent.resource_type === resource_type &&
    keys.length === Object.keys(before).length &&
    keys.every((key) => labels[key] === before[key])
  );
}

function settleServices(state: Draft): ServiceHealth[] {
  const { topology, diagnosis, resolution, before, serviceScore } = state;
  const { services } = diagnosis;
  const changes = new Uint8Array(topology.resources.length);
  const columns = ofScope(state, 'service');
  for (const { column, sent } of columns) settleColumn(column, { values: sent, changes, resolution });
  settleScores(services.score, HEALTH_SCORE_STEP, { values: serviceScore, changes, resolution });
  for (let i = 0; i < changes.length; i += 1) {
    const sent = before.services.entities[i];
    const isSame =
      sent !== undefined &&
      before.services.status[i] === services.status[i] &&
      sameTexts(sent.anomalies, sentencesOf(services, i)) &&
      (!state.isRenamed || isSameResource(topology, i, sent));
    if (isSame) continue;
    changes[i] = 1;
    serviceScore[i] = services.score[i];
    sendAll(columns, i);
  }
  const readings = settledReadings(state);
  const lastUpdated = isoTime(diagnosis.atMs);
  return Array.from(changes, (changed, i) =>
    changed === 0 ? (before.services.entities[i] as ServiceHealth) : buildService(readings, i, lastUpdated),
  );
}

function settleTraffic(state: Draft): (TrafficPattern | undefined)[] {
  const { topology, diagnosis, resolution, before, edgeScore } = state;
  const { known, abnormal, trend, score } = diagnosis.edges;
  const changes = new Uint8Array(topology.dependencies.length);
  const columns = ofScope(state, 'edge');
  for (const { column, sent } of columns) settleColumn(column, { values: sent, changes, resolution });
  settleScores(score, ANOMALY_SCORE_STEP, { values: edgeScore, changes, resolution });
  for (let j = 0; j < changes.length; j += 1) {
    const isSame =
      before.edges.known[j] === known[j] &&
      before.edges.abnormal[j] === abnormal[j] &&
      before.edges.trend[j] === trend[j];
    if (isSame) continue;
    changes[j] = 1;
    edgeScore[j] = score[j];
    sendAll(columns, j);
  }
  const readings = settledReadings(state);
  return Array.from(changes, (changed, j) => (changed === 0 ? before.edges.entities[j] : buildTraffic(readings, j)));
}

/** An edge's entry is made of the entity of its target, and stays while that stays. */
function settleFailing(state: Draft, services: readonly ServiceHealth[]): Map<number, FailingDependency> {
  const { topology, diagnosis, before } = state;
  const { status } = diagnosis.services;
  const failing = new Map<number, FailingDependency>();
  for (let j = 0; j < topology.edgeTarget.length; j += 1) {
    const target = topology.edgeTarget[j];
    if (!isFailing(status[target])) continue;
    const sent = services[target] === before.services.entities[target] ? before.failing.get(j) : undefined;
    failing.set(j, sent ?? buildFailing(topology, j, services[target]));
  }
  return failing;
}

/** The list that was sent when all its entities are the same, so that comparing two states can pass over it. */
const sameOr = <T>(sent: readonly T[] | undefined, now: readonly T[]): T[] =>
  (sent?.length === now.length && now.every((entity, k) => entity === sent[k]) ? sent : now) as T[];

const isPattern = (pattern: TrafficPattern | undefined): pattern is TrafficPattern => pattern !== undefined;
/** Where every edge has data, the list by index serves as it is. */
const patternsOf = (traffic: readonly (TrafficPattern | undefined)[]): readonly TrafficPattern[] =>
  traffic.every(isPattern) ? traffic : traffic.filter(isPattern);

/**
 * The state that follows `before` (undefined: the first) when the diagnosis has come to this. Entities of which nothing
 * is sent again are the identical objects.
 */
export function settle(before: Settled | undefined, input: SettleInput): Settled {
  const work = draft(before, input);
  const { diagnosis, freshness, topology, resolution } = work;
  const sent = before?.state.snapshot;
  const services = sameOr(work.before.services.entities as ServiceHealth[], settleServices(work));
  const traffic = sameOr(work.before.edges.entities, settleTraffic(work));
  const failing = settleFailing(work, services);
  const snapshot: Snapshot = {
    timestamp: isoTime(diagnosis.atMs),
    overall_health: diagnosis.overall,
    services,
    anomalies: sameOr(sent?.anomalies, settleAlerts(sent?.anomalies ?? [], diagnosis.anomalies, resolution)),
    traffic_patterns: sameOr(sent?.traffic_patterns, patternsOf(traffic)),
    failing_dependencies: sameOr(sent?.failing_dependencies, [...failing.values()]),
    dependencies: edgesOf(topology).pairs,
    freshness,
    ...(work.incidents !== undefined && { incidents: sameOr(sent?.incidents, work.incidents) }),
  };
  const { known, abnormal, trend } = diagnosis.edges;
  return {
    state: { topology, snapshot, traffic },
    published: {
      columns: work.columns,
      services: { entities: services, status: diagnosis.services.status, score: work.serviceScore },
      edges: { entities: traffic, known, abnormal, trend, score: work.edgeScore },
      failing,
    },
  };
}
