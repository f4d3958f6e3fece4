import type { AnomalyAlert, Snapshot, Topology } from '@topdeck/protocol';
import { eventResources, type DiagnosticsEvent, type StreamEvent } from '@topdeck/protocol';
import { viewKey, type ViewSpec } from './feed.ts';
import { edgesOf } from './topology-edges.ts';
import type { StreamState } from './settle.ts';

/** What a view holds of one topology. */
export interface Members {
  readonly topology: Topology;
  /** Ascending indices into resources. */
  readonly resources: Uint32Array;
  /** Ascending indices into dependencies: the edges among the resources. */
  readonly edges: Uint32Array;
  /** The same edges as the protocol lists them. */
  readonly pairs: Snapshot['dependencies'];
  /** Per resource: 1 if it is a member. */
  readonly isMember: Uint8Array;
  /** The subscribed resources themselves, in the topology or not: events about one that has left it are still told. */
  readonly subscribed: ReadonlySet<string>;
}

type ResourceView = Extract<ViewSpec, { kind: 'resources' }>;

/** SUB-2: the subscribed resources that exist, and those up to `depth` edges away in either direction. */
function reach(topology: Topology, { resourceIds, depth }: ResourceView): Uint8Array {
  const { outOffsets, inOffsets, inEdges } = edgesOf(topology);
  const isMember = new Uint8Array(topology.resources.length);
  let frontier: number[] = [];
  const visit = (i: number | undefined): void => {
    if (i === undefined || isMember[i] === 1) return;
    isMember[i] = 1;
    frontier.push(i);
  };
  for (const id of resourceIds) visit(topology.indexOf.get(id));
  for (let step = 0; step < depth && frontier.length > 0; step += 1) {
    const reached = frontier;
    frontier = [];
    for (const i of reached) {
      for (let j = outOffsets[i]; j < outOffsets[i + 1]; j += 1) visit(topology.edgeTarget[j]);
      for (let k = inOffsets[i]; k < inOffsets[i + 1]; k += 1) visit(topology.edgeSource[inEdges[k]]);
    }
  }
  return isMember;
}

export function membersOf(topology: Topology, view: ResourceView): Members {
  const { outOffsets, pairs } = edgesOf(topology);
  const isMember = reach(topology, view);
  const resources: number[] = [];
  const edges: number[] = [];
  for (let i = 0; i < isMember.length; i += 1) {
    if (isMember[i] === 0) continue;
    resources.push(i);
    for (let j = outOffsets[i]; j < outOffsets[i + 1]; j += 1)
      if (isMember[topology.edgeTarget[j]] === 1) edges.push(j);
  }
  return {
    topology,
    resources: Uint32Array.from(resources),
    edges: Uint32Array.from(edges),
    pairs: edges.map((j) => pairs[j]),
    isMember,
    subscribed: new Set(view.resourceIds),
  };
}

function holds({ topology, isMember, subscribed }: Members, resourceId: string): boolean {
  const i = topology.indexOf.get(resourceId);
  return i === undefined ? subscribed.has(resourceId) : isMember[i] === 1;
}

/** SUB-3: an event, or an anomaly, belongs to a view when any resource it is about does. */
export const isAbout = (members: Members, about: AnomalyAlert | StreamEvent['data']): boolean =>
  ('incident_id' in about ? about.resource_ids : eventResources({ data: about as DiagnosticsEvent['data'] })).some(
    (resourceId) => holds(members, resourceId),
  );

/** A view of a state. Entities, and the list of edges, keep their identity. */
export function cut({ snapshot, traffic }: StreamState, members: Members): Snapshot {
  const holdsEdge = ({ source_id, target_id }: { source_id: string; target_id: string }): boolean =>
    holds(members, source_id) && holds(members, target_id);
  return {
    timestamp: snapshot.timestamp,
    overall_health: snapshot.overall_health,
    services: Array.from(members.resources, (i) => snapshot.services[i]),
    anomalies: snapshot.anomalies.filter((anomaly) => isAbout(members, anomaly)),
    traffic_patterns: [...members.edges].flatMap((j) => traffic[j] ?? []),
    failing_dependencies: snapshot.failing_dependencies.filter(holdsEdge),
    dependencies: members.pairs,
    freshness: snapshot.freshness,
    ...(snapshot.incidents !== undefined && {
      incidents: snapshot.incidents.filter((incident) => isAbout(members, incident)),
    }),
  };
}

/** Numbers and references in all, some 32 MB. */
const MAX_CACHED = 4_000_000;

interface CachedViews {
  readonly byKey: Map<string, Members>;
  size: number;
}

/** Members of the views in use, the longest unused dropped first. */
export class ViewCache {
  readonly #byTopology = new WeakMap<Topology, CachedViews>();
  readonly #maxSize: number;

  constructor(maxSize = MAX_CACHED) {
    this.#maxSize = maxSize;
  }

  /** Undefined for the view of everything. */
  members(topology: Topology, view: ViewSpec): Members | undefined {
    if (view.kind === 'all') return undefined;
    const cached = this.#byTopology.get(topology) ?? { byKey: new Map<string, Members>(), size: 0 };
    this.#byTopology.set(topology, cached);
    const key = viewKey(view);
    let members = cached.byKey.get(key);
    if (members === undefined) {
      members = membersOf(topology, view);
      cached.size += sizeOf(members);
    }
    cached.byKey.delete(key);
    cached.byKey.set(key, members);
    this.#trim(cached, members);
    return members;
  }

  #trim(cached: CachedViews, newest: Members): void {
    for (const [key, members] of cached.byKey) {
      if (cached.size <= this.#maxSize || members === newest) return;
      cached.byKey.delete(key);
      cached.size -= sizeOf(members);
    }
  }
}

const sizeOf = ({ resources, edges, isMember, subscribed }: Members): number =>
  resources.length + 2 * edges.length + (isMember.length >> 3) + 8 * subscribed.size;
