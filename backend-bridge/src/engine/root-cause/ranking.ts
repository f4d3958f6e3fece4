import { ExcessFlow, type Flow } from './excess-flow.ts';
import { localEvidence, networkDelay, type LocalEvidence } from './local-evidence.ts';
import type { Kind, Signals } from './signals.ts';
import type { Symptom } from './symptoms.ts';
import { ROOT_CAUSE } from './tuning.ts';

export interface Suspect {
  /** Index into resources. */
  readonly service: number;
  /** The edge to it, where most of the trouble arose on the way and not at its own place; else -1. */
  readonly edge: number;
  /** 0–1. */
  readonly score: number;
  /** Calls between the nearest symptom and it. */
  readonly distance: number;
  readonly local: LocalEvidence;
}

interface Blame {
  distance: number;
  /** Product of (1 − part) over what stays at its own place, and the strongest part. */
  doubt: number;
  atPlace: number;
  /** By edge to it, the strongest part that arose there: what is seen of one edge is seen once. */
  readonly onEdges: Map<number, number>;
}

/**
 * Suspects, most suspect first: by score in steps of scoreGrain, then the farther from the symptom, then the unrounded
 * score, then the index. Three things point at a service: excess of the symptoms that flows to it and stays; what it
 * shows of its own accord, as far as the symptoms are not explained otherwise; and delay on the edges to it. They are
 * joined as independent beliefs, 1 − Π (1 − part).
 */
export class Ranking {
  readonly #signals: Signals;
  readonly #flows: Readonly<Record<Kind, ExcessFlow>>;
  readonly #local = new Map<number, LocalEvidence>();

