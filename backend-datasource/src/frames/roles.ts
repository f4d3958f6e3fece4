import type { Snapshot } from '@topdeck/protocol';
import { remembered } from './graph.ts';
import { findTrouble, type Trouble } from './trouble.ts';

/**
 * What a resource is in an incident.
 *  - cause: what the anomalies of others point to in the end; or what is degraded or failed while nothing that it calls
 *    is ill and a caller suffers.
 *  - first_failure: where the incident was seen first, when that was not at a cause.
 *  - impacted: ill, and its anomalies or its calls lead to a cause.
 */
export type Role = 'cause' | 'first_failure' | 'impacted';

export interface Roles {
  /** Resources without a role are well, or ill for no reason that is known. */
  readonly roleOf: ReadonlyMap<string, Role>;
  /** Whether an edge of the topology lies on a way from an impacted resource to a cause. */
  readonly isOnPath: (sourceId: string, targetId: string) => boolean;
}

const NOBODY: Roles = { roleOf: new Map(), isOnPath: () => false };
const LATER = '~';

const firstSeen = ({ since }: Trouble, id: string): string => since.get(id) ?? LATER;

/** Where services that call each other in a ring point at each other, the one that was seen first, then the worst. */
function chief(ring: readonly string[], trouble: Trouble): string {
  const rank = (a: string, b: string): number => {
    const [sinceA, sinceB] = [firstSeen(trouble, a), firstSeen(trouble, b)];
    if (sinceA !== sinceB) return sinceA < sinceB ? -1 : 1;
    return (trouble.scores.get(b) ?? 0) - (trouble.scores.get(a) ?? 0) || (a < b ? -1 : 1);
  };
  return ring.toSorted(rank)[0];
}

/** Of each resource with suspects, the last one that comes of going on to the first suspect each time. */
function rootsOf(trouble: Trouble): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const start of trouble.suspects.keys()) {
    const way: string[] = [];
    let at = start;
    let root = roots.get(at);
    while (root === undefined) {
      if (way.includes(at)) {
        root = chief(way.slice(way.indexOf(at)), trouble);
        continue;
      }
      way.push(at);
      const next = trouble.suspects.get(at)?.[0];
      root = next === undefined ? at : roots.get(next);
      at = next ?? at;
    }
    for (const one of way) roots.set(one, root);
  }
  return roots;
}

function findCauses(snapshot: Snapshot, trouble: Trouble, roots: ReadonlyMap<string, string>): Set<string> {
  const causes = new Set<string>();
  for (const [id, root] of roots) if (root !== id) causes.add(root);
  const { ill, callers, callees } = trouble;
  for (const { resource_id: id, status, anomalies } of snapshot.services) {
    const isUnhealthy = status === 'degraded' || status === 'failed';
    if (!isUnhealthy || anomalies.length === 0 || (roots.get(id) ?? id) !== id) continue;
    const isAlone = !(callees.get(id) ?? []).some((callee) => ill.has(callee));
    if (isAlone && (callers.get(id) ?? []).some((caller) => ill.has(caller))) causes.add(id);
  }
  return causes;
}

/** Everything that can be come to from these, themselves included; `tell` hears of each step. */
function reach(
  from: Iterable<string>,
  next: (id: string) => readonly string[],
  tell: (id: string, of: string) => void = () => undefined,
): Set<string> {
  const found = new Set(from);
  for (const id of found) {
    for (const other of next(id)) {
      tell(other, id);
      found.add(other);
    }
  }
  return found;
}

/** Sets that grow together (union–find with path halving). */
class Groups {
  readonly #parent = new Map<string, string>();

  of(id: string): string {
    let at = id;
    for (let up = this.#up(at); up !== at; up = this.#up(at)) {
      this.#parent.set(at, this.#up(up));
      at = up;
    }
    return at;
  }

  join(a: string, b: string): void {
    this.#parent.set(this.of(a), this.of(b));
  }

  #up(id: string): string {
    return this.#parent.get(id) ?? id;
  }
}

/** Of each group the member that was seen first; none where a cause was seen as early, or nobody knows when one was. */
function firstFailures(members: Iterable<string>, groups: Groups, by: { trouble: Trouble; causes: Set<string> }) {
  const { trouble, causes } = by;
  const firsts = new Map<string, string>();
  const isEarlier = (a: string, b: string): boolean => {
    const [sinceA, sinceB] = [firstSeen(trouble, a), firstSeen(trouble, b)];
    if (sinceA !== sinceB) return sinceA < sinceB;
    return causes.has(a) === causes.has(b) ? a < b : causes.has(a);
  };
  for (const id of members) {
    const group = groups.of(id);
    const other = firsts.get(group);
    if (trouble.since.has(id) && (other === undefined || isEarlier(id, other))) firsts.set(group, id);
  }
  const dated = new Set([...causes].filter((id) => trouble.since.has(id)).map((id) => groups.of(id)));
  return [...firsts].flatMap(([group, id]) => (dated.has(group) && !causes.has(id) ? [id] : []));
}

function findRoles(snapshot: Snapshot): Roles {
  const trouble = findTrouble(snapshot);
  if (trouble === undefined) return NOBODY;
  const { ill, callers, callees } = trouble;
  const roots = rootsOf(trouble);
  const causes = findCauses(snapshot, trouble, roots);
  if (causes.size === 0) return NOBODY;
  const groups = new Groups();
  const upstream = reach(
    causes,
    (id) => callers.get(id) ?? [],
    (caller, callee) => groups.join(caller, callee),
  );
  for (const [id, root] of roots) if (ill.has(id)) groups.join(id, root);
  const pointing = [...roots].flatMap(([id, root]) => (causes.has(root) ? [id] : []));
  const impacted = new Set([...upstream, ...pointing].filter((id) => ill.has(id) && !causes.has(id)));
  const roleOf = new Map<string, Role>();
  for (const id of impacted) roleOf.set(id, 'impacted');
  for (const id of firstFailures([...impacted, ...causes], groups, { trouble, causes }))
    roleOf.set(id, 'first_failure');
  for (const id of causes) roleOf.set(id, 'cause');
  // Of what nothing is known of, only what lies between an impacted resource and a cause.
  const ways = reach(impacted, (id) => (callees.get(id) ?? []).filter((callee) => upstream.has(callee)));
  const isBetween = (id: string): boolean => upstream.has(id) && ways.has(id);
  return { roleOf, isOnPath: (source, target) => !causes.has(source) && isBetween(source) && isBetween(target) };
}

/** Told from a snapshot alone, once for all queries of one state. */
export const rolesOf = remembered(findRoles);
