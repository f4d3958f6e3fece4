import type { DrawnScene } from './drawn-scene.ts';
import { edgeLines } from './edge-lines.ts';
import type { Context } from './frame.ts';
import { latest } from './latest.ts';
import type { Picture } from './painter.ts';
import { FLAGS } from './scene.ts';

/** Graph units a second. */
const SPEED = 90;
/** Dots in a picture; of more, the same edges go without in every picture. */
const MOST_DOTS = 1_500;
const DOT_PX = 3;
/** Graph units between dots at the least: above that, more traffic looks no different. */
const LEAST_SPACING = 25;

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Dots that run along edges, as many a second as the column `flow` says. */
export class FlowDots {
  readonly #lines = latest(
    ({ nodes, edges }: DrawnScene) => [nodes.x, nodes.y, edges.source, edges.target],
    (scene) => edgeLines(scene),
  );
  readonly #flowing = latest(
    ({ edges }: DrawnScene) => [edges.flow, edges.flags],
    ({ edges: { flow, flags } }) =>
      Array.from(flow.keys()).filter((edge) => flow[edge] > 0 && (flags[edge] & FLAGS.dim) === 0),
  );

  /** Adds the dots of a moment to a picture; returns how many. */
  paint(
    context: Context,
    picture: Picture,
    { nowMs, extent }: { readonly nowMs: number; readonly extent: Extent },
  ): number {
    const { scene, theme, k, ratio } = picture;
    const lines = this.#lines(scene);
    const seen = this.#flowing(scene).filter((edge) => isSeen(picture, lines.subarray(4 * edge, 4 * edge + 4), extent));
    const perEdge = seen.map((edge) => dotsOn(lines.subarray(4 * edge, 4 * edge + 4), scene.edges.flow[edge]));
    const total = perEdge.reduce((sum, count) => sum + count, 0);
    const step = Math.max(1, Math.ceil(total / MOST_DOTS));
    const side = (k / ratio < 0.4 ? DOT_PX - 1 : DOT_PX) * ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.text;
    let painted = 0;
    seen.forEach((edge, at) => {
      if (edge % step !== 0) return;
      const line = lines.subarray(4 * edge, 4 * edge + 4);
      const length = Math.hypot(line[2] - line[0], line[3] - line[1]);
      const travelled = ((SPEED * nowMs) / 1000 / length + phaseOf(edge)) % 1;
      for (let dot = 0; dot < perEdge[at] && painted < MOST_DOTS; dot++) {
        const share = (travelled + dot / perEdge[at]) % 1;
        const x = (line[0] + share * (line[2] - line[0])) * k + picture.x;
        const y = (line[1] + share * (line[3] - line[1])) * k + picture.y;
        context.fillRect(x - side / 2, y - side / 2, side, side);
        painted++;
      }
    });
    return painted;
  }
}

/** Golden ratio: neighbours do not beat time together. */
const phaseOf = (edge: number): number => (edge * 0.618_034) % 1;

function dotsOn([x1, y1, x2, y2]: Float32Array, flow: number): number {
  const length = Math.hypot(x2 - x1, y2 - y1);
  return Math.max(1, Math.floor(Math.min((length * flow) / SPEED, length / LEAST_SPACING)));
}

/** Loops have no dots: their x2 is NaN, which is beside everything. */
function isSeen({ k, x, y }: Picture, [x1, y1, x2, y2]: Float32Array, { width, height }: Extent): boolean {
  const left = Math.min(x1, x2) * k + x;
  const top = Math.min(y1, y2) * k + y;
  const right = Math.max(x1, x2) * k + x;
  const bottom = Math.max(y1, y2) * k + y;
  return left <= width && right >= 0 && top <= height && bottom >= 0;
}
