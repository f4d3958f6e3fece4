import { KINDS, type Kind, type Signals } from './signals.ts';

/** Trouble that somebody notices: a service, or an edge as its caller sees it, that is slow or fails. */
export interface Symptom {
  readonly scope: 'service' | 'edge';
  /** Into resources or dependencies. */
  readonly index: number;
  readonly kind: Kind;
  /** How far it is believed, 0–1. */
  readonly weight: number;
}

export function symptomAt(signals: Signals, at: Omit<Symptom, 'weight'>): Symptom | undefined {
  const { scope, index, kind } = at;
  const position = signals.roles[scope][kind];
  const { belief } = scope === 'service' ? signals.ofService(kind, index) : signals.ofEdge(kind, index);
  return belief >= 0.5 && signals.matters(position, index) ? { ...at, weight: belief } : undefined;
}

export const symptomsOf = (signals: Signals, scope: Symptom['scope'], index: number): Symptom[] =>
  KINDS.flatMap((kind) => symptomAt(signals, { scope, index, kind }) ?? []);

/** Everything that is slow or fails anywhere. */
export function allSymptoms(signals: Signals): Symptom[] {
  const { resources, dependencies } = signals.graph.topology;
  return [
    ...resources.flatMap((_, service) => symptomsOf(signals, 'service', service)),
    ...dependencies.flatMap((_, edge) => symptomsOf(signals, 'edge', edge)),
  ];
}
