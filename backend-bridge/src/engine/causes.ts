import { WELL_KNOWN_METRICS } from '@topdeck/protocol';
import { entityName, type Cause, type OpenAnomaly } from './anomalies.ts';
import type { Graph } from './graph.ts';

/** Bounds of one search, so that a hub with thousands of dependencies cannot stall a tick. */
const MAX_DEPTH = 8;
const MAX_EDGES = 500;
const MAX_CAUSES = 5;

interface Suspect {
  readonly anomaly: OpenAnomaly;
  readonly depth: number;
  readonly isRoot: boolean;
}

/** Fewer requests further down are an effect of the caller, never its cause. */
const isFewerRequests = (anomaly: OpenAnomaly): boolean =>
  anomaly.spec.name === WELL_KNOWN_METRICS.requestRate && anomaly.current < anomaly.expected;

const mostSuspectFirst = (a: Suspect, b: Suspect): number =>
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

/**
 * Names what may be behind each open anomaly: anomalous services and edges downstream (source → target, breadth first).
 * The search passes through anomalous services and through those that nothing is known of, but not through a service
 * known to be well: it would not pass trouble on. Order: first those that have no anomalous dependency themselves, among
 * them the deepest, then by score; at most MAX_CAUSES. An edge is named only where its target shows nothing.
 */
export class CauseSearch {
  readonly #anomalies: readonly OpenAnomaly[];
  readonly #graph: Graph;
  readonly #isKnown: (service: number) => boolean;
  readonly #services: ReadonlyMap<number, OpenAnomaly>;
  readonly #edges: ReadonlyMap<number, OpenAnomaly>;

  constructor(anomalies: readonly OpenAnomaly[], graph: Graph, isKnown: (service: number) => boolean) {
    this.#anomalies = anomalies;
    this.#graph = graph;
    this.#isKnown = isKnown;
    this.#services = strongestByIndex(anomalies, 'service');
    this.#edges = strongestByIndex(anomalies, 'edge');
  }

  /** Sets the causes of every anomaly. Anomalies of one entity share them. */
  nameAll(): void {
    const named = new Map<string, readonly Cause[]>();
    for (const anomaly of this.#anomalies) {
      const entity = `${anomaly.spec.scope} ${anomaly.index}`;
      const causes = named.get(entity) ?? this.#name(anomaly);
      named.set(entity, causes);
      anomaly.causes = causes;
    }
  }

  #name({ spec, index }: OpenAnomaly): readonly Cause[] {
    const { topology } = this.#graph;
    const suspects: Suspect[] = [];
    if (spec.scope === 'service') this.#search(index, 0, suspects);
    else {
      const target = topology.edgeTarget[index];
      const anomaly = this.#services.get(target);
      if (anomaly !== undefined) suspects.push({ anomaly, depth: 1, isRoot: !this.#hasAnomalousDependency(target) });
      if (anomaly !== undefined || !this.#isKnown(target)) this.#search(target, 1, suspects);
    }
    return suspects
      .sort(mostSuspectFirst)
      .slice(0, MAX_CAUSES)
      .map(({ anomaly }) => this.#causeOf(anomaly));
  }

  #causeOf({ spec, index, message }: OpenAnomaly): Cause {
    const { topology } = this.#graph;
    const resource = spec.scope === 'service' ? index : topology.edgeTarget[index];
    return { id: topology.resources[resource].id, text: `${entityName(spec, index, topology)}: ${message}` };
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
        if (anomaly !== undefined) {
          suspects.push({ anomaly, depth: depth + 1, isRoot: !this.#hasAnomalousDependency(target) });
        }
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
