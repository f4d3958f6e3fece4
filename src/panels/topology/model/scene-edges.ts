import type { Status } from '@topdeck/protocol';
import { FLAGS, GLYPHS, type EdgeColumns } from '../draw/scene.ts';
import type { GraphEdge, GraphNode } from '../graph.ts';
import { column, keptNumbers, keptTexts, type TextIndex } from './columns.ts';
import { edgeColor, flowOf, isDashed, widthOf } from './edge-looks.ts';
import { isOfIncident } from './filter-graph.ts';
import type { Palette } from './palette.ts';

/** Asked for each edge; looking a status up in the list takes longer. */
const GLYPH_OF: Readonly<Record<Status | 'none', number>> = {
  none: GLYPHS.indexOf('none'),
  healthy: GLYPHS.indexOf('healthy'),
  degraded: GLYPHS.indexOf('degraded'),
  failed: GLYPHS.indexOf('failed'),
  unknown: GLYPHS.indexOf('unknown'),
};

/** What of the columns follows from the graph and from what of it is hidden. */
export type EdgeContent = Omit<EdgeColumns, 'flags'>;

export interface EdgeInput {
  readonly edges: readonly GraphEdge[];
  /** By index of a node of the graph: index within the scene. */
  readonly sceneOf: Uint32Array;
  readonly palette: Palette;
  readonly colors: TextIndex;
}

const columnsFor = (count: number) => ({
  ids: new Array<string>(count),
  source: new Uint32Array(count),
  target: new Uint32Array(count),
  color: new Uint16Array(count),
  width: new Float32Array(count),
  flow: new Float32Array(count),
  main: new Array<string>(count),
  glyph: new Uint8Array(count),
});

/** In one pass over the edges, of which there are more than of anything else: a pass for each column takes twice as long. */
export function edgeContent(
  { edges, sceneOf, palette, colors }: EdgeInput,
  previous: EdgeContent | undefined,
): EdgeContent {
  const fresh = columnsFor(edges.length);
  let tellsHealth = false;
  for (let i = 0; i < edges.length; i += 1) {
    const edge = edges[i];
    fresh.ids[i] = edge.id;
    fresh.source[i] = sceneOf[edge.source];
    fresh.target[i] = sceneOf[edge.target];
    fresh.color[i] = colors.indexOf(edgeColor(edge, palette));
    fresh.width[i] = widthOf(edge);
    fresh.flow[i] = flowOf(edge);
    fresh.main[i] = edge.main;
    fresh.glyph[i] = GLYPH_OF[edge.status ?? 'none'];
    tellsHealth ||= edge.status !== undefined;
  }
  return {
    ids: keptTexts(previous?.ids, fresh.ids),
    source: keptNumbers(previous?.source, fresh.source),
    target: keptNumbers(previous?.target, fresh.target),
    color: keptNumbers(previous?.color, fresh.color),
    width: keptNumbers(previous?.width, fresh.width),
    flow: keptNumbers(previous?.flow, fresh.flow),
    main: keptTexts(previous?.main, fresh.main),
    ...(tellsHealth && { glyph: keptNumbers(previous?.glyph, fresh.glyph) }),
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
  return column(
    Uint8Array,
    edges,
    (edge) =>
      (dim[edge.source] === 1 || dim[edge.target] === 1 ? FLAGS.dim : 0) |
      (edge.id === selectedEdge ? FLAGS.selected : 0) |
      (edge.highlighted || (ofIncident[edge.source] && ofIncident[edge.target]) ? FLAGS.highlighted : 0) |
      (isDashed(edge) ? FLAGS.dashed : 0),
  );
}
