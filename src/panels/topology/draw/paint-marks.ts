import { isNear, type Frame, type Point } from './frame.ts';
import { disc, MARK_SHAPES, square } from './glyph-shapes.ts';
import type { NodePlan } from './node-plan.ts';
import { BADGE_AT, finish, middleOf, nodeX, nodeY, radiusOf } from './paint-nodes.ts';
import { FLAGS, NODE_RADIUS, type Mark } from './scene.ts';

type Outline = 'cause' | 'first-failure' | 'impacted';

/** Told apart by outline: a thick ring with four ticks, a square, a thin dotted ring. CSS pixels, at scale 1 at the least. */
const OUTLINES: Readonly<
  Record<Exclude<Mark, 'none'>, { readonly gap: number; readonly width: number; readonly dash: readonly number[] }>
> = {
  cause: { gap: 7, width: 4, dash: [] },
  'first-failure': { gap: 5, width: 2.5, dash: [] },
  impacted: { gap: 5, width: 1.75, dash: [2, 3] },
};
/** Painted in this order, so that the cause is over all. */
const MARK_ORDER: readonly Outline[] = ['impacted', 'first-failure', 'cause'];
const BADGE_RADIUS = 13;

/** Around the rings: marks of the diagnosis, then what a person found or pointed at. */
export function paintMarks(frame: Frame, plan: NodePlan): void {
  for (const mark of MARK_ORDER) paintOutlines(frame, mark, seen(frame, plan.marked[mark]));
  paintFound(frame, seen(frame, plan.outlined));
  frame.context.globalAlpha = 1;
}

/** Of nodes that are near, on the ring's upper right; the upper left tells the health. */
export function paintMarkBadges(frame: Frame, plan: NodePlan): void {
  if (frame.level !== 'full') return;
  for (const mark of MARK_ORDER) paintBadges(frame, mark, seen(frame, plan.marked[mark]));
}

const seen = (frame: Frame, nodes: readonly number[]): readonly number[] =>
  nodes.filter((node) => isNear(frame.area, middleOf(frame, node), 2 * radiusOf(frame, node) + 24 * frame.ratio));

function paintOutlines(frame: Frame, mark: Outline, nodes: readonly number[]): void {
  if (nodes.length === 0) return;
  const { context, ratio } = frame;
  const { gap, width, dash } = OUTLINES[mark];
  const scale = scaleOf(frame);
  context.strokeStyle = frame.theme.marks[mark];
  context.lineWidth = width * scale;
  context.setLineDash(dash.map((length) => length * scale));
  context.beginPath();
  for (const node of nodes) {
    const middle = middleOf(frame, node);
    const radius = Math.max(radiusOf(frame, node), 4 * ratio) + gap * scale;
    if (mark === 'first-failure') square(context, middle, radius);
    else disc(context, middle, radius);
    if (mark === 'cause') addTicks(frame, middle, radius);
  }
  context.stroke();
  context.setLineDash([]);
}

function addTicks(frame: Frame, [x, y]: Point, radius: number): void {
  const end = radius + 7 * scaleOf(frame);
  for (const [dx, dy] of [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ]) {
    frame.context.moveTo(x + dx * radius, y + dy * radius);
    frame.context.lineTo(x + dx * end, y + dy * end);
  }
}

function paintBadges(frame: Frame, mark: Outline, nodes: readonly number[]): void {
  if (nodes.length === 0) return;
  const { context, k, theme } = frame;
  const away = BADGE_AT * NODE_RADIUS * k;
  const radius = BADGE_RADIUS * k;
  context.beginPath();
  for (const node of nodes) disc(context, [nodeX(frame, node) + away, nodeY(frame, node) - away], radius);
  context.fillStyle = theme.background;
  context.fill();
  finish(frame, { color: theme.marks[mark], stroke: 0.15, size: radius });
  const shape = MARK_SHAPES[mark];
  context.beginPath();
  for (const node of nodes) shape.path(context, [nodeX(frame, node) + away, nodeY(frame, node) - away], 0.65 * radius);
  finish(frame, { color: theme.marks[mark], stroke: shape.stroke, size: 0.65 * radius });
}

/** Marks keep their width where nodes get small, since they are what is looked for from afar. */
const scaleOf = ({ k, ratio }: Frame): number => Math.max(0.6 * ratio, Math.min(k, 1.5 * ratio));

const FOUND = [
  { flag: FLAGS.highlighted, width: 3, alpha: 0.55 },
  { flag: FLAGS.hovered, width: 2, alpha: 0.8 },
  { flag: FLAGS.selected, width: 4, alpha: 1 },
] as const;

function paintFound(frame: Frame, nodes: readonly number[]): void {
  const { context, scene, theme, ratio } = frame;
  for (const { flag, width, alpha } of FOUND) {
    context.beginPath();
    for (const node of nodes) {
      if ((scene.nodes.flags[node] & flag) === 0) continue;
      const radius = Math.max(radiusOf(frame, node), 4 * ratio) + (width / 2) * ratio;
      disc(context, middleOf(frame, node), radius);
    }
    context.globalAlpha = alpha;
    context.strokeStyle = flag === FLAGS.selected ? theme.selection : theme.text;
    context.lineWidth = width * ratio;
    context.stroke();
  }
}
