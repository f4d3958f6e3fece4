import { WELL_KNOWN_METRICS, type AnomalyAlert, type ChangeEvent, type IncidentSuspect } from '@topdeck/protocol';
import type { Network } from './network.ts';
import { anchorOf, isFailing, type Trouble } from './troubles.ts';

/** What is asked of a ranking: the troubles of one incident. */
export interface Case {
  readonly network: Network;
  readonly troubles: readonly Trouble[];
  readonly changes: readonly ChangeEvent[];
  /** Whom a change concerns, by index into resources. */
  readonly concerned: (change: ChangeEvent) => ReadonlySet<number>;
}

/** Most suspect first; ties by id. */
export type RankCauses = (of: Pick<Case, 'network' | 'troubles'>) => readonly IncidentSuspect[];

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
const bySuspicion = (a: IncidentSuspect, b: IncidentSuspect): number =>
  b.score - a.score || (a.resource_id < b.resource_id ? -1 : 1);

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

function evidenceOf(trouble: Trouble | undefined): IncidentSuspect['evidence'] {
  if (trouble === undefined) return [];
  const { status, alerts } = trouble;
  const anomalies = [...alerts].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, MAX_EVIDENCE);
  return [
    ...anomalies.map(({ message, detected_at }) => ({ kind: 'anomaly', text: `${message} since ${detected_at}` })),
    ...(isFailing(status) ? [{ kind: 'status', text: `status ${status}` }] : []),
  ];
}

/** Ranks by what the anomalies themselves name as their causes. */
export const rankByVotes: RankCauses = ({ network, troubles }) => {
  const { resources, indexOf } = network.topology;
  const byId = new Map(troubles.map((trouble) => [trouble.resourceId, trouble]));
  const weights = votes(troubles);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const ranked = [...weights].flatMap(([id, weight]): IncidentSuspect[] => {
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

function gainOf(
  suspect: IncidentSuspect,
  { network, changes, concerned }: Case,
): { gain: number; changes: ChangeEvent[] } {
  const { topology, outOffsets } = network;
  const index = topology.indexOf.get(suspect.resource_id) ?? -1;
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
 * cause; which failed first and who only suffers is told besides.
 */
export function suspectsOf(of: Case, rank: RankCauses, firstFailure: string | undefined): IncidentSuspect[] {
  const raised = rank(of).map((suspect): IncidentSuspect => {
    const { gain, changes } = gainOf(suspect, of);
    if (gain === 0) return suspect;
    const up = (value: number): number => round(value + (1 - value) * gain);
    const evidence = changes.map(({ kind, title, at }) => ({ kind: 'change', text: `${kind} “${title}” at ${at}` }));
    return {
      ...suspect,
      score: up(suspect.score),
      confidence: up(suspect.confidence),
      evidence: [...evidence, ...suspect.evidence].slice(0, MAX_EVIDENCE + 1),
    };
  });
  const sum = raised.reduce((all, { confidence }) => all + confidence, 0);
  const scale = sum > 1 ? 1 / sum : 1;
  return raised.sort(bySuspicion).map((suspect, place) => ({
    ...suspect,
    confidence: Math.floor(suspect.confidence * scale * 100) / 100,
    role: place === 0 ? 'cause' : suspect.resource_id === firstFailure ? 'first_failure' : 'impacted',
  }));
}
