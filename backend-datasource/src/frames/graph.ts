import type { Labels, ServiceHealth, Snapshot, TrafficPattern } from '@topdeck/protocol';

/** One building a key: snapshots are immutable and share the lists that did not change between them. */
export function remembered<K extends object, V>(build: (key: K) => V): (key: K) => V {
  const built = new WeakMap<K, V>();
  return (key) => {
    const known = built.get(key);
    if (known !== undefined) return known;
    const value = build(key);
    built.set(key, value);
    return value;
  };
}

const byId = remembered((services: Snapshot['services']) => new Map(services.map((s) => [s.resource_id, s])));
export const servicesById = ({ services }: Snapshot): ReadonlyMap<string, ServiceHealth> => byId(services);

/** Nested maps: one of joined keys would make 50,000 texts for each state. */
const bySource = remembered((patterns: Snapshot['traffic_patterns']) => {
  const sources = new Map<string, Map<string, TrafficPattern>>();
  for (const pattern of patterns) {
    const targets = sources.get(pattern.source_id);
    if (targets === undefined) sources.set(pattern.source_id, new Map([[pattern.target_id, pattern]]));
    else targets.set(pattern.target_id, pattern);
  }
  return sources;
});

/** An edge and what is known of it and of its ends. */
export interface Edge {
  readonly source_id: string;
  readonly target_id: string;
  readonly source: ServiceHealth | undefined;
  readonly target: ServiceHealth | undefined;
  readonly traffic: TrafficPattern | undefined;
}

const joined = remembered((snapshot: Snapshot): readonly Edge[] => {
  const services = servicesById(snapshot);
  const traffic = bySource(snapshot.traffic_patterns);
  // Edges are sorted by source, so that one look-up serves many.
  let at: { id: string; source: Edge['source']; targets: ReadonlyMap<string, TrafficPattern> | undefined } | undefined;
  return snapshot.dependencies.map(([source_id, target_id]) => {
    if (at?.id !== source_id) at = { id: source_id, source: services.get(source_id), targets: traffic.get(source_id) };
    const { source, targets } = at;
    return { source_id, target_id, source, target: services.get(target_id), traffic: targets?.get(target_id) };
  });
});
/** Of every dependency, with or without traffic. Queries of one state share them. */
export const edgesOf = (snapshot: Snapshot): readonly Edge[] => joined(snapshot);

/** Of the edges with traffic. */
export function trafficEdgesOf(snapshot: Snapshot): (Edge & { readonly traffic: TrafficPattern })[] {
  const services = servicesById(snapshot);
  return snapshot.traffic_patterns.map((traffic) => ({
    source_id: traffic.source_id,
    target_id: traffic.target_id,
    source: services.get(traffic.source_id),
    target: services.get(traffic.target_id),
    traffic,
  }));
}

/** To the list of that key, which begins with them where there is none. */
export function addTo(lists: Map<string, string[]>, key: string, ...values: readonly string[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [...values]);
  else list.push(...values);
}

const neighbours = remembered((dependencies: Snapshot['dependencies']) => {
  const lists = new Map<string, string[]>();
  for (const [source, target] of dependencies) {
    addTo(lists, source, target);
    addTo(lists, target, source);
  }
  return lists;
});

/** The resource itself and what lies up to `depth` edges away in either direction. */
export function around({ dependencies }: Snapshot, id: string, depth: number): ReadonlySet<string> {
  const lists = neighbours(dependencies);
  const found = new Set([id]);
  let rim = [id];
  for (let away = 0; away < depth && rim.length > 0; away += 1) {
    const next: string[] = [];
    for (const near of rim) {
      for (const far of lists.get(near) ?? []) {
        if (found.has(far)) continue;
        found.add(far);
        next.push(far);
      }
    }
    rim = next;
  }
  return found;
}

/** How many edges a resource is an end of. */
export const degreeOf = ({ dependencies }: Snapshot, id: string): number =>
  neighbours(dependencies).get(id)?.length ?? 0;

/** A graph whose nodes carry keys of their own each would make a column a node. */
const MAX_LABEL_KEYS = 50;

const keysOf = remembered((services: Snapshot['services']) => {
  const keys = new Set<string>();
  for (const { labels } of services) for (const key in labels) keys.add(key);
  return [...keys].sort().slice(0, MAX_LABEL_KEYS);
});
/** Of all nodes, whatever the query lets through: columns must not come and go with rows. */
export const labelKeys = ({ services }: Snapshot): readonly string[] => keysOf(services);

export const labelOf = (service: { readonly labels?: Labels } | undefined, key: string): string | undefined =>
  service?.labels !== undefined && Object.hasOwn(service.labels, key) ? service.labels[key] : undefined;
