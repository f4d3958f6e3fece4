import type { AnomalyAlert, FailingDependency, ServiceHealth, Snapshot, TrafficPattern } from './snapshot.ts';
import type { CollectionDelta, Patch, SnapshotDelta } from './delta-schema.ts';
import { compareIncidents, type Incident } from './incidents.ts';
import { SEVERITIES } from './primitives.ts';
import { edgeKey } from './topology.ts';

/**
 * How one keyed list of a snapshot is compared, patched and ordered. Order is part of the snapshot, so that
 * apply(a, diff(a, b)) equals b to the letter and not only as a set.
 */
interface Collection<T extends object> {
  readonly key: (entity: T) => string;
  readonly compare: (a: T, b: T) => number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byEdge = (a: { source_id: string; target_id: string }, b: { source_id: string; target_id: string }): number =>
  byText(a.source_id, b.source_id) || byText(a.target_id, b.target_id);

export const COLLECTIONS = {
  services: {
    key: (s: ServiceHealth) => s.resource_id,
    compare: (a: ServiceHealth, b: ServiceHealth) => byText(a.resource_id, b.resource_id),
  },
  anomalies: {
    key: (a: AnomalyAlert) => a.alert_id,
    // Worst first, then oldest first: what an on-call engineer reads from the top.
    compare: (a: AnomalyAlert, b: AnomalyAlert) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      byText(a.detected_at, b.detected_at) ||
      byText(a.alert_id, b.alert_id),
  },
  traffic_patterns: { key: (t: TrafficPattern) => edgeKey(t.source_id, t.target_id), compare: byEdge },
  failing_dependencies: { key: (f: FailingDependency) => edgeKey(f.source_id, f.target_id), compare: byEdge },
  dependencies: {
    key: (d: Snapshot['dependencies'][number]) => edgeKey(d[0], d[1]),
    compare: (a: Snapshot['dependencies'][number], b: Snapshot['dependencies'][number]) =>
      byText(a[0], b[0]) || byText(a[1], b[1]),
  },
} as const;

/** Apart from COLLECTIONS, since a snapshot may be without it: a stream has incidents in each state or in none. */
const INCIDENTS: Collection<Incident> = { key: (incident) => incident.incident_id, compare: compareIncidents };

function diffIncidents(before: Snapshot, after: Snapshot): CollectionDelta<Incident> | undefined {
  if (after.incidents === undefined) return undefined;
  const changes = diffCollection(INCIDENTS, before.incidents ?? [], after.incidents);
  return changes ?? (before.incidents === undefined ? {} : undefined);
}

export type CollectionName = keyof typeof COLLECTIONS;
const NAMES = Object.keys(COLLECTIONS) as CollectionName[];
/** Fields whose members are patched one by one instead of as a whole. */
const MERGED_FIELDS: ReadonlySet<string> = new Set(['metrics']);

type Fields = Record<string, unknown>;

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((k) => Object.hasOwn(b, k) && sameValue((a as Fields)[k], (b as Fields)[k]));
}

function fieldChanges(before: Fields, after: Fields, merge: boolean): Fields | undefined {
  let changes: Fields | undefined;
  const set = (field: string, value: unknown): void => {
    changes ??= {};
    // defineProperty, for a field may be called __proto__: label and metric names come from outside.
    Object.defineProperty(changes, field, { value, enumerable: true, configurable: true, writable: true });
  };
  for (const field of Object.keys(after)) {
    const value = after[field];
    if (Object.hasOwn(before, field) && sameValue(before[field], value)) continue;
    const mergeable = merge && MERGED_FIELDS.has(field) && Object.hasOwn(before, field);
    set(field, mergeable ? fieldChanges(before[field] as Fields, value as Fields, false) : value);
  }
  for (const field of Object.keys(before)) if (!Object.hasOwn(after, field)) set(field, null);
  return changes;
}

/** The smallest patch that turns `before` into `after`, or undefined when they are equal. */
export function diffEntity<T extends object>(before: T, after: T): Fields | undefined {
  return before === after ? undefined : fieldChanges(before as Fields, after as Fields, true);
}

