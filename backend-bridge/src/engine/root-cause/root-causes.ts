import type { RootCause, RootCauseSuspect, Topology } from '@topdeck/protocol';
import type { OpenAnomaly } from '../anomalies.ts';
import { buildGraph, type Graph } from '../graph.ts';
import { confidences } from './confidence.ts';
import { EvidenceWindow } from './evidence-window.ts';
import { impactedBy, troubledGroup, type Onset } from './group.ts';
import { Ranking, type Suspect } from './ranking.ts';
import { KINDS, Signals } from './signals.ts';
import { allSymptoms, symptomAt, symptomsOf, type Symptom } from './symptoms.ts';
import { suspectOf } from './evidence.ts';
import { ROOT_CAUSE } from './tuning.ts';
import { verdictText } from './words.ts';

/** An open anomaly, as far as the search needs it. */
export interface OpenSeries {
  readonly scope: 'service' | 'edge';
  readonly index: number;
  readonly metric: string;
  readonly sinceMs: number;
}

export const openSeries = ({ spec, index, sinceMs }: OpenAnomaly): OpenSeries => ({
  scope: spec.scope,
  index,
  metric: spec.name,
  sinceMs,
});

export interface RootCausesInput {
  readonly graph: Graph;
  readonly window: EvidenceWindow;
  readonly ratioWindowMs: number;
  readonly open: readonly OpenSeries[];
}

/** What is asked: since when (absent: since the first anomaly there), and the metric that alarmed, if one did. */
export interface Question {
  readonly sinceMs?: number;
  readonly metric?: string;
}

/** The search over one tick. Computes only what is asked; holds on to the tick, not to the engine. */
export class RootCauses {
  readonly #input: RootCausesInput;
  readonly #rankings = new Map<number, { readonly signals: Signals; readonly ranking: Ranking }>();

  constructor(input: RootCausesInput) {
    this.#input = input;
  }

  /** Of a time when nothing is known. */
  static unknown(topology: Topology): RootCauses {
    return new RootCauses({ graph: buildGraph(topology), window: new EvidenceWindow([]), ratioWindowMs: 0, open: [] });
  }

