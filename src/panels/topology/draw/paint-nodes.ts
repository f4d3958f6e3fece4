import { colorOf, isNear, type Frame, type Point } from './frame.ts';
import { disc, DOT_SHAPES, GLYPH_SHAPES } from './glyph-shapes.ts';
import { glyphOf, isRingDashed, type NodePlan } from './node-plan.ts';
import { FLAGS, NODE_RADIUS } from './scene.ts';
import { dashesOf, ringWidth, type Sprites } from './sprites.ts';

export const DIM = 0.2;
/** Graph units. */
const BADGE_RADIUS = 13;
/** Where badges sit on the ring, as a share of the radius in either direction. */
export const BADGE_AT = 0.74;

export const alphaOf = (frame: Frame, node: number): number => (frame.scene.nodes.flags[node] & FLAGS.dim ? DIM : 1);
export const middleOf = (frame: Frame, node: number): Point => [nodeX(frame, node), nodeY(frame, node)];
export const nodeX = (frame: Frame, node: number): number => frame.scene.nodes.x[node] * frame.k + frame.x;
export const nodeY = (frame: Frame, node: number): number => frame.scene.nodes.y[node] * frame.k + frame.y;

/** How large a node is drawn at the least, in device pixels. */
export function radiusOf(frame: Frame, node: number): number {
  const radius = NODE_RADIUS * frame.k;
  if (frame.level !== 'dot') return radius;
  const shape = DOT_SHAPES[glyphOf(frame.scene.nodes.glyph[node])];
  return Math.max(shape.leastPx * frame.ratio, radius * shape.grow);
}

/** Everything but what lies over the outlines of marks: see `paintBadges`. */
export function paintNodes(frame: Frame, plan: NodePlan, sprites: Sprites): number {
  if (frame.level === 'dot') return paintDots(frame, plan);
  paintStacks(frame, plan);
  if (frame.level === 'shape') return paintSprites(frame, plan, sprites);
  const painted = paintBodies(frame);
  paintRings(frame, plan);
  frame.context.globalAlpha = 1;
  return painted;
}

function paintDots(frame: Frame, plan: NodePlan): number {
  const { context, scene, area } = frame;
  const { offsets, order, count } = plan.buckets;
  let painted = 0;
  for (let bucket = 0; bucket < count; bucket++) {
    const first = order[offsets[bucket]];
    const shape = DOT_SHAPES[glyphOf(scene.nodes.glyph[first])];
    const radius = radiusOf(frame, first);
    context.globalAlpha = alphaOf(frame, first);
    context.beginPath();
    for (let at = offsets[bucket]; at < offsets[bucket + 1]; at++) {
      const x = nodeX(frame, order[at]);
      const y = nodeY(frame, order[at]);
      if (!isNear(area, [x, y], 2 * radius)) continue;
      shape.path(context, [x, y], radius);
      painted++;
    }
    finish(frame, { color: colorOf(frame, scene.nodes.color[first]), stroke: shape.stroke, size: radius });
  }
  context.globalAlpha = 1;
  return painted;
}

interface Finish {
  readonly color: string;
  readonly stroke: number | undefined;
  readonly size: number;
}

export function finish({ context }: Frame, { color, stroke, size }: Finish): void {
  if (stroke === undefined) {
    context.fillStyle = color;
    context.fill();
    return;
  }
  context.strokeStyle = color;
  context.lineWidth = stroke * size;
  context.lineJoin = 'round';
  context.stroke();
}

/** A group has two more discs behind it. */
function paintStacks(frame: Frame, { groups }: NodePlan): void {
  const { context, theme, area, k, ratio } = frame;
  const radius = NODE_RADIUS * k;
  for (const node of groups) {
    const [x, y] = middleOf(frame, node);
    if (!isNear(area, [x, y], 2 * radius)) continue;
    context.globalAlpha = alphaOf(frame, node);
    for (const behind of [2, 1]) {
      context.beginPath();
      disc(context, [x + behind * 6 * k, y - behind * 6 * k], radius);
      context.fillStyle = theme.background;
      context.fill();
      finish(frame, { color: theme.textSecondary, stroke: 0.05, size: Math.max(radius, 20 * ratio) });
    }
  }
  context.globalAlpha = 1;
}

/** Opaque, also of dim nodes: no edge runs through a number. */
function paintBodies(frame: Frame): number {
  const { context, theme, area, k, scene } = frame;
  const radius = NODE_RADIUS * k;
  let painted = 0;
  context.beginPath();
  for (let node = 0; node < scene.nodes.x.length; node++) {
    const middle = middleOf(frame, node);
    if (!isNear(area, middle, radius)) continue;
    disc(context, middle, radius);
    painted++;
  }
  context.fillStyle = theme.background;
  context.fill();
  return painted;
}

