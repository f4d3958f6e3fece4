import type { Frame, Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { BridgeUnavailable } from '../bridge/bridge.ts';
import { select } from './filter.ts';
import { edgesOf, type Edge } from './graph.ts';
import type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
import { cut, freshnessNotices, URGENCY } from './rows.ts';
import { edgesFrame } from './topology-edges.ts';
import { nodesFrame } from './topology-nodes.ts';

const DEFAULT_LIMIT = 10_000;
const NO_LAYOUT: Notice = {
  severity: 'info',
  text: 'The layout could not be read from the bridge; resources stand in a grid meanwhile.',
};

/** A graph without its layout is better than none, so that only faults of ours end the query. */
async function read({ snapshot, reads, signal }: ReadRequest): Promise<Extras> {
  try {
    return { layout: await reads.layout(snapshot.freshness.topology_version, signal) };
  } catch (error) {
    if (error instanceof BridgeUnavailable) return {};
    throw error;
  }
}

interface Graph {
  readonly nodes: readonly ServiceHealth[];
  readonly edges: readonly Edge[];
}

/**
 * Resources that pass and edges of which an end does, with both ends: the node graph fails on an edge without its ends.
 * A filter on traffic is about edges, and leaves only the resources on them.
 */
function passing(snapshot: Snapshot, filter: QueryFilter = {}): Graph {
  const selection = select(filter, snapshot);
  const edges = edgesOf(snapshot).filter(
    ({ source_id, target_id, source, target, traffic }) =>
      source !== undefined &&
      target !== undefined &&
      selection.edge(source_id, target_id) &&
      selection.traffic(traffic),
  );
  const ofEdges = filter.abnormal_only === true || filter.min_score !== undefined;
  if (selection.everything && !ofEdges) return { nodes: snapshot.services, edges };
  const ends = new Set(edges.flatMap(({ source_id, target_id }) => [source_id, target_id]));
  const nodes = snapshot.services.filter(
    (service) => ends.has(service.resource_id) || (!ofEdges && selection.service(service)),
  );
  return { nodes, edges };
}

/** Two frames, whatever format was asked for: the node graph knows them by name and columns. */
function frames({ query, received: { snapshot }, extras }: FrameInput): readonly Frame[] {
  const found = passing(snapshot, query.filter);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const { rows: nodes, notices } = cut(found.nodes, {
    limit,
    what: 'resources',
    urgency: ({ status }) => URGENCY[status],
  });
  const kept = new Set(nodes.map(({ resource_id }) => resource_id));
  const edges =
    nodes.length === found.nodes.length
      ? found.edges
      : found.edges.filter(({ source_id, target_id }) => kept.has(source_id) && kept.has(target_id));
  const { layout } = extras;
  const all = [...freshnessNotices(snapshot), ...notices, ...(layout === undefined ? [NO_LAYOUT] : [])];
  return [nodesFrame({ snapshot, nodes, layout, notices: all }), edgesFrame(snapshot, edges, [])];
}

export const topologyEntry: QueryTypeEntry = {
  read,
  frames,
  live: { action: 'replace', parts: ['nodes', 'edges'] },
};
