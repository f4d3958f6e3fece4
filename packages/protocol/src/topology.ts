import Type, { type Static } from 'typebox';
import { Labels, ResourceId } from './primitives.ts';

export const Resource = Type.Object(
  {
    id: ResourceId,
    name: Type.String(),
    resource_type: Type.String({ description: 'service, database, cache, queue, external …' }),
    labels: Labels,
  },
  { additionalProperties: false },
);
export type Resource = Static<typeof Resource>;

export const Dependency = Type.Object(
  { source: ResourceId, target: ResourceId },
  { additionalProperties: false, description: 'source calls target' },
);
export type Dependency = Static<typeof Dependency>;

/** What a topology source dropped while reading, by reason. Counted, never fatal. */
export const TopologyIssues = Type.Object({
  missing_id: Type.Integer(),
  duplicate_id: Type.Integer(),
  duplicate_edge: Type.Integer(),
  dangling_edge: Type.Integer(),
  self_edge: Type.Integer(),
});
export type TopologyIssues = Static<typeof TopologyIssues>;

/**
 * One consistent reading of the service graph. Immutable.
 *
 * `resources` and `dependencies` are sorted by id (and by source, then target), without duplicates, self edges or
 * dangling edges, so that equal graphs have equal `version`s. Columns of a {@link MetricsBatch} and of the engine are
 * aligned with these two arrays: column[i] belongs to resources[i] or dependencies[i].
 */
export interface Topology {
  /** Hash of the content: equal graphs have equal versions, whatever source they came from. */
  readonly version: string;
  readonly resources: readonly Resource[];
  readonly dependencies: readonly Dependency[];
  /** resource id → index into `resources`. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** Per dependency: index of its source in `resources`. */
  readonly edgeSource: Uint32Array;
  /** Per dependency: index of its target in `resources`. */
  readonly edgeTarget: Uint32Array;
  readonly issues: TopologyIssues;
}

/** Key of a dependency wherever edges are kept in maps or deltas. U+001F cannot occur in an id that a database prints. */
export const edgeKey = (source: string, target: string): string => `${source}\u001f${target}`;
