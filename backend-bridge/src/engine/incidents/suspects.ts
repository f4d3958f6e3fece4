import {
  WELL_KNOWN_METRICS,
  type AnomalyAlert,
  type ChangeEvent,
  type RootCauseEvidence,
  type RootCauseSuspect,
} from '@topdeck/protocol';
import type { Diagnosis } from '../diagnosis.ts';
import type { Network } from './network.ts';
import { anchorOf, isFailing, type Trouble } from './troubles.ts';
import { clockTime, listed } from './words.ts';

/** What is asked of a ranking: the troubles of one incident, and since when they are. */
export interface Case {
  readonly network: Network;
  readonly troubles: readonly Trouble[];
  readonly sinceMs: number;
  readonly changes: readonly ChangeEvent[];
  /** Whom a change concerns, by index into resources. */
  readonly concerned: (change: ChangeEvent) => ReadonlySet<number>;
}

/** How the suspects of the incidents of one tick are ranked. */
export interface Ranking {
  /** Most suspect first; ties by id. */
  readonly of: (asked: Pick<Case, 'network' | 'troubles' | 'sinceMs'>) => readonly RootCauseSuspect[];
  /** false: what was asked of this tick is enough; an incident that was ranked before waits for its turn. */
  readonly hasMore: () => boolean;
}

export const MAX_SUSPECTS = 5;
const MAX_EVIDENCE = 4;
/** A failing service without an anomaly, beside an anomaly of score 1. */
const FAILING_WEIGHT = 0.5;
/** Weight of the first, second … cause that an anomaly names. */
const BY_PLACE = [0.6, 0.25, 0.15] as const;
/** How much of what is missing to certainty a change makes up: at the suspect itself, and at a direct dependency of it. */
export const CHANGE_GAIN = { own: 0.5, dependency: 0.25 } as const;
/** Votes of anomalies tell a likely order and no certainty. */
const MOST_CONFIDENCE = 0.9;

const isFewerRequests = (alert: AnomalyAlert): boolean =>
  alert.metric_name === WELL_KNOWN_METRICS.requestRate && alert.current_value < alert.expected_value;

const round = (value: number): number => Math.round(value * 100) / 100;
const bySuspicion = (a: RootCauseSuspect, b: RootCauseSuspect): number =>
  b.score - a.score || (suspectedId(a) < suspectedId(b) ? -1 : 1);

/** Each anomaly votes with its score: for the causes it names, or for itself where it names none; fewer requests never are a cause. */
function votes(troubles: readonly Trouble[]): Map<string, number> {
  const weights = new Map<string, number>();
  const add = (id: string, weight: number): void => void weights.set(id, (weights.get(id) ?? 0) + weight);
  for (const { resourceId, status, alerts } of troubles) {
    for (const alert of alerts) {
      const weight = alert.score ?? 0.5;
      const causes = [...new Set(alert.cause_ids ?? [])].slice(0, BY_PLACE.length);
      if (causes.length === 0) add(anchorOf(alert), isFewerRequests(alert) ? 0 : weight);
      for (const [place, id] of causes.entries()) add(id, weight * (causes.length === 1 ? 1 : BY_PLACE[place]));
    }
    if (alerts.length === 0 && isFailing(status)) add(resourceId, FAILING_WEIGHT);
  }
  return weights;
}

function evidenceOf(trouble: Trouble | undefined): RootCauseEvidence[] {
  const alerts = [...(trouble?.alerts ?? [])].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, MAX_EVIDENCE);
  return alerts.map((alert) => ({
    metric_name: alert.metric_name,
    resource_id: alert.resource_id,
    ...(alert.target_id !== undefined && { target_id: alert.target_id }),
    current_value: alert.current_value,
    expected_value: alert.expected_value,
    onset: alert.detected_at,
    path: [],
    text: alert.message,
  }));
}