function patchFields(before: Fields, patch: Fields, merge: boolean): Fields {
  const out: Fields = { ...before };
  for (const field of Object.keys(patch)) {
    const value = patch[field];
    if (value === null) delete out[field];
    else {
      const mergeable = merge && MERGED_FIELDS.has(field) && Object.hasOwn(before, field);
      const next = mergeable ? patchFields(before[field] as Fields, value as Fields, false) : value;
      Object.defineProperty(out, field, { value: next, enumerable: true, configurable: true, writable: true });
    }
  }
  return out;
}

/**
 * Both lists without the entities that are the identical object in both. States share what did not change between them,
 * and as the lists are ordered, that is found by one walk along both, without keys.
 */
function dropShared<T extends object>(
  kind: Collection<T>,
  before: readonly T[],
  after: readonly T[],
): { readonly before: readonly T[]; readonly after: readonly T[] } {
  const rest: { before: T[]; after: T[] } = { before: [], after: [] };
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    const [a, b] = [before[i], after[j]];
    const order = a === b ? 0 : kind.compare(a, b);
    if (a !== b && order <= 0) rest.before.push(a);
    if (a !== b && order >= 0) rest.after.push(b);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return { before: rest.before.concat(before.slice(i)), after: rest.after.concat(after.slice(j)) };
}

function diffCollection<T extends object>(
  kind: Collection<T>,
  before: readonly T[],
  after: readonly T[],
): CollectionDelta<T> | undefined {
  if (before === after) return undefined;
  const differing = dropShared(kind, before, after);
  const old = new Map(differing.before.map((entity) => [kind.key(entity), entity]));
  const upsert: Patch<T>[] = [];
  for (const entity of differing.after) {
    const key = kind.key(entity);
    const previous = old.get(key);
    old.delete(key);
    if (previous === undefined) upsert.push([key, entity]);
    else {
      const changes = diffEntity(previous, entity);
      if (changes !== undefined) upsert.push([key, changes]);
    }
  }
  if (upsert.length === 0 && old.size === 0) return undefined;
  return { ...(upsert.length > 0 && { upsert }), ...(old.size > 0 && { remove: [...old.keys()] }) };
}

function applyCollection<T extends object>(kind: Collection<T>, before: readonly T[], delta: CollectionDelta<T>): T[] {
  const entities = new Map(before.map((entity) => [kind.key(entity), entity]));
  for (const key of delta.remove ?? []) entities.delete(key);
  for (const [key, patch] of delta.upsert ?? []) {
    const previous = entities.get(key);
    entities.set(key, (previous === undefined ? patch : patchFields(previous as Fields, patch, true)) as T);
  }
  return [...entities.values()].sort(kind.compare);
}

/** What must be sent so that a reader that holds `before` holds `after`. Law: `apply(a, diff(a, b))` equals `b`. */
export function diff(before: Snapshot, after: Snapshot): SnapshotDelta {
  const out: Fields = { timestamp: after.timestamp, overall_health: after.overall_health };
  const freshness = fieldChanges(before.freshness, after.freshness, false);
  if (freshness !== undefined) out['freshness'] = freshness;
  for (const name of NAMES) {
    const kind = COLLECTIONS[name] as unknown as Collection<object>;
    const changes = diffCollection(kind, before[name] as object[], after[name] as object[]);
    if (changes !== undefined) out[name] = changes;
  }
  const incidents = diffIncidents(before, after);
  if (incidents !== undefined) out['incidents'] = incidents;
  return out as unknown as SnapshotDelta;
}

/** The snapshot a reader holds after `delta`. Leaves `before` untouched; unchanged entities keep their identity. */
export function apply(before: Snapshot, delta: SnapshotDelta): Snapshot {
  const out: Fields = { ...before, timestamp: delta.timestamp, overall_health: delta.overall_health };
  if (delta.freshness !== undefined) out['freshness'] = patchFields(before.freshness, delta.freshness, false);
  for (const name of NAMES) {
    const changes = delta[name];
    if (changes === undefined) continue;
    const kind = COLLECTIONS[name] as unknown as Collection<object>;
    out[name] = applyCollection(kind, before[name] as object[], changes);
  }
  if (delta.incidents !== undefined) {
    out['incidents'] = applyCollection(INCIDENTS, before.incidents ?? [], delta.incidents);
  }
  return out as unknown as Snapshot;
}
