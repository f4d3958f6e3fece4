import { bucketsOf, rowsWhere, type Buckets } from './buckets.ts';
import type { DrawnScene } from './drawn-scene.ts';
import { rankOf } from './edge-plan.ts';
import { latest } from './latest.ts';
import { FLAGS, GLYPHS, MARKS, type Glyph, type Mark } from './scene.ts';

/** A section of a ring: from and to are shares of the circle, clockwise from the top. */
export interface RingSections {
  readonly node: Uint32Array;
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly color: Uint16Array;
  readonly buckets: Buckets;
}

export interface NodePlan {
  /** Of one colour, glyph and flags; what is unhealthy comes last. */
  readonly buckets: Buckets;
  readonly sections: RingSections;
  readonly marked: Readonly<Record<Exclude<Mark, 'none'>, readonly number[]>>;
  /** Nodes that are outlined or stand for several. */
  readonly groups: readonly number[];
  readonly outlined: readonly number[];
}

export const glyphOf = (glyph: number): Glyph => GLYPHS[glyph] ?? 'none';

const OUTLINED = FLAGS.selected | FLAGS.hovered | FLAGS.highlighted;

export function nodePlanner(): (scene: DrawnScene) => NodePlan {
  const buckets = latest(
    ({ nodes }: DrawnScene) => [nodes.color, nodes.glyph, nodes.flags],
    ({ nodes: { color, glyph, flags } }) =>
      bucketsOf(
        color.length,
        (node) => ((rankOf(flags[node], glyph[node]) * 8 + glyph[node]) * 256 + flags[node]) * 65_536 + color[node],
      ),
  );
  const sections = latest(
    ({ nodes: { color, glyph, flags, arcs } }: DrawnScene) => [color, glyph, flags, ...Object.values(arcs)],
    sectionsOf,
  );
  const marked = latest(
    ({ nodes }: DrawnScene) => [nodes.mark],
    ({ nodes: { mark } }) => ({
      cause: rowsWhere(mark, (value) => value === MARKS.indexOf('cause')),
      'first-failure': rowsWhere(mark, (value) => value === MARKS.indexOf('first-failure')),
      impacted: rowsWhere(mark, (value) => value === MARKS.indexOf('impacted')),
    }),
  );
  const flagged = latest(
    ({ nodes }: DrawnScene) => [nodes.flags],
    ({ nodes: { flags } }) => ({
      groups: rowsWhere(flags, (value) => (value & FLAGS.group) !== 0),
      outlined: rowsWhere(flags, (value) => (value & OUTLINED) !== 0),
    }),
  );
  return (scene) => ({
    buckets: buckets(scene),
    sections: sections(scene),
    marked: marked(scene),
    ...flagged(scene),
  });
}

/** Dashed, as all of an unknown node's ring is, or dim. */
export const isRingDashed = (scene: DrawnScene, node: number): boolean =>
  glyphOf(scene.nodes.glyph[node]) === 'unknown' || (scene.nodes.flags[node] & FLAGS.dashed) !== 0;

function sectionsOf(scene: DrawnScene): RingSections {
  const { color, flags, arcs } = scene.nodes;
  const rows: { readonly node: number; readonly from: number; readonly to: number; readonly color: number }[] = [];
  for (let node = 0; node < color.length; node++) {
    let from = 0;
    for (let arc = arcs.offsets[node]; arc < arcs.offsets[node + 1]; arc++) {
      const to = Math.min(1, from + arcs.share[arc]);
      if (to > from) rows.push({ node, from, to, color: arcs.color[arc] });
      from = Math.max(from, to);
    }
    if (from === 0) rows.push({ node, from: 0, to: 1, color: color[node] });
  }
  return {
    node: Uint32Array.from(rows, (row) => row.node),
    from: Float32Array.from(rows, (row) => row.from),
    to: Float32Array.from(rows, (row) => row.to),
    color: Uint16Array.from(rows, (row) => row.color),
    buckets: bucketsOf(rows.length, (row) => {
      const { node, color: of } = rows[row];
      return ((flags[node] & FLAGS.dim ? 0 : 2) + (isRingDashed(scene, node) ? 1 : 0)) * 65_536 + of;
    }),
  };
}
