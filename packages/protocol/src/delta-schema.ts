import Type from 'typebox';
import { OverallHealth, Timestamp } from './primitives.ts';
import type { OverallHealth as OverallHealthValue } from './primitives.ts';
import type { CollectionName } from './delta.ts';
import type { Incident } from './incidents.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * [key, fields]. For a key the reader does not hold, fields are the whole entity; for one it holds, only the changed
 * fields, where null removes a field and `metrics` is itself patched member by member.
 * (An entity never carries null: every value on this protocol is a finite number, text, boolean or list.)
 */
export type Patch<T extends object> = readonly [key: string, fields: Partial<T> | Record<string, unknown>];
export interface CollectionDelta<T extends object> {
  readonly upsert?: readonly Patch<T>[];
  readonly remove?: readonly string[];
}
export type SnapshotDelta = {
  readonly timestamp: string;
  readonly overall_health: OverallHealthValue;
  readonly freshness?: Record<string, unknown>;
  readonly incidents?: CollectionDelta<Incident>;
} & { readonly [N in CollectionName]?: CollectionDelta<Snapshot[N][number]> };

const Fields = Type.Record(Type.String(), Type.Unknown());
const Collection = Type.Object({
  upsert: Type.Optional(Type.Array(Type.Tuple([Type.String(), Type.Union([Fields, Type.Array(Type.String())])]))),
  remove: Type.Optional(Type.Array(Type.String())),
});

export const SnapshotDeltaSchema = Type.Object(
  {
    timestamp: Timestamp,
    overall_health: OverallHealth,
    freshness: Type.Optional(Fields),
    services: Type.Optional(Collection),
    anomalies: Type.Optional(Collection),
    traffic_patterns: Type.Optional(Collection),
    failing_dependencies: Type.Optional(Collection),
    dependencies: Type.Optional(Collection),
    incidents: Type.Optional(Collection),
  },
  { description: 'Changes since base_seq, by key; a collection without changes is absent' },
);