  /** Why this service is in trouble. */
  of(service: number, question: Question = {}): RootCause {
    const { graph, open } = this.#input;
    const own = open.filter(({ scope, index }) => scope === 'service' && index === service);
    const sinceMs = question.sinceMs ?? Math.min(...own.map((series) => series.sinceMs));
    const { signals, ranking } = this.#rankingSince(sinceMs);
    const symptoms = this.#symptomsAt(signals, service, question.metric ?? own.map(({ metric }) => metric));
    const isTroubled = symptoms.length > 0 || own.length > 0 || ranking.localOf(service).belief > 0;
    const suspects = isTroubled ? ranking.suspects(symptoms, new Set([service])) : [];
    const explained = suspects.length > 0 && isEvident(signals, suspects[0]);
    const verdict = explained ? 'explained' : isTroubled || !signals.isKnown(service) ? 'unknown' : 'healthy';
    const told = explained ? this.#tell(suspects, signals, service) : [];
    const group = troubledGroup(graph, { from: [service, ...suspects.slice(0, 1).map((s) => s.service)], open });
    const first = explained ? group.first : undefined;
    return {
      resource_id: graph.topology.resources[service].id,
      verdict,
      suspects: this.#withRoles(told, first),
      ...(first === undefined ? {} : { first_failure: this.#firstFailure(first) }),
      impacted: explained ? this.#idsOf(impactedBy(graph, suspects[0].service, group.services)) : [],
      text: verdictText(graph.topology, service, { verdict, suspects: told }),
    };
  }

  /** Who caused what happens to all of these together: the suspects of one incident, most suspect first. */
  among(services: Iterable<number>, { sinceMs }: Pick<Question, 'sinceMs'> = {}): RootCauseSuspect[] {
    const { graph, open } = this.#input;
    const group = new Set(services);
    const { edgeTarget } = graph.topology;
    const within = open.filter(({ scope, index }) => group.has(scope === 'edge' ? edgeTarget[index] : index));
    const { signals, ranking } = this.#rankingSince(sinceMs ?? Math.min(...within.map((series) => series.sinceMs)));
    const suspects = ranking.suspects(this.#symptomsWithin(signals, group), group);
    const first = troubledGroup(graph, { from: group, open }).first;
    return this.#withRoles(this.#tell(suspects, signals, undefined), first);
  }

  /** By service, the part of the symptom’s excess that stays there. */
  shares(symptom: Omit<Symptom, 'weight'>, sinceMs: number): ReadonlyMap<number, number> {
    return this.#rankingSince(sinceMs).ranking.shares(symptom);
  }

  #rankingSince(sinceMs: number): { readonly signals: Signals; readonly ranking: Ranking } {
    const from = this.#input.window.firstSince(sinceMs);
    const known = this.#rankings.get(from);
    if (known !== undefined) return known;
    const signals = new Signals({ ...this.#input, sinceMs: from });
    const made = { signals, ranking: new Ranking(signals) };
    this.#rankings.set(from, made);
    return made;
  }

  /** A metric that alarmed is a symptom, whatever the window says of it now. */
  #symptomsAt(signals: Signals, service: number, alarmed: string | readonly string[]): Symptom[] {
    const names = [alarmed].flat();
    const forced = signals.kindsOf(names).map((kind): Symptom => {
      const at = { scope: 'service', index: service, kind } as const;
      return symptomAt(signals, at) ?? { ...at, weight: 1 };
    });
    return forced.length > 0 ? forced : symptomsOf(signals, 'service', service);
  }

  #symptomsWithin(signals: Signals, group: ReadonlySet<number>): Symptom[] {
    const { resources, dependencies, edgeTarget } = signals.graph.topology;
    if (group.size === resources.length) return allSymptoms(signals);
    const edges = dependencies.flatMap((_, edge) => (group.has(edgeTarget[edge]) ? [edge] : []));
    return [
      ...[...group].sort((a, b) => a - b).flatMap((service) => symptomsOf(signals, 'service', service)),
      ...edges.flatMap((edge) => symptomsOf(signals, 'edge', edge)),
    ];
  }

  #tell(suspects: readonly Suspect[], signals: Signals, symptom: number | undefined): RootCauseSuspect[] {
    const certain = confidences(suspects.map(({ score }) => score));
    return suspects
      .slice(0, ROOT_CAUSE.maxSuspects)
      .map((suspect, place) =>
        suspectOf(suspect, { signals, symptom, confidence: certain[place], open: this.#input.open }),
      );
  }

  #withRoles(suspects: readonly RootCauseSuspect[], first: Onset | undefined): RootCauseSuspect[] {
    const firstId = first === undefined ? undefined : this.#idsOf([first.service])[0];
    return suspects.map((suspect, place) => {
      const at = suspect.target_id ?? suspect.resource_id;
      return { ...suspect, role: place === 0 ? 'cause' : at === firstId ? 'first_failure' : 'impacted' };
    });
  }

  #firstFailure({ service, onsetMs }: Onset): NonNullable<RootCause['first_failure']> {
    const { id, name } = this.#input.graph.topology.resources[service];
    return { resource_id: id, resource_name: name, onset: new Date(onsetMs).toISOString() };
  }

  #idsOf(services: Iterable<number>): string[] {
    return Array.from(services, (service) => this.#input.graph.topology.resources[service].id);
  }
}

/** A suspect explains something only if it shows something itself: a symptom that is left to itself explains nothing. */
const isEvident = (signals: Signals, { score, service, edge, local }: Suspect): boolean =>
  score >= ROOT_CAUSE.leastScore &&
  (edge >= 0 || local.belief >= 0.5 || KINDS.some((kind) => signals.ofService(kind, service).belief >= 0.5));
