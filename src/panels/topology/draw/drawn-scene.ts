import type { EdgeColumns, NodeColumns, Scene } from './scene.ts';

/** What of a scene the painting reads: no ids, which a worker is not sent. */
export interface DrawnScene {
  readonly palette: Scene['palette'];
  readonly icons: Scene['icons'];
  readonly nodes: Omit<NodeColumns, 'ids'>;
  readonly edges: Omit<EdgeColumns, 'ids'>;
}

/** The columns of a scene beside each other, by name. */
const READ = {
  palette: (scene) => scene.palette,
  icons: (scene) => scene.icons,
  x: ({ nodes }) => nodes.x,
  y: ({ nodes }) => nodes.y,
  nodeColor: ({ nodes }) => nodes.color,
  nodeGlyph: ({ nodes }) => nodes.glyph,
  mark: ({ nodes }) => nodes.mark,
  nodeFlags: ({ nodes }) => nodes.flags,
  icon: ({ nodes }) => nodes.icon,
  title: ({ nodes }) => nodes.title,
  subtitle: ({ nodes }) => nodes.subtitle,
  nodeMain: ({ nodes }) => nodes.main,
  secondary: ({ nodes }) => nodes.secondary,
  arcOffsets: ({ nodes }) => nodes.arcs.offsets,
  arcShare: ({ nodes }) => nodes.arcs.share,
  arcColor: ({ nodes }) => nodes.arcs.color,
  source: ({ edges }) => edges.source,
  target: ({ edges }) => edges.target,
  edgeColor: ({ edges }) => edges.color,
  width: ({ edges }) => edges.width,
  edgeFlags: ({ edges }) => edges.flags,
  flow: ({ edges }) => edges.flow,
  edgeMain: ({ edges }) => edges.main,
  edgeGlyph: ({ edges }) => edges.glyph,
} satisfies Record<string, (scene: DrawnScene) => unknown>;

type Columns = { readonly [Name in keyof typeof READ]: ReturnType<(typeof READ)[Name]> };
/** Columns that are other objects than those sent before. */
export type ChangedColumns = Partial<Columns>;

const NAMES = Object.keys(READ) as (keyof Columns)[];

export function changedColumns(before: DrawnScene | undefined, now: DrawnScene): ChangedColumns {
  const changed = NAMES.filter((name) => before === undefined || READ[name](before) !== READ[name](now));
  return Object.fromEntries(changed.map((name) => [name, READ[name](now)]));
}

/** Puts together on the other side what `changedColumns` took apart; the first change has all columns. */
export class ReceivedScene {
  #columns: ChangedColumns = {};

  receive(changed: ChangedColumns): DrawnScene {
    this.#columns = { ...this.#columns, ...changed };
    const all = this.#columns as Columns;
    return {
      palette: all.palette,
      icons: all.icons,
      nodes: {
        x: all.x,
        y: all.y,
        color: all.nodeColor,
        glyph: all.nodeGlyph,
        mark: all.mark,
        flags: all.nodeFlags,
        icon: all.icon,
        title: all.title,
        subtitle: all.subtitle,
        main: all.nodeMain,
        secondary: all.secondary,
        arcs: { offsets: all.arcOffsets, share: all.arcShare, color: all.arcColor },
      },
      edges: {
        source: all.source,
        target: all.target,
        color: all.edgeColor,
        width: all.width,
        flags: all.edgeFlags,
        flow: all.flow,
        main: all.edgeMain,
        ...(all.edgeGlyph && { glyph: all.edgeGlyph }),
      },
    };
  }
}
