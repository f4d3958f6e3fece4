import {
  AnomalyAlert,
  apply,
  COLLECTIONS,
  FailingDependency,
  Freshness,
  ServiceHealth,
  Snapshot,
  TrafficPattern,
  type CollectionName,
  type SnapshotDelta,
} from '@topdeck/protocol';
import { validator, type Parsed } from '@topdeck/protocol/validate';

const CHECKS: Readonly<Record<CollectionName, (entity: unknown) => Parsed<unknown>>> = {
  services: validator(ServiceHealth),
  anomalies: validator(AnomalyAlert),
  traffic_patterns: validator(TrafficPattern),
  failing_dependencies: validator(FailingDependency),
  dependencies: validator(Snapshot.properties.dependencies.items),
};
const checkFreshness = validator(Freshness);

const invalid = (detail: string): Parsed<never> => ({ ok: false, reason: 'invalid', detail });

interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** What a patch made of the entities it names: each whole, and under the key it was named by. */
function faultIn(name: CollectionName, delta: SnapshotDelta, { before, after }: Change): string | undefined {
  const changes = delta[name];
  if (changes?.upsert === undefined) return undefined;
  const kept = new Set<object>(before[name]);
  const named = new Set(changes.upsert.map(([key]) => key));
  const keyOf = COLLECTIONS[name].key as (entity: object) => string;
  for (const entity of after[name]) {
    if (kept.has(entity)) continue;
    const checked = CHECKS[name](entity);
    if (!checked.ok) return `${name}: ${checked.detail}`;
    if (!named.has(keyOf(entity))) return `${name}: an entity has another key than the one it was sent under`;
  }
  return undefined;
}

/**
 * The snapshot after `delta`, checked where it differs: the schema of a delta cannot tell whether the fields it brings
 * make whole entities together with those that are held.
 */
export function applyChecked(before: Snapshot, delta: SnapshotDelta): Parsed<Snapshot> {
  const after = apply(before, delta);
  for (const name of Object.keys(COLLECTIONS) as CollectionName[]) {
    const fault = faultIn(name, delta, { before, after });
    if (fault !== undefined) return invalid(fault);
  }
  if (delta.freshness !== undefined) {
    const checked = checkFreshness(after.freshness);
    if (!checked.ok) return invalid(`freshness: ${checked.detail}`);
  }
  return { ok: true, value: after };
}
