import {
  FLAGS,
  GLYPHS,
  MARKS,
  type DrawTheme,
  type Glyph,
  type Mark,
  type Scene,
} from '../../../panels/topology/draw/scene.ts';

export const THEME: DrawTheme = {
  background: 'background',
  text: 'text',
  textSecondary: 'text-secondary',
  selection: 'selection',
  marks: { cause: 'mark-cause', 'first-failure': 'mark-first', impacted: 'mark-impacted' },
  fontFamily: 'Test Sans',
};

export interface NodeSpec {
  readonly at: readonly [x: number, y: number];
  readonly glyph?: Glyph;
  readonly mark?: Mark;
  readonly flags?: number;
  readonly title?: string;
  readonly main?: string;
  readonly arcs?: readonly (readonly [share: number, color: number])[];
}

export interface EdgeSpec {
  readonly ends: readonly [source: number, target: number];
  readonly glyph?: Glyph;
  readonly flags?: number;
  readonly flow?: number;
  readonly width?: number;
}

/** Colours are named after glyphs: those of nodes `healthy` …, those of edges `edge-healthy` …. */
export function sceneOf(nodes: readonly NodeSpec[], edges: readonly EdgeSpec[] = []): Scene {
  const offsets = [0];
  for (const { arcs = [] } of nodes) offsets.push((offsets.at(-1) ?? 0) + arcs.length);
  const arcs = nodes.flatMap((node) => node.arcs ?? []);
  return {
    palette: [...GLYPHS, ...GLYPHS.map((glyph) => `edge-${glyph}`)],
    icons: [],
    nodes: {
      ids: nodes.map((_, index) => `node-${index}`),
      x: Float32Array.from(nodes, ({ at }) => at[0]),
      y: Float32Array.from(nodes, ({ at }) => at[1]),
      color: Uint16Array.from(nodes, ({ glyph = 'healthy' }) => GLYPHS.indexOf(glyph)),
      glyph: Uint8Array.from(nodes, ({ glyph = 'healthy' }) => GLYPHS.indexOf(glyph)),
      mark: Uint8Array.from(nodes, ({ mark = 'none' }) => MARKS.indexOf(mark)),
      flags: Uint8Array.from(nodes, ({ flags = 0 }) => flags),
      icon: new Uint16Array(nodes.length),
      title: nodes.map(({ title = '' }) => title),
      subtitle: nodes.map(() => ''),
      main: nodes.map(({ main = '' }) => main),
      secondary: nodes.map(() => ''),
      arcs: {
        offsets: Uint32Array.from(offsets),
        share: Float32Array.from(arcs, ([share]) => share),
        color: Uint16Array.from(arcs, ([, color]) => color),
      },
    },
    edges: {
      ids: edges.map((_, index) => `edge-${index}`),
      source: Uint32Array.from(edges, ({ ends }) => ends[0]),
      target: Uint32Array.from(edges, ({ ends }) => ends[1]),
      color: Uint16Array.from(edges, ({ glyph = 'healthy' }) => GLYPHS.length + GLYPHS.indexOf(glyph)),
      width: Float32Array.from(edges, ({ width = 1 }) => width),
      flags: Uint8Array.from(edges, ({ flags = 0 }) => flags),
      flow: Float32Array.from(edges, ({ flow = 0 }) => flow),
      main: edges.map(() => ''),
      glyph: Uint8Array.from(edges, ({ glyph = 'healthy' }) => GLYPHS.indexOf(glyph)),
    },
  };
}

export { FLAGS };
