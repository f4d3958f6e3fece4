import { FLAGS, GLYPHS, MARKS, type NodeColumns } from '../draw/scene.ts';
import type { Arc, GraphNode } from '../graph.ts';
import { column, keptNumbers, keptTexts, type TextIndex } from './columns.ts';
import { isOfIncident } from './filter-graph.ts';
import { iconPath } from './icons.ts';
import type { Palette } from './palette.ts';
import type { Places } from './places.ts';

/** What of the columns follows from the graph alone. */
export type NodeContent = Omit<NodeColumns, 'x' | 'y' | 'flags'>;

export interface Indices {
  readonly colors: TextIndex;
  readonly icons: TextIndex;
}

const WHOLE = 0.999;

/** A ring that is all of one section is drawn as a ring of its colour, which for health is the status's own. */
const sectionsOf = ({ status, arcs }: GraphNode): readonly Arc[] =>
  status !== undefined && arcs.length === 1 && arcs[0].share >= WHOLE ? [] : arcs;

function arcColumns(nodes: readonly GraphNode[], colors: TextIndex): NodeColumns['arcs'] {
  const sections = nodes.map(sectionsOf);
  const offsets = new Uint32Array(nodes.length + 1);
  sections.forEach((arcs, index) => (offsets[index + 1] = offsets[index] + arcs.length));
  const all = sections.flat();
  return {
    offsets,
    share: column(Float32Array, all, ({ share }) => share),
    color: column(Uint16Array, all, ({ color }) => colors.indexOf(color)),
  };
}

function keptArcs(previous: NodeColumns['arcs'] | undefined, next: NodeColumns['arcs']): NodeColumns['arcs'] {
  const arcs = {
    offsets: keptNumbers(previous?.offsets, next.offsets),
    share: keptNumbers(previous?.share, next.share),
    color: keptNumbers(previous?.color, next.color),
  };
  const isSame = arcs.offsets === previous?.offsets && arcs.share === previous.share && arcs.color === previous.color;
  return isSame ? previous : arcs;
}

export interface ContentInput {
  readonly nodes: readonly GraphNode[];
  readonly palette: Palette;
  readonly indices: Indices;
}

export function nodeContent({ nodes, palette, indices }: ContentInput, previous: NodeContent | undefined): NodeContent {
  const { colors, icons } = indices;
  const color = column(Uint16Array, nodes, (node) => colors.indexOf(node.color ?? palette.node));
  const icon = column(Uint16Array, nodes, (node) => {
    const path = node.icon === undefined ? undefined : iconPath(node.icon);
    return path === undefined ? 0 : icons.indexOf(path) + 1;
  });
  const texts = (read: (node: GraphNode) => string, known: readonly string[] | undefined): readonly string[] =>
    keptTexts(known, nodes.map(read));
  return {
    ids: texts(({ id }) => id, previous?.ids),
    color: keptNumbers(previous?.color, color),
    glyph: keptNumbers(
      previous?.glyph,
      column(Uint8Array, nodes, ({ status }) => GLYPHS.indexOf(status ?? 'none')),
    ),
    mark: keptNumbers(
      previous?.mark,
      column(Uint8Array, nodes, ({ mark }) => MARKS.indexOf(mark)),
    ),
    icon: keptNumbers(previous?.icon, icon),
    title: texts(({ title }) => title, previous?.title),
    subtitle: texts(({ subtitle }) => subtitle, previous?.subtitle),
    main: texts(({ main }) => main, previous?.main),
    secondary: texts(({ secondary }) => secondary, previous?.secondary),
    arcs: keptArcs(previous?.arcs, arcColumns(nodes, colors)),
  };
}

export function nodeFlags(nodes: readonly GraphNode[], dim: Uint8Array, selected: ReadonlySet<string>): Uint8Array {
  return column(
    Uint8Array,
    nodes,
    (node, index) =>
      (dim[index] === 1 ? FLAGS.dim : 0) |
      (selected.has(node.id) ? FLAGS.selected : 0) |
      (isOfIncident(node) ? FLAGS.highlighted : 0) |
      (node.members === undefined ? 0 : FLAGS.group),
  );
}

export const placeColumns = (rows: Uint32Array, { x, y }: Places): Places =>
  rows.length === x.length
    ? { x, y }
    : { x: column(Float32Array, rows, (row) => x[row]), y: column(Float32Array, rows, (row) => y[row]) };
