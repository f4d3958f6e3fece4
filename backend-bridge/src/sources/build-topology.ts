import { createHash } from 'node:crypto';
import {
  edgeKey,
  type Dependency,
  type Labels,
  type Resource,
  type Topology,
  type TopologyIssues,
} from '@topdeck/protocol';

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

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Text of a scalar; undefined for absent, empty and structured values. Neo4j integers arrive as bigint. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function readLabels(raw: RawResource['labels']): Labels {
  const labels: Labels = {};
  for (const key of Object.keys(raw ?? {}).sort(byText)) {
    const value = text(raw?.[key]);
    if (value !== undefined) labels[key] = value;
  }
  return labels;
}

function readResources(rows: Iterable<RawResource>, issues: TopologyIssues): Resource[] {
  const byId = new Map<string, Resource>();
  for (const row of rows) {
    const id = text(row.id);
    if (id === undefined || id.length > 512) issues.missing_id += 1;
    else if (byId.has(id)) issues.duplicate_id += 1;
    else {
      byId.set(id, {
        id,
        name: text(row.name) ?? id,
        resource_type: text(row.resource_type) ?? 'unknown',
        labels: readLabels(row.labels),
      });
    }
  }
  return [...byId.values()].sort((a, b) => byText(a.id, b.id));
}

function readDependencies(
  rows: Iterable<RawDependency>,
  ids: ReadonlyMap<string, number>,
  issues: TopologyIssues,
): Dependency[] {
  const byKey = new Map<string, Dependency>();
  for (const row of rows) {
    const source = text(row.source);
    const target = text(row.target);
    if (source === undefined || target === undefined || !ids.has(source) || !ids.has(target)) issues.dangling_edge += 1;
    else if (source === target) issues.self_edge += 1;
    else if (byKey.has(edgeKey(source, target))) issues.duplicate_edge += 1;
    else byKey.set(edgeKey(source, target), { source, target });
  }
  return [...byKey.values()].sort((a, b) => byText(a.source, b.source) || byText(a.target, b.target));
}

function contentVersion(resources: readonly Resource[], dependencies: readonly Dependency[]): string {
  const hash = createHash('sha256');
  for (const r of resources) hash.update(JSON.stringify([r.id, r.name, r.resource_type, r.labels]));
  for (const d of dependencies) hash.update(edgeKey(d.source, d.target)).update('\n');
  return hash.digest('hex').slice(0, 16);
}

/** Sorts, deduplicates and indexes what a source read. Bad rows are counted in `issues`; the first of duplicates wins. */
export function buildTopology(rawResources: Iterable<RawResource>, rawDependencies: Iterable<RawDependency>): Topology {
  const issues: TopologyIssues = { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 };
  const resources = readResources(rawResources, issues);
  const indexOf = new Map(resources.map((resource, index) => [resource.id, index]));
  const dependencies = readDependencies(rawDependencies, indexOf, issues);
  return {
    version: contentVersion(resources, dependencies),
    resources,
    dependencies,
    indexOf,
    edgeSource: Uint32Array.from(dependencies, (d) => indexOf.get(d.source) as number),
    edgeTarget: Uint32Array.from(dependencies, (d) => indexOf.get(d.target) as number),
    issues,
  };
}
