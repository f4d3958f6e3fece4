import type { RootCauseEvidence, RootCauseSuspect } from '@topdeck/protocol';
import { entityName, entityOf } from '../anomalies.ts';
import type { Suspect } from './ranking.ts';
import type { Signals } from './signals.ts';
import { KINDS } from './signals.ts';
import { ROOT_CAUSE } from './tuning.ts';
import { evidenceText, suspectText } from './words.ts';

interface About {
  readonly signals: Signals;
  /** Undefined where an incident as a whole is asked about: then evidence has no path. */
  readonly symptom: number | undefined;
  readonly confidence: number;
  readonly open: readonly {
    readonly scope: 'service' | 'edge';
    readonly index: number;
    readonly metric: string;
    readonly sinceMs: number;
  }[];
}
interface Series {
  readonly position: number;
  readonly index: number;
}

export function suspectOf(suspect: Suspect, about: About): RootCauseSuspect {
  const { signals, confidence } = about;
  const { topology } = signals.graph;
  const path = about.symptom === undefined ? [] : pathTo(signals, about.symptom, suspect.service);
  const evidence = seriesOf(signals, suspect).map((series) => evidenceOf(series, { ...about, path }));
  const resource = topology.resources[suspect.service];
  const edge = suspect.edge < 0 ? undefined : topology.dependencies[suspect.edge];
  return {
    resource_id: edge?.source ?? resource.id,
    ...(edge === undefined ? {} : { target_id: edge.target }),
    resource_name: resource.name,
    score: Math.round(suspect.score * 100) / 100,
    confidence,
    role: 'impacted',
    evidence,
    text: suspectText(resource.name, { evidence, isOnWay: edge !== undefined }),
  };
}

/** The series that speak against a suspect: its own latency and errors, what it shows besides, and the edge to it. */
function seriesOf(signals: Signals, { service, edge, local }: Suspect): Series[] {
  const { roles } = signals;
  const onEdge = edge < 0 ? [] : [roles.network, roles.edge.latency, roles.edge.errors];
  const found = [
    ...onEdge.map((position) => ({ position, index: edge })),
    ...KINDS.map((kind) => ({ position: roles.service[kind], index: service })),
  ].filter(({ position, index }) => position >= 0 && signals.isOff(position, index));
  return [...found, ...local.findings].slice(0, ROOT_CAUSE.maxEvidence);
}

function evidenceOf(series: Series, about: About & { readonly path: readonly number[] }): RootCauseEvidence {
  const { signals, open, path } = about;
  const { position, index } = series;
  const { topology } = signals.graph;
  const spec = signals.spec(position);
  const { value, expected, onsetMs } = signals.at(position, index);
  const anomaly = open.find(
    ({ scope, index: at, metric }) => scope === spec.scope && at === index && metric === spec.name,
  );
  const sinceMs = anomaly?.sinceMs ?? onsetMs;
  return {
    metric_name: spec.name,
    ...entityOf(spec, index, topology),
    current_value: value,
    expected_value: expected,
    ...(Number.isFinite(sinceMs) ? { onset: new Date(sinceMs).toISOString() } : {}),
    path: path.map((service) => topology.resources[service].id),
    text: evidenceText(entityName(spec, index, topology), { spec, value, expected }),
  };
}

/** Fewest calls from the symptom to the suspect, told from the suspect on; empty where none lead there. */
function pathTo(signals: Signals, symptom: number, suspect: number): number[] {
  const { topology, outOffsets } = signals.graph;
  const callers = new Map([[symptom, -1]]);
  let budget: number = ROOT_CAUSE.maxEdges;
  for (const [service] of callers) {
    if (callers.has(suspect)) break;
    for (let edge = outOffsets[service]; edge < outOffsets[service + 1]; edge += 1) {
      budget -= 1;
      if (budget < 0) return [];
      const target = topology.edgeTarget[edge];
      if (!callers.has(target)) callers.set(target, service);
    }
  }
  const path: number[] = [];
  for (let at = callers.has(suspect) ? suspect : -1; at >= 0; at = callers.get(at) ?? -1) path.push(at);
  return path;
}
