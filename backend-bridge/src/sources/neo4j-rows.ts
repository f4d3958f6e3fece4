import type { Record as Neo4jRecord } from 'neo4j-driver';
import { BridgeError } from '../errors.ts';
import type { RawDependency, RawResource } from './build-topology.ts';

/** How to read one query's records: made once from its columns, then applied to each record by position. */
export type RowReader<T> = (record: Pick<Neo4jRecord, 'get'>) => T;

/** Columns with a meaning of their own; never taken for labels. */
const NODE_COLUMNS: ReadonlySet<string> = new Set(['id', 'name', 'resource_type', 'properties', 'labels']);

function requireColumns(query: 'nodes' | 'edges', columns: readonly string[], required: readonly string[]): void {
  const missing = required.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  const detail = `the ${query} query returns ${columns.join(', ')} but not ${missing.join(', ')}`;
  throw new BridgeError('NEO4J_QUERY_FAILED', { detail });
}

/** `properties` as a map, or as a list of [key, value] pairs (which Cypher can cut to the label keys in the database). */
function readProperties(value: unknown, keep: ReadonlySet<string>): Record<string, unknown> {
  const labels: Record<string, unknown> = {};
  if (Array.isArray(value)) {
    for (const pair of value) {
      if (Array.isArray(pair) && typeof pair[0] === 'string' && keep.has(pair[0])) labels[pair[0]] = pair[1];
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key of keep) if (Object.hasOwn(value, key)) labels[key] = (value as Record<string, unknown>)[key];
  }
  return labels;
}

const firstText = (value: unknown): string | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' ? value[0] : undefined;

/**
 * Reads `id` (required), `name`, `resource_type`, `labels` (the node's own, whose first stands in for a missing
 * resource_type) and, for each of `labelKeys`, the column of that name or else the entry in `properties`.
 */
export function nodeReader(columns: readonly string[], labelKeys: readonly string[]): RowReader<RawResource> {
  requireColumns('nodes', columns, ['id']);
  const at = (name: string): number => columns.indexOf(name);
  const [id, name, type, properties, nodeLabels] = ['id', 'name', 'resource_type', 'properties', 'labels'].map(at) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const keep = new Set(labelKeys);
  const own = labelKeys.filter((key) => columns.includes(key) && !NODE_COLUMNS.has(key)).map((key) => [key, at(key)]);
  return (record) => {
    const get = (index: number): unknown => (index < 0 ? undefined : record.get(index));
    const labels = readProperties(get(properties), keep);
    for (const [key, index] of own as [string, number][]) labels[key] = get(index) ?? labels[key];
    return { id: get(id), name: get(name), resource_type: get(type) || firstText(get(nodeLabels)), labels };
  };
}

/** Reads `source` and `target`, both required. */
export function edgeReader(columns: readonly string[]): RowReader<RawDependency> {
  requireColumns('edges', columns, ['source', 'target']);
  const source = columns.indexOf('source');
  const target = columns.indexOf('target');
  return (record) => ({ source: record.get(source) as unknown, target: record.get(target) as unknown });
}
