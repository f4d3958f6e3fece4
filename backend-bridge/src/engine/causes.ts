import { WELL_KNOWN_METRICS } from '@topdeck/protocol';
import { entityName, type Cause, type OpenAnomaly } from './anomalies.ts';
import type { Graph } from './graph.ts';
import type { RootCauses } from './root-cause/root-causes.ts';
import type { Kind } from './root-cause/signals.ts';

/** Bounds of one search, so that a hub with thousands of dependencies cannot stall a tick. */
const MAX_DEPTH = 8;
const MAX_EDGES = 500;
const MAX_CAUSES = 5;
/** Entities whose causes are ranked by the flow of excess in one tick, worst first; beyond, by the order of the search. */
const MAX_RANKED = 100;

interface Suspect {
  /** Part of the excess that stays there, in steps of a hundredth. */
  readonly share: number;
  readonly anomaly: OpenAnomaly;
  readonly depth: number;
  readonly isRoot: boolean;
}

/** Fewer requests further down are an effect of the caller, never its cause. */
const isFewerRequests = (anomaly: OpenAnomaly): boolean =>
  anomaly.spec.name === WELL_KNOWN_METRICS.requestRate && anomaly.current < anomaly.expected;

const mostSuspectFirst = (a: Suspect, b: Suspect): number =>
  b.share - a.share ||
  Number(b.isRoot) - Number(a.isRoot) ||
  b.depth - a.depth ||
  b.anomaly.score - a.anomaly.score ||
  (a.anomaly.alertId < b.anomaly.alertId ? -1 : 1);

/** The strongest suspect anomaly per series index; ties go to the metric name, so that the choice is stable. */
function strongestByIndex(anomalies: readonly OpenAnomaly[], scope: 'service' | 'edge'): Map<number, OpenAnomaly> {
  const strongest = new Map<number, OpenAnomaly>();
  for (const anomaly of anomalies) {
    if (anomaly.spec.scope !== scope || isFewerRequests(anomaly)) continue;
    const other = strongest.get(anomaly.index);
    const wins =
      other === undefined ||
      anomaly.score > other.score ||
      (anomaly.score === other.score && anomaly.spec.name < other.spec.name);
    if (wins) strongest.set(anomaly.index, anomaly);
  }
  return strongest;
}

interface CauseSearchInput {
  readonly graph: Graph;
  readonly rootCauses: RootCauses;
  readonly isKnown: (service: number) => boolean;
}

const kindOf = ({ spec }: OpenAnomaly): Kind | undefined => {
  if (spec.name === WELL_KNOWN_METRICS.errorRate) return 'errors';
  return spec.name.startsWith('latency') ? 'latency' : undefined;
};

/**
 * Names what may be behind each open anomaly: anomalous services and edges downstream (source → target, breadth first).
 * The search passes through anomalous services and through those that nothing is known of, but not through a service
 * known to be well: it would not pass trouble on. Order: by the share of the excess that stays there (root-cause/), then
 * those that have no anomalous dependency themselves, the deepest, then by score; at most MAX_CAUSES. An edge is named only where its target shows nothing.
 */
export class CauseSearch {
  readonly #anomalies: readonly OpenAnomaly[];
  readonly #graph: Graph;
  readonly #rootCauses: RootCauses;
  readonly #isKnown: (service: number) => boolean;
  readonly #services: ReadonlyMap<number, OpenAnomaly>;
  readonly #edges: ReadonlyMap<number, OpenAnomaly>;

  constructor(anomalies: readonly OpenAnomaly[], { graph, rootCauses, isKnown }: CauseSearchInput) {
    this.#anomalies = anomalies;
    this.#graph = graph;
    this.#rootCauses = rootCauses;
    this.#isKnown = isKnown;
    this.#services = strongestByIndex(anomalies, 'service');
    this.#edges = strongestByIndex(anomalies, 'edge');
  }

