import type { Excess, Kind, Signals } from './signals.ts';
import { ROOT_CAUSE } from './tuning.ts';

interface Share {
  readonly edge: number;
  readonly target: number;
  /** Part of the caller’s excess that goes along the edge. */
  readonly part: number;
  /** Part of that which the called service itself is slow or failing by; the rest arose on the way. */
  readonly arriving: number;
}

/** Part of the symptom’s excess that stays at a place, and the calls between the symptom and there. */
export interface Stay {
  readonly mass: number;
  readonly distance: number;
}
/** Where the excess of a symptom stays: by service, and by edge what arose between caller and called. */
export interface Flow {
  readonly services: Map<number, Stay>;
  readonly edges: Map<number, Stay>;
}

/**
 * The symptom’s excess flows down the call graph. A called service takes the part of its caller’s excess that its own
 * makes up, as far as its deviation is believed; what no called service takes stays.
 */
export class ExcessFlow {
  readonly #signals: Signals;
  readonly #kind: Kind;
  readonly #isInferred: (service: number) => boolean;
  readonly #shares = new Map<number, readonly Share[]>();

  constructor(signals: Signals, kind: Kind, isInferred: (service: number) => boolean) {
    this.#signals = signals;
    this.#kind = kind;
    this.#isInferred = isInferred;
  }

  /** Excess of 1 at the edge, as its caller sees it. */
  along(edge: number): Flow {
    const target = this.#signals.graph.topology.edgeTarget[edge];
    const arriving = arrivingPart(this.#signals.ofEdge(this.#kind, edge), this.#signals.ofService(this.#kind, target));
    const flow = this.from(target, arriving);
    stay(flow.edges, edge, { mass: 1 - arriving, distance: 0 });
    return flow;
  }

  /** Excess of so much at the service. In a cycle it goes round until maxSteps end it. */
  from(service: number, excess = 1): Flow {
    const flow: Flow = { services: new Map(), edges: new Map() };
    let moving = new Map([[service, excess]]);
    for (let distance = 0; moving.size > 0; distance += 1) {
      const next = new Map<number, number>();
      for (const [at, mass] of moving) {
        let left = mass;
        const isFollowed = distance < ROOT_CAUSE.maxSteps && mass >= ROOT_CAUSE.leastMass;
        for (const { edge, target, part, arriving } of isFollowed ? this.#sharesOf(at) : []) {
          left -= mass * part;
          if (arriving > 0) next.set(target, (next.get(target) ?? 0) + mass * part * arriving);
          if (arriving < 1) stay(flow.edges, edge, { mass: mass * part * (1 - arriving), distance: distance + 1 });
        }
        stay(flow.services, at, { mass: left, distance });
      }
      moving = next;
    }
    return flow;
  }

  #sharesOf(service: number): readonly Share[] {
    const known = this.#shares.get(service) ?? this.#measure(service);
    this.#shares.set(service, known);
    return known;
  }

  #measure(service: number): readonly Share[] {
    const { amount } = this.#signals.ofService(this.#kind, service);
    if (!(amount > 0)) return [];
    const { topology, outOffsets } = this.#signals.graph;
    const end = Math.min(outOffsets[service + 1], outOffsets[service] + ROOT_CAUSE.maxEdges);
    const shares: Share[] = [];
    let total = 0;
    for (let edge = outOffsets[service]; edge < end; edge += 1) {
      const target = topology.edgeTarget[edge];
      const seen = this.#signals.ofEdge(this.#kind, edge);
      const own = this.#signals.ofService(this.#kind, target);
      const taken = Number.isNaN(seen.amount) ? own : seen;
      if (!(taken.amount > 0)) continue;
      const trust = this.#isInferred(target) ? ROOT_CAUSE.inferredTrust : 1;
      const part = taken.belief * trust * Math.min(1, taken.amount / amount);
      if (part < ROOT_CAUSE.leastMass) continue;
      total += part;
      shares.push({ edge, target, part, arriving: taken === own ? 1 : arrivingPart(seen, own) });
    }
    return total > 1 ? shares.map((share) => ({ ...share, part: share.part / total })) : shares;
  }
}

function stay<K>(places: Map<K, Stay>, at: K, { mass, distance }: Stay): void {
  const before = places.get(at);
  places.set(at, { mass: mass + (before?.mass ?? 0), distance: before?.distance ?? distance });
}

/** The part of what the caller sees that the called service itself is slow or failing by; all where nobody knows its own. */
const arrivingPart = (seen: Excess, own: Excess): number =>
  own.amount >= 0 && seen.amount > 0 ? Math.min(1, own.amount / seen.amount) : 1;
