import type { Graph, GraphEdge, GraphNode } from '../graph.ts';
import { textOfRate } from './edge-rows.ts';
import { widthOfRate } from './edge-looks.ts';
import type { Formatting } from './frame-fields.ts';
import { gravest, gravity } from './gravity.ts';
import { movedEdge } from './moved-edge.ts';

const sumOfRates = (edges: readonly GraphEdge[]): number | undefined =>
  edges.reduce<number | undefined>((sum, { rate }) => (rate === undefined ? sum : (sum ?? 0) + rate), undefined);

const thickest = (edges: readonly GraphEdge[]): number | undefined =>
  edges.reduce<number | undefined>(
    (most, { thickness }) => (thickness === undefined ? most : Math.max(most ?? 0, thickness)),
    undefined,
  );

interface Bundle {
  readonly id: string;
  readonly source: number;
  readonly target: number;
  readonly edges: GraphEdge[];
}

function joined({ id, source, target, edges }: Bundle, textOf: (rate: number) => string): GraphEdge {
  const rate = sumOfRates(edges);
  const worst = edges.reduce((a, b) => (gravity(b.status) > gravity(a.status) ? b : a));
  return {
    id,
    source,
    target,
    color: worst.color,
    thickness: rate === undefined ? thickest(edges) : widthOfRate(rate),
    main: rate === undefined ? '' : textOf(rate),
    secondary: '',
    rate,
    status: gravest(edges.map(({ status }) => status)),
    highlighted: edges.some(({ highlighted }) => highlighted),
    dashed: edges.every(({ dashed }) => dashed === true),
    details: [],
    row: -1,
  };
}

export interface Collapsed {
  readonly nodes: readonly GraphNode[];
  /** By index of a node before: index of the node it is shown as. */
  readonly nodeOf: Uint32Array;
}

export interface JoinedEdges {
  readonly edges: readonly GraphEdge[];
  /** By index of an edge before: index of the edge it is part of, or −1 of one within a group. */
  readonly edgeOf: Int32Array;
}

/** Edges of which an end was collapsed become one for each pair of ends and direction; those within a group go. */
export function joinEdges(base: Graph, { nodes, nodeOf }: Collapsed, formatting: Formatting): JoinedEdges {
  const isGroup = (index: number): boolean => nodes[index].members !== undefined;
  const kept: (GraphEdge | Bundle)[] = [];
  const bundles = new Map<number, number>();
  const edgeOf = Int32Array.from(base.edges, (edge) => {
    const [source, target] = [nodeOf[edge.source], nodeOf[edge.target]];
    if (!isGroup(source) && !isGroup(target)) return kept.push(movedEdge(edge, source, target)) - 1;
    if (source === target) return -1;
    const pair = source * nodes.length + target;
    const known = bundles.get(pair);
    if (known !== undefined) {
      (kept[known] as Bundle).edges.push(edge);
      return known;
    }
    const id = `${nodes[source].id}->${nodes[target].id}`;
    bundles.set(pair, kept.length);
    return kept.push({ id, source, target, edges: [edge] }) - 1;
  });
  const textOf = base.frames.edges === undefined ? () => '' : textOfRate(base.frames.edges, formatting);
  return { edges: kept.map((one) => ('edges' in one ? joined(one, textOf) : one)), edgeOf };
}