/** Ranks by what the anomalies themselves name as their causes. */
const votedSuspects: Ranking['of'] = ({ network, troubles }) => {
  const { resources, indexOf } = network.topology;
  const byId = new Map(troubles.map((trouble) => [trouble.resourceId, trouble]));
  const weights = votes(troubles);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const ranked = [...weights].flatMap(([id, weight]): RootCauseSuspect[] => {
    const index = indexOf.get(id);
    if (index === undefined || weight === 0) return [];
    const score = round(weight / total);
    const trouble = byId.get(id);
    const what = trouble?.alerts[0]?.message ?? (trouble === undefined ? 'nothing is seen of it' : trouble.status);
    return [
      {
        resource_id: id,
        resource_name: resources[index].name,
        score,
        confidence: round(score * MOST_CONFIDENCE),
        role: 'impacted',
        evidence: evidenceOf(trouble),
        text: `${resources[index].name}: ${what}`,
      },
    ];
  });
  return ranked.sort(bySuspicion).slice(0, MAX_SUSPECTS);
};

/** Each search goes through all edges once: an avalanche of incidents must not stall a tick. */
const MAX_EDGES_SEARCHED = 100_000;
const MAX_SEARCHES = 20;

/** By the evidence of the tick; new incidents beyond what a tick may search by votes, until it is their turn. */
export function rankByEvidence({ rootCauses, topology }: Diagnosis): Ranking {
  let left = Math.max(1, Math.min(MAX_SEARCHES, Math.floor(MAX_EDGES_SEARCHED / (topology.dependencies.length + 1))));
  return {
    hasMore: () => left > 0,
    of(asked) {
      if (left === 0) return rankByVotes.of(asked);
      left -= 1;
      return rootCauses.among(new Set(asked.troubles.map(({ index }) => index)), { sinceMs: asked.sinceMs });
    },
  };
}

/** The resource that a suspect stands for; of an edge, the one that it leads to. */
export const suspectedId = ({ resource_id, target_id }: RootCauseSuspect): string => target_id ?? resource_id;

export const rankByVotes: Ranking = { of: votedSuspects, hasMore: () => true };

function gainOf(
  suspect: RootCauseSuspect,
  { network, changes, concerned }: Case,
): { gain: number; changes: ChangeEvent[] } {
  const { topology, outOffsets } = network;
  const index = topology.indexOf.get(suspectedId(suspect)) ?? -1;
  const dependencies = index < 0 ? [] : topology.edgeTarget.subarray(outOffsets[index], outOffsets[index + 1]);
  let gain = 0;
  const found: ChangeEvent[] = [];
  for (const change of changes) {
    const whom = concerned(change);
    const own = whom.has(index);
    if (!own && !dependencies.some((dependency) => whom.has(dependency))) continue;
    gain = Math.max(gain, own ? CHANGE_GAIN.own : CHANGE_GAIN.dependency);
    found.push(change);
  }
  return { gain, changes: found };
}

/**
 * Changes as evidence: score and confidence of a suspect rise by CHANGE_GAIN of what they lack to 1 (once, however many
 * changes there are), then confidences are scaled down so that all of them together are not above 1. The first is the
 * cause.
 */
export function suspectsOf(of: Case, rank: Ranking): RootCauseSuspect[] {
  const raised = rank.of(of).map((suspect): RootCauseSuspect => {
    const { gain, changes } = gainOf(suspect, of);
    if (gain === 0) return suspect;
    const up = (value: number): number => round(value + (1 - value) * gain);
    const told = changes.map(({ kind, title, at }) => `${kind} “${title}” at ${clockTime(Date.parse(at))}`);
    return {
      ...suspect,
      score: up(suspect.score),
      confidence: up(suspect.confidence),
      text: `${suspect.text}; changed shortly before: ${listed(told)}`,
    };
  });
  const sum = raised.reduce((all, { confidence }) => all + confidence, 0);
  const scale = sum > 1 ? 1 / sum : 1;
  return raised
    .sort((a, b) => b.score - a.score)
    .map((suspect, place) => ({
      ...suspect,
      confidence: Math.floor(suspect.confidence * scale * 100) / 100,
      role: place === 0 ? 'cause' : suspect.role === 'cause' ? 'impacted' : suspect.role,
    }));
}
