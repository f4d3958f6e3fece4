import { FLAGS, GLYPHS, type EdgeColumns } from '../draw/scene.ts';
import type { GraphEdge, GraphNode } from '../graph.ts';
import { keptNumbers, keptTexts, type TextIndex } from './columns.ts';
import { edgeColor, flowOf, isDashed, widthOf } from './edge-looks.ts';
import { isOfIncident } from './filter-graph.ts';
import type { Palette } from './palette.ts';

/** What of the columns follows from the graph and from what of it is hidden. */
export type EdgeContent = Omit<EdgeColumns, 'flags'>;

export interface EdgeInput {
  readonly edges: readonly GraphEdge[];
  /** By index of a node of the graph: index within the scene. */
  readonly sceneOf: Uint32Array;
  readonly palette: Palette;
  readonly colors: TextIndex;
}

export function edgeContent(
  { edges, sceneOf, palette, colors }: EdgeInput,
  previous: EdgeContent | undefined,
): EdgeContent {
  const tellsHealth = edges.some(({ status }) => status !== undefined);
  const glyph = tellsHealth ? Uint8Array.from(edges, ({ status }) => GLYPHS.indexOf(status ?? 'none')) : undefined;
  return {
    ids: keptTexts(
      previous?.ids,
      edges.map(({ id }) => id),
    ),
    source: keptNumbers(
      previous?.source,
      Uint32Array.from(edges, ({ source }) => sceneOf[source]),
    ),
    target: keptNumbers(
      previous?.target,
      Uint32Array.from(edges, ({ target }) => sceneOf[target]),
    ),
    color: keptNumbers(
      previous?.color,
      Uint16Array.from(edges, (edge) => colors.indexOf(edgeColor(edge, palette))),
    ),
    width: keptNumbers(previous?.width, Float32Array.from(edges, widthOf)),
    flow: keptNumbers(previous?.flow, Float32Array.from(edges, flowOf)),
    main: keptTexts(
      previous?.main,
      edges.map(({ main }) => main),
    ),
    ...(glyph !== undefined && { glyph: keptNumbers(previous?.glyph, glyph) }),
  };
}

export interface EdgeFlagsInput {
  readonly edges: readonly GraphEdge[];
  /** All of the graph, hidden ones too. */
  readonly nodes: readonly GraphNode[];
  readonly dim: Uint8Array;
  readonly selectedEdge: string | undefined;
}

/** An edge is on the path of an incident when both its ends are, and dim when either end is. */
export function edgeFlags({ edges, nodes, dim, selectedEdge }: EdgeFlagsInput): Uint8Array {
  const ofIncident = nodes.map(isOfIncident);
  return Uint8Array.from(
    edges,
    (edge) =>
      (dim[edge.source] === 1 || dim[edge.target] === 1 ? FLAGS.dim : 0) |
      (edge.id === selectedEdge ? FLAGS.selected : 0) |
      (edge.highlighted || (ofIncident[edge.source] && ofIncident[edge.target]) ? FLAGS.highlighted : 0) |
      (isDashed(edge) ? FLAGS.dashed : 0),
  );
}