  /** Sets the causes of every anomaly. Anomalies of one entity share them. */
  nameAll(): void {
    const byEntity = new Map<string, OpenAnomaly[]>();
    for (const anomaly of [...this.#anomalies].sort((a, b) => b.score - a.score)) {
      const entity = `${anomaly.spec.scope} ${anomaly.index}`;
      const present = byEntity.get(entity);
      if (present === undefined) byEntity.set(entity, [anomaly]);
      else present.push(anomaly);
    }
    let place = 0;
    for (const anomalies of byEntity.values()) {
      const found = this.#suspects(anomalies[0]);
      const ranked = found.length > 1 && place < MAX_RANKED ? this.#ranked(found, anomalies) : found;
      place += 1;
      const causes = [...ranked].sort(mostSuspectFirst).slice(0, MAX_CAUSES);
      for (const anomaly of anomalies) anomaly.causes = causes.map((suspect) => this.#causeOf(suspect.anomaly));
    }
  }

  #ranked(suspects: readonly Suspect[], anomalies: readonly OpenAnomaly[]): readonly Suspect[] {
    const symptom = anomalies.find((anomaly) => kindOf(anomaly) !== undefined);
    const kind = symptom && kindOf(symptom);
    if (symptom === undefined || kind === undefined) return suspects;
    const { spec, index, sinceMs } = symptom;
    const shares = this.#rootCauses.shares({ scope: spec.scope, index, kind }, sinceMs);
    return suspects.map((suspect) => {
      const share = shares.get(this.#resourceOf(suspect.anomaly)) ?? 0;
      return { ...suspect, share: Math.round(share * 100) };
    });
  }

  #resourceOf({ spec, index }: OpenAnomaly): number {
    return spec.scope === 'service' ? index : this.#graph.topology.edgeTarget[index];
  }

  #suspects({ spec, index }: OpenAnomaly): readonly Suspect[] {
    const { topology } = this.#graph;
    const suspects: Suspect[] = [];
    if (spec.scope === 'service') this.#search(index, 0, suspects);
    else {
      const target = topology.edgeTarget[index];
      const anomaly = this.#services.get(target);
      if (anomaly !== undefined) suspects.push(this.#suspectAt(anomaly, { depth: 1, target }));
      if (anomaly !== undefined || !this.#isKnown(target)) this.#search(target, 1, suspects);
    }
    return suspects;
  }

  #suspectAt(anomaly: OpenAnomaly, { depth, target }: { depth: number; target: number }): Suspect {
    return { share: 0, anomaly, depth, isRoot: !this.#hasAnomalousDependency(target) };
  }

  #causeOf(anomaly: OpenAnomaly): Cause {
    const { topology } = this.#graph;
    const { id } = topology.resources[this.#resourceOf(anomaly)];
    return { id, text: `${entityName(anomaly.spec, anomaly.index, topology)}: ${anomaly.message}` };
  }

  #search(start: number, startDepth: number, suspects: Suspect[]): void {
    const { topology, outOffsets } = this.#graph;
    const seen = new Set([start]);
    const queue: (readonly [service: number, depth: number])[] = [[start, startDepth]];
    let budget = MAX_EDGES;
    for (const [service, depth] of queue) {
      if (depth >= MAX_DEPTH) continue;
      for (let e = outOffsets[service]; e < outOffsets[service + 1]; e += 1) {
        budget -= 1;
        if (budget < 0) return;
        const target = topology.edgeTarget[e];
        if (seen.has(target)) continue;
        seen.add(target);
        const anomaly = this.#services.get(target) ?? this.#edges.get(e);
        if (anomaly !== undefined) suspects.push(this.#suspectAt(anomaly, { depth: depth + 1, target }));
        if (anomaly !== undefined || !this.#isKnown(target)) queue.push([target, depth + 1]);
      }
    }
  }

  #hasAnomalousDependency(service: number): boolean {
    const { topology, outOffsets } = this.#graph;
    const first = outOffsets[service];
    const end = Math.min(outOffsets[service + 1], first + MAX_EDGES);
    for (let e = first; e < end; e += 1) {
      if (this.#edges.has(e) || this.#services.has(topology.edgeTarget[e])) return true;
    }
    return false;
  }
}
