import type { Status } from '@topdeck/protocol';
import type { Arc, Detail, Graph, GraphEdge, GraphNode, Place } from '../graph.ts';
import type { Palette } from '../model/palette.ts';
import type { Replayed } from './replayed.ts';

/** A node as it fared then. What else its frame tells is of now, and is left out rather than told of another time. */
class ReplayedNode implements GraphNode {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly icon: string | undefined;
  readonly place: Place | undefined;
  readonly row: number;
  readonly status: Status;
  readonly color: string;
  readonly main = '';
  readonly secondary = '';
  readonly arcs: readonly Arc[] = [];
  readonly mark = 'none';
  readonly highlighted = false;
  readonly details: readonly Detail[] = [];

  constructor({ id, title, subtitle, icon, place, row }: GraphNode, status: Status, palette: Palette) {
    this.id = id;
    this.title = title;
    this.subtitle = subtitle;
    this.icon = icon;
    this.place = place;
    this.row = row;
    this.status = status;
    this.color = palette.status[status];
  }
}

const isBad = (status: Status | undefined): status is 'degraded' | 'failed' =>
  status === 'degraded' || status === 'failed';

function replayedEdge({ id, source, target, row }: GraphEdge, { edgeStatusOf }: Replayed, palette: Palette): GraphEdge {
  const status = edgeStatusOf?.(id);
  return {
    id,
    source,
    target,
    row,
    status,
    color: isBad(status) ? palette.status[status] : undefined,
    thickness: undefined,
    main: '',
    secondary: '',
    rate: undefined,
    highlighted: false,
    dashed: edgeStatusOf !== undefined && (status === undefined || status === 'unknown'),
    details: [],
  };
}

/** The graph of now with the health of another time. */
export function replayedGraph(graph: Graph, replayed: Replayed, palette: Palette): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => new ReplayedNode(node, replayed.statusOf(node.id) ?? 'unknown', palette)),
    edges: graph.edges.map((edge) => replayedEdge(edge, replayed, palette)),
  };
}
