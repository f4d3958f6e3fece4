import { bucketsOf, rowsWhere, type Buckets } from './buckets.ts';
import type { DrawnScene } from './drawn-scene.ts';
import { edgeLines } from './edge-lines.ts';
import { latest } from './latest.ts';
import { FLAGS, GLYPHS } from './scene.ts';

export interface EdgePlan {
  /** x1, y1, x2, y2 in graph units. */
  readonly lines: Float32Array;
  readonly buckets: Buckets;
  /** Edges on whose middle a glyph tells what is wrong. */
  readonly unhealthy: readonly number[];
}

const DEGRADED = GLYPHS.indexOf('degraded');
const FAILED = GLYPHS.indexOf('failed');
const WIDTH_CLASSES = 32;

/** Half pixels: nobody sees less, and each class is a path of its own. */
export const widthClass = (width: number): number =>
  Math.max(1, Math.min(WIDTH_CLASSES - 1, Number.isFinite(width) ? Math.round(2 * width) : 1));

export const isUnhealthy = (glyph: number | undefined): boolean => glyph === DEGRADED || glyph === FAILED;

/** What is painted over what. */
export function rankOf(flags: number, glyph: number | undefined): number {
  if (flags & (FLAGS.selected | FLAGS.hovered)) return 4;
  if (flags & FLAGS.highlighted) return 3;
  if (flags & FLAGS.dim) return 0;
  return isUnhealthy(glyph) ? 2 : 1;
}

/** Reads a scene's edges; each part again only when its columns are others. */
export function edgePlanner(): (scene: DrawnScene) => EdgePlan {
  const lines = latest(
    ({ nodes, edges }: DrawnScene) => [nodes.x, nodes.y, edges.source, edges.target],
    (scene) => edgeLines(scene),
  );
  const buckets = latest(
    ({ edges }: DrawnScene) => [edges.color, edges.width, edges.flags, edges.glyph],
    ({ edges: { color, width, flags, glyph } }) =>
      bucketsOf(color.length, (edge) => {
        const rank = rankOf(flags[edge], glyph?.[edge]);
        return ((rank * 256 + flags[edge]) * WIDTH_CLASSES + widthClass(width[edge])) * 65_536 + color[edge];
      }),
  );
  const unhealthy = latest(
    ({ edges }: DrawnScene) => [edges.glyph],
    ({ edges }) => rowsWhere(edges.glyph ?? new Uint8Array(0), isUnhealthy),
  );
  return (scene) => ({ lines: lines(scene), buckets: buckets(scene), unhealthy: unhealthy(scene) });
}
