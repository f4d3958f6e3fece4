import { createHash } from 'node:crypto';
import type { Dependency, Labels, Resource, Topology, TopologyIssues } from '@topdeck/protocol';

/** A node as a source found it; whatever is missing or of another type is handled here, once for all sources. */
export interface RawResource {
  readonly id: unknown;
  readonly name?: unknown;
  readonly resource_type?: unknown;
  readonly labels?: Readonly<Record<string, unknown>>;
}
export interface RawDependency {
  readonly source: unknown;
  readonly target: unknown;
}

const MAX_ID_LENGTH = 512;
/** Hash input is fed in chunks of this many characters: one call per resource would double the time of a large graph. */
const HASH_CHUNK = 65_536;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Text of a scalar; undefined for absent, empty and structured values. Neo4j integers arrive as bigint. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** U+001F parts the two ids of an edge key, so an id that contains it names nothing. */
function idText(value: unknown): string | undefined {
  const id = text(value);
  return id === undefined || id.length > MAX_ID_LENGTH || id.includes('\u001f') ? undefined : id;
}

/**
 * Takes rows one by one, so that a source can stream a large graph without holding its rows: all resources first, then
 * all dependencies, then `build` once. Bad rows are counted in the topology's `issues`; the first of duplicates wins.
 */
export class TopologyBuilder {
  readonly #issues: TopologyIssues = {
    missing_id: 0,
    duplicate_id: 0,
    duplicate_edge: 0,
    dangling_edge: 0,
    self_edge: 0,
  };
  readonly #resources: Resource[] = [];
  /** id → index into #resources, in order of arrival. */
  readonly #arrival = new Map<string, number>();
  /** Source and target of each edge by order of arrival, alternating: 16 bytes an edge instead of two strings and a key. */
  readonly #edges: number[] = [];
  /** Types and label values repeat over thousands of nodes, and a decoder makes a new string for each. */
  readonly #strings = new Map<string, string>();

  addResource(row: RawResource): void {
    const id = idText(row.id);
    if (id === undefined) this.#issues.missing_id += 1;
    else if (this.#arrival.has(id)) this.#issues.duplicate_id += 1;
    else {
      this.#arrival.set(id, this.#resources.length);
      this.#resources.push({
        id,
        name: text(row.name) ?? id,
        resource_type: this.#shared(text(row.resource_type) ?? 'unknown'),
        labels: this.#labels(row.labels),
      });
    }
  }

  addDependency(source: unknown, target: unknown): void {
    const from = this.#arrival.get(text(source) ?? '');
    const to = this.#arrival.get(text(target) ?? '');
    if (from === undefined || to === undefined) this.#issues.dangling_edge += 1;
    else if (from === to) this.#issues.self_edge += 1;
    else this.#edges.push(from, to);
  }

  build(): Topology {
    const resources = this.#resources.toSorted((a, b) => byText(a.id, b.id));
    const indexOf = new Map(resources.map((resource, index) => [resource.id, index]));
    const { edgeSource, edgeTarget } = this.#sortedEdges(indexOf);
    const dependencies: Dependency[] = new Array<Dependency>(edgeSource.length);
    for (let i = 0; i < edgeSource.length; i += 1) {
      const source = resources[edgeSource[i]];
      const target = resources[edgeTarget[i]];
      dependencies[i] = { source: source.id, target: target.id };
    }
    const version = contentVersion(resources, [edgeSource, edgeTarget]);
    return { version, resources, dependencies, indexOf, edgeSource, edgeTarget, issues: { ...this.#issues } };
  }

  #shared(value: string): string {
    const known = this.#strings.get(value);
    if (known === undefined) this.#strings.set(value, value);
    return known ?? value;
  }

  #labels(raw: RawResource['labels']): Labels {
    const labels: Labels = {};
    for (const key of Object.keys(raw ?? {}).sort(byText)) {
      const value = text(raw?.[key]);
      if (value !== undefined) labels[key] = this.#shared(value);
    }
    return labels;
  }

  /**
   * Resources are sorted by id, so ordering edges by source and target id is ordering them by two indexes, packed here
   * into one number (below 2^53 for any graph that fits into memory): a typed array sorts without a comparator.
   */
  #sortedEdges(indexOf: ReadonlyMap<string, number>): Pick<Topology, 'edgeSource' | 'edgeTarget'> {
    const size = this.#resources.length;
    const rank = Uint32Array.from(this.#resources, (resource) => indexOf.get(resource.id) as number);
    const keys = new Float64Array(this.#edges.length / 2);
    for (let i = 0; i < keys.length; i += 1) {
      const source = rank[this.#edges[2 * i]];
      keys[i] = source * size + rank[this.#edges[2 * i + 1]];
    }
    keys.sort();
    let count = 0;
    for (let i = 0; i < keys.length; i += 1) {
      if (i > 0 && keys[i] === keys[count - 1]) continue;
      keys[count] = keys[i];
      count += 1;
    }
    this.#issues.duplicate_edge = keys.length - count;
    const unique = keys.subarray(0, count);
    return {
      edgeSource: Uint32Array.from(unique, (key) => Math.floor(key / size)),
      edgeTarget: Uint32Array.from(unique, (key) => key % size),
    };
  }
}

/** Edges enter as indexes: together with the ids before them, which are hashed in order, these tell all. */
function contentVersion(resources: readonly Resource[], edges: readonly Uint32Array[]): string {
  const hash = createHash('sha256');
  let chunk = '';
  for (const r of resources) {
    chunk += JSON.stringify([r.id, r.name, r.resource_type, r.labels]);
    if (chunk.length < HASH_CHUNK) continue;
    hash.update(chunk);
    chunk = '';
  }
  hash.update(chunk);
  for (const column of edges) hash.update(column);
  return hash.digest('hex').slice(0, 16);
}

/** Sorts, deduplicates and indexes what a source read at once. Rules as in {@link TopologyBuilder}. */
export function buildTopology(rawResources: Iterable<RawResource>, rawDependencies: Iterable<RawDependency>): Topology {
  const builder = new TopologyBuilder();
  for (const row of rawResources) builder.addResource(row);
  for (const row of rawDependencies) builder.addDependency(row.source, row.target);
  return builder.build();
}