  constructor(signals: Signals) {
    this.#signals = signals;
    const { resources } = signals.graph.topology;
    const isInferred = (service: number): boolean => resources[service].resource_type === 'inferred';
    this.#flows = {
      latency: new ExcessFlow(signals, 'latency', isInferred),
      errors: new ExcessFlow(signals, 'errors', isInferred),
    };
  }

  /**
   * Suspects of these symptoms. `showing` are services that are known to be in trouble, or looked at without one: what
   * they show of their own accord counts in full. Any other only counts as far as the symptoms stay unexplained.
   */
  suspects(symptoms: readonly Symptom[], showing: ReadonlySet<number>): Suspect[] {
    const { blames, unexplained } = this.#follow(symptoms);
    const { edgeTarget } = this.#signals.graph.topology;
    for (const { scope, index } of symptoms) if (scope === 'service') this.#lookBelow(index, blames);
    for (const service of showing) blameOf(blames, service);
    for (let edge = 0; showing.size > 0 && edge < edgeTarget.length; edge += 1) {
      const target = edgeTarget[edge];
      const delay = showing.has(target) ? networkDelay(this.#signals, edge) : 0;
      if (delay > 0) blameEdge(blameOf(blames, target), edge, delay);
    }
    return this.#rank(blames, { symptoms, showing, unexplained });
  }

  /** By service, the part of one symptom’s excess that stays there or on an edge to it: the flow alone, for every tick. */
  shares(symptom: Omit<Symptom, 'weight'>): ReadonlyMap<number, number> {
    const flow = this.#flowOf(symptom);
    const shares = new Map(Array.from(flow.services, ([service, { mass }]) => [service, mass]));
    for (const [edge, { mass }] of flow.edges) {
      const target = this.#signals.graph.topology.edgeTarget[edge];
      shares.set(target, (shares.get(target) ?? 0) + mass);
    }
    return shares;
  }

  localOf(service: number): LocalEvidence {
    const known = this.#local.get(service) ?? localEvidence(this.#signals, service);
    this.#local.set(service, known);
    return known;
  }

  #flowOf({ scope, index, kind }: Omit<Symptom, 'weight'>): Flow {
    return scope === 'service' ? this.#flows[kind].from(index) : this.#flows[kind].along(index);
  }

  #follow(symptoms: readonly Symptom[]): { blames: Map<number, Blame>; unexplained: number } {
    const { edgeTarget } = this.#signals.graph.topology;
    const blames = new Map<number, Blame>();
    let [stays, total] = [0, 0];
    for (const symptom of symptoms) {
      const { scope, index, weight } = symptom;
      const flow = this.#flowOf(symptom);
      total += weight;
      for (const [service, { mass, distance }] of flow.services) {
        const isOwn = scope === 'service' && service === index && this.#calls(service);
        if (isOwn) stays += weight * mass;
        const trust = isOwn ? this.#ownTrust(service) : 1;
        blamePlace(blameOf(blames, service, distance), weight * mass * trust);
      }
      for (const [edge, { mass, distance }] of flow.edges) {
        blameEdge(blameOf(blames, edgeTarget[edge], distance), edge, weight * mass);
      }
    }
    return { blames, unexplained: total > 0 ? stays / total : 0 };
  }

  /** What a service shows of its own accord may explain a caller that its latency and errors do not. */
  #lookBelow(symptom: number, blames: Map<number, Blame>): void {
    const { topology, outOffsets } = this.#signals.graph;
    const distances = new Map([[symptom, 0]]);
    let budget: number = ROOT_CAUSE.maxLooks;
    for (const [service, distance] of distances) {
      if (distance >= ROOT_CAUSE.maxSteps) return;
      for (let edge = outOffsets[service]; edge < outOffsets[service + 1]; edge += 1) {
        budget -= 1;
        if (budget < 0) return;
        const target = topology.edgeTarget[edge];
        if (distances.has(target)) continue;
        distances.set(target, distance + 1);
        blameOf(blames, target, distance + 1);
      }
    }
  }

  #ownTrust(service: number): number {
    const { unexplainedTrust } = ROOT_CAUSE;
    return unexplainedTrust + (1 - unexplainedTrust) * this.localOf(service).belief;
  }

  #calls(service: number): boolean {
    const { outOffsets } = this.#signals.graph;
    return outOffsets[service + 1] > outOffsets[service];
  }

  #rank(
    blames: ReadonlyMap<number, Blame>,
    of: { symptoms: readonly Symptom[]; showing: ReadonlySet<number>; unexplained: number },
  ): Suspect[] {
    const own = new Set(of.symptoms.filter(({ scope }) => scope === 'service').map(({ index }) => index));
    const suspects: Suspect[] = [];
    for (const [service, blame] of blames) {
      const local = this.localOf(service);
      // At a symptom that calls others, it already raised the trust in what stays there.
      const share = of.showing.has(service) ? 1 : of.unexplained;
      const alone = own.has(service) && this.#calls(service) ? 0 : local.belief * share;
      let [edge, strongest, doubt] = [-1, Math.max(blame.atPlace, alone), blame.doubt * (1 - alone)];
      for (const [on, part] of blame.onEdges) {
        doubt *= 1 - part;
        if (part > strongest) [edge, strongest] = [on, part];
      }
      if (1 - doubt < ROOT_CAUSE.scoreGrain / 2) continue;
      suspects.push({ service, edge, score: 1 - doubt, distance: blame.distance, local });
    }
    return suspects.sort(mostSuspectFirst);
  }
}

const steps = (score: number): number => Math.round(score / ROOT_CAUSE.scoreGrain);

const mostSuspectFirst = (a: Suspect, b: Suspect): number =>
  steps(b.score) - steps(a.score) || b.distance - a.distance || b.score - a.score || a.service - b.service;

function blameOf(blames: Map<number, Blame>, service: number, distance = 0): Blame {
  const known = blames.get(service);
  if (known !== undefined) {
    known.distance = Math.min(known.distance, distance);
    return known;
  }
  const blame = { distance, doubt: 1, atPlace: 0, onEdges: new Map<number, number>() };
  blames.set(service, blame);
  return blame;
}

function blamePlace(blame: Blame, part: number): void {
  blame.doubt *= 1 - Math.min(1, part);
  blame.atPlace = Math.max(blame.atPlace, part);
}

function blameEdge(blame: Blame, edge: number, part: number): void {
  blame.onEdges.set(edge, Math.max(blame.onEdges.get(edge) ?? 0, Math.min(1, part)));
}