/** A ring in the node's colour with the glyph in it, where sections and numbers have no room yet. */
function paintSprites(frame: Frame, plan: NodePlan, sprites: Sprites): number {
  const { offsets, order, count } = plan.buckets;
  let painted = 0;
  for (let bucket = 0; bucket < count; bucket++) {
    const first = order[offsets[bucket]];
    const glyph = glyphOf(frame.scene.nodes.glyph[first]);
    const isDashed = isRingDashed(frame.scene, first);
    const color = colorOf(frame, frame.scene.nodes.color[first]);
    const sprite = sprites.get({ color, glyph, isDashed, radius: NODE_RADIUS * frame.k });
    const half = sprite.width / 2;
    frame.context.globalAlpha = alphaOf(frame, first);
    for (let at = offsets[bucket]; at < offsets[bucket + 1]; at++) {
      const middle = middleOf(frame, order[at]);
      if (!isNear(frame.area, middle, half + 1)) continue;
      // Whole pixels: they are copied, and not interpolated, which took three times as long.
      frame.context.drawImage(sprite, Math.round(middle[0] - half), Math.round(middle[1] - half));
      painted++;
    }
  }
  frame.context.globalAlpha = 1;
  return painted;
}

const TOP = -Math.PI / 2;

function paintRings(frame: Frame, plan: NodePlan): void {
  const { context, k, ratio, area } = frame;
  const { node: nodes, from, to, color, buckets } = plan.sections;
  const width = ringWidth(NODE_RADIUS * k, ratio);
  const radius = NODE_RADIUS * k - width / 2;
  context.lineWidth = width;
  for (let bucket = 0; bucket < buckets.count; bucket++) {
    const first = buckets.order[buckets.offsets[bucket]];
    const isDashed = isRingDashed(frame.scene, nodes[first]);
    context.globalAlpha = alphaOf(frame, nodes[first]);
    context.strokeStyle = colorOf(frame, color[first]);
    context.setLineDash(isDashed ? dashesOf(radius) : []);
    context.beginPath();
    for (let at = buckets.offsets[bucket]; at < buckets.offsets[bucket + 1]; at++) {
      const section = buckets.order[at];
      const x = nodeX(frame, nodes[section]);
      const y = nodeY(frame, nodes[section]);
      if (!isNear(area, [x, y], radius + width)) continue;
      const start = TOP + from[section] * 2 * Math.PI;
      context.moveTo(x + radius * Math.cos(start), y + radius * Math.sin(start));
      context.arc(x, y, radius, start, TOP + to[section] * 2 * Math.PI);
    }
    context.stroke();
  }
  context.setLineDash([]);
}

/** The health of nodes that are near, on the ring's upper left. */
export function paintBadges(frame: Frame, plan: NodePlan): void {
  const { context, theme, k } = frame;
  if (frame.level !== 'full') return;
  const away = BADGE_AT * NODE_RADIUS * k;
  const radius = BADGE_RADIUS * k;
  eachGlyph(frame, plan, (nodes, glyph, color) => {
    context.beginPath();
    for (const node of nodes) disc(context, [nodeX(frame, node) - away, nodeY(frame, node) - away], radius);
    context.fillStyle = theme.background;
    context.fill();
    finish(frame, { color, stroke: 0.15, size: radius });
    context.beginPath();
    for (const node of nodes) {
      glyph.path(context, [nodeX(frame, node) - away, nodeY(frame, node) - away], 0.6 * radius);
    }
    finish(frame, { color, stroke: glyph.stroke, size: 0.6 * radius });
  });
  context.globalAlpha = 1;
}

type PaintGlyphs = (
  nodes: readonly number[],
  glyph: (typeof GLYPH_SHAPES)[keyof typeof GLYPH_SHAPES],
  color: string,
) => void;

function eachGlyph(frame: Frame, plan: NodePlan, paint: PaintGlyphs): void {
  const { offsets, order, count } = plan.buckets;
  const reach = 1.5 * NODE_RADIUS * frame.k;
  for (let bucket = 0; bucket < count; bucket++) {
    const first = order[offsets[bucket]];
    const glyph = glyphOf(frame.scene.nodes.glyph[first]);
    if (glyph === 'none') continue;
    const nodes = [...order.subarray(offsets[bucket], offsets[bucket + 1])].filter((node) =>
      isNear(frame.area, middleOf(frame, node), reach),
    );
    if (nodes.length === 0) continue;
    frame.context.globalAlpha = alphaOf(frame, first);
    paint(nodes, GLYPH_SHAPES[glyph], colorOf(frame, frame.scene.nodes.color[first]));
  }
}
