import type { Scene } from '../draw/scene.ts';
import type { Graph, GraphEdge, GraphNode } from '../graph.ts';
import { keptNumbers, numbersBelow, TextIndex } from './columns.ts';
import type { Shown } from './filter-graph.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';
import { edgeContent, edgeFlags, type EdgeContent } from './scene-edges.ts';
import { nodeContent, nodeFlags, placeColumns, type NodeContent } from './scene-nodes.ts';

/** What is shown and how. Each part is compared by identity with that of last time, so keep objects that did not change. */
export interface SceneInput {
  /** After grouping. */
  readonly graph: Graph;
  /** Of the same graph. */
  readonly shown: Shown;
  /** Of the same graph. */
  readonly places: Places;
  readonly palette: Palette;
  /** Ids of nodes or groups. */
  readonly selected: ReadonlySet<string>;
  readonly selectedEdge?: string;
}

export interface BuiltScene {
  readonly scene: Scene;
  readonly input: SceneInput;
  /** By index of a node of the scene: index into `graph.nodes`. Hidden ones are not in the scene. */
  readonly nodeOf: Uint32Array;
  /** By index of an edge of the scene: index into `graph.edges`. */
  readonly edgeOf: Uint32Array;
}

/** What of the graph is in the scene. */
interface Rows {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly nodeOf: Uint32Array;
  readonly edgeOf: Uint32Array;
  readonly sceneOf: Uint32Array;
}

function rowsOf({ graph, shown }: SceneInput): Rows {
  const { nodes, edges } = graph;
  const all = numbersBelow(nodes.length);
  if (shown.visibleCount === nodes.length) {
    return { nodes, edges, nodeOf: all, edgeOf: numbersBelow(edges.length), sceneOf: all };
  }
  const { visible } = shown;
  const nodeOf = all.filter((index) => visible[index] === 1);
  const sceneOf = new Uint32Array(nodes.length);
  nodeOf.forEach((index, at) => (sceneOf[index] = at));
  const isVisible = ({ source, target }: GraphEdge): boolean => visible[source] === 1 && visible[target] === 1;
  const edgeOf = numbersBelow(edges.length).filter((index) => isVisible(edges[index]));
  return {
    nodes: Array.from(nodeOf, (index) => nodes[index]),
    edges: Array.from(edgeOf, (index) => edges[index]),
    nodeOf,
    edgeOf,
    sceneOf,
  };
}

interface Content {
  readonly nodes: NodeContent;
  readonly edges: EdgeContent;
  readonly palette: readonly string[];
  readonly icons: readonly string[];
}

const isSameContent = (a: SceneInput, b: SceneInput): boolean =>
  a.graph === b.graph && a.palette === b.palette && a.shown.visible === b.shown.visible;

function contentOf(rows: Rows, { palette }: SceneInput, previous: Scene | undefined): Content {
  const indices = { colors: new TextIndex(previous?.palette), icons: new TextIndex(previous?.icons) };
  const nodes = nodeContent({ nodes: rows.nodes, palette, indices }, previous?.nodes);
  const edges = edgeContent(
    { edges: rows.edges, sceneOf: rows.sceneOf, palette, colors: indices.colors },
    previous?.edges,
  );
  return { nodes, edges, palette: indices.colors.texts(), icons: indices.icons.texts() };
}

/**
 * What is drawn, by its input alone. Columns that say the same as those of the previous scene are the same objects, which
 * are not sent to the drawing thread again.
 */
export function buildScene(input: SceneInput, previous?: BuiltScene): BuiltScene {
  const rows = rowsOf(input);
  const old = previous?.scene;
  const content =
    previous !== undefined && isSameContent(input, previous.input) ? previous.scene : contentOf(rows, input, old);
  const places = placeColumns(rows.nodeOf, input.places);
  const { shown, selected, selectedEdge, graph } = input;
  const dim =
    rows.nodeOf.length === graph.nodes.length ? shown.dim : shown.dim.filter((_, at) => shown.visible[at] === 1);
  const nodes = {
    ...content.nodes,
    x: keptNumbers(old?.nodes.x, places.x),
    y: keptNumbers(old?.nodes.y, places.y),
    flags: keptNumbers(old?.nodes.flags, nodeFlags(rows.nodes, dim, selected)),
  };
  const flags = edgeFlags({ edges: rows.edges, nodes: graph.nodes, dim: shown.dim, selectedEdge });
  const edges = { ...content.edges, flags: keptNumbers(old?.edges.flags, flags) };
  return {
    scene: { palette: content.palette, icons: content.icons, nodes, edges },
    input,
    nodeOf: rows.nodeOf,
    edgeOf: rows.edgeOf,
  };
}
