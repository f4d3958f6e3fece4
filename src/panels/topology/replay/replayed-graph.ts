import type { Status } from '@topdeck/protocol';
import type { Arc, Detail, Graph, GraphEdge, GraphNode, Place } from '../graph.ts';
import type { Palette } from '../model/palette.ts';
import type { Replayed } from './replayed.ts';

interface Then {
  readonly status: Status;
  readonly isChanged: boolean;
}

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
  readonly highlighted: boolean;
  readonly details: readonly Detail[] = [];

  constructor({ id, title, subtitle, icon, place, row }: GraphNode, { status, isChanged }: Then, palette: Palette) {
    this.id = id;
    this.title = title;
    this.subtitle = subtitle;
    this.icon = icon;
    this.place = place;
    this.row = row;
    this.status = status;
    this.highlighted = isChanged;
    this.color = palette.status[status];
  }
}

const isBad = (status: Status | undefined): status is 'degraded' | 'failed' =>
  status === 'degraded' || status === 'failed';

interface Overlay {
  readonly replayed: Replayed;
  readonly palette: Palette;
  readonly nodes: readonly GraphNode[];
}

function replayedEdge({ id, source, target, row }: GraphEdge, { replayed, palette, nodes }: Overlay): GraphEdge {
  const { edgeStatusOf } = replayed;
  const status = edgeStatusOf?.(id, nodes[source].id, nodes[target].id);
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
  const thenOf = ({ id }: GraphNode): Then => ({
    status: replayed.statusOf(id) ?? 'unknown',
    isChanged: replayed.changed?.has(id) === true,
  });
  const overlay = { replayed, palette, nodes: graph.nodes };
  return {
    ...graph,
    nodes: graph.nodes.map((node) => new ReplayedNode(node, thenOf(node), palette)),
    edges: graph.edges.map((edge) => replayedEdge(edge, overlay)),
  };
}
