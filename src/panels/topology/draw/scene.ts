/**
 * What is drawn, as columns: typed arrays and lists that go to a worker without being walked, and of which only those that
 * are other objects than last time are sent again. Rows of a column belong together by index.
 */
export interface Scene {
  /** CSS colours that the columns named `color` point into. */
  readonly palette: readonly string[];
  /** SVG path data, each within a square of 24 × 24, that `nodes.icon` points into. */
  readonly icons: readonly string[];
  readonly nodes: NodeColumns;
  readonly edges: EdgeColumns;
}

/** Lengths are those of `ids`. */
export interface NodeColumns {
  readonly ids: readonly string[];
  /** Middle of the node, in graph units: y grows downwards, a node is 2 × NODE_RADIUS wide. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly color: Uint16Array;
  /** Index into GLYPHS: tells the health to whoever cannot tell colours apart. */
  readonly glyph: Uint8Array;
  /** Index into MARKS. */
  readonly mark: Uint8Array;
  /** Sum of FLAGS. */
  readonly flags: Uint8Array;
  /** Index into `icons` plus one; 0 without an icon. */
  readonly icon: Uint16Array;
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  /** Shown inside the node, already with its unit; empty where nothing is known. */
  readonly main: readonly string[];
  readonly secondary: readonly string[];
  /** Sections of the ring. Those of node i are [offsets[i], offsets[i + 1]); a node without any has a ring of its colour. */
  readonly arcs: { readonly offsets: Uint32Array; readonly share: Float32Array; readonly color: Uint16Array };
}

/** Lengths are those of `ids`. */
export interface EdgeColumns {
  readonly ids: readonly string[];
  /** Indices of nodes. */
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  readonly color: Uint16Array;
  /** Pixels at scale 1. */
  readonly width: Float32Array;
  readonly flags: Uint8Array;
  /** Dots a second when the flow is shown; 0 where nothing flows or nothing is known. */
  readonly flow: Float32Array;
  /** Shown along the edge when it is near enough. */
  readonly main: readonly string[];
  /** Index into GLYPHS: drawn on the edge's middle where something is wrong. Absent: nothing is known of any. */
  readonly glyph?: Uint8Array;
}

export const NODE_RADIUS = 40;

/** Drawn into the ring: none for nodes whose frame tells no health. */
export const GLYPHS = ['none', 'healthy', 'degraded', 'failed', 'unknown'] as const;
export type Glyph = (typeof GLYPHS)[number];

/** Drawn outside the ring. */
export const MARKS = ['none', 'cause', 'first-failure', 'impacted'] as const;
export type Mark = (typeof MARKS)[number];

export const FLAGS = {
  /** Beside what the eye is to find. */
  dim: 1,
  selected: 2,
  /** On the path of an incident. */
  highlighted: 4,
  /** Stands for several that are collapsed into it. */
  group: 8,
  hovered: 16,
  /** Dashed: an edge that nothing is known of, or that was not there at the other time. */
  dashed: 32,
} as const;

/** From graph units to CSS pixels: pixel = unit × k + offset. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

/** What the drawing takes from Grafana's theme; canvas knows no style sheets. */
export interface DrawTheme {
  readonly background: string;
  readonly text: string;
  readonly textSecondary: string;
  readonly selection: string;
  readonly marks: Readonly<Record<Exclude<Mark, 'none'>, string>>;
  readonly fontFamily: string;
}

export type Hit = { readonly kind: 'node' | 'edge'; readonly index: number };
