import type { EdgePlan } from './edge-plan.ts';
import { LOOP_RADIUS } from './edge-lines.ts';
import type { Buckets } from './buckets.ts';
import { colorOf, isNear, type Area, type Frame, type Point } from './frame.ts';
import { FLAGS } from './scene.ts';
import { isUnhealthy, widthClass } from './edge-plan.ts';

/** Segments that go into one path. */
const MOST_SEGMENTS = 1_000;
/** Lines that are wider are few: they are near. */
const MOST_HAIRLINES = 6;
/**
 * Calm edges of a picture that lasts for a frame, while somebody zooms: 50,000 hairlines take 55 ms. Always the same ones,
 * and never one that is unhealthy or marked; the whole picture follows as soon as the hand rests.
 */
const MOST_HURRIED = 10_000;
const DIM = 0.15;
/**
 * Opacity of edges about which there is nothing to say, where nodes are small: the more there are, the less of each, so that
 * nodes and unhealthy edges stay readable. By all edges, not by those in sight, which are others in each strip of a pan.
 */
const calmAlpha = (edges: number): number => Math.max(0.3, Math.min(0.8, Math.sqrt(800 / Math.max(1, edges))));

interface Style {
  readonly color: string;
  /** Device pixels. */
  readonly width: number;
  readonly alpha: number;
  readonly isDashed: boolean;
  readonly isCalm: boolean;
}

export interface PaintedEdges {
  readonly edges: number;
  readonly isThinned: boolean;
}

export function paintEdges(frame: Frame, plan: EdgePlan): PaintedEdges {
  const { offsets, order, count } = visibleOf(frame, plan);
  const styles = Array.from({ length: count }, (_, at) => styleOf(frame, plan.buckets.order[plan.buckets.offsets[at]]));
  const calm = styles.reduce((sum, { isCalm }, at) => sum + (isCalm ? offsets[at + 1] - offsets[at] : 0), 0);
  const step = frame.isHurried ? Math.max(1, Math.ceil(calm / MOST_HURRIED)) : 1;
  styles.forEach((style, bucket) => {
    const all = order.subarray(offsets[bucket], offsets[bucket + 1]);
    const rows = step > 1 && style.isCalm ? all.filter((edge) => edge % step === 0) : all;
    strokeLines(frame, plan.lines, { rows, style });
    if (frame.level === 'full') fillArrows(frame, plan.lines, { rows, style });
  });
  frame.context.globalAlpha = 1;
  frame.context.setLineDash([]);
  return { edges: order.length, isThinned: step > 1 };
}

/** The buckets without the edges that run beside the area. */
function visibleOf(frame: Frame, { lines, buckets }: EdgePlan): Buckets {
  const seen = inUnits(frame);
  const order = new Uint32Array(buckets.order.length);
  const offsets = new Uint32Array(buckets.count + 1);
  let count = 0;
  for (let bucket = 0; bucket < buckets.count; bucket++) {
    for (let at = buckets.offsets[bucket]; at < buckets.offsets[bucket + 1]; at++) {
      const edge = buckets.order[at];
      if (crosses(seen, lines, 4 * edge)) order[count++] = edge;
    }
    offsets[bucket + 1] = count;
  }
  return { order: order.subarray(0, count), offsets, count: buckets.count };
}

function styleOf(frame: Frame, edge: number): Style {
  const { color, width, flags, glyph } = frame.scene.edges;
  const flag = flags[edge];
  const isFound = (flag & (FLAGS.selected | FLAGS.hovered)) !== 0;
  const isOnPath = (flag & FLAGS.highlighted) !== 0;
  const isCalm = !isFound && !isOnPath && !isUnhealthy(glyph?.[edge]);
  const scaled = (widthClass(width[edge]) / 2) * Math.min(1.5 * frame.ratio, frame.k);
  const isFar = frame.level === 'dot';
  const least = isFound || isOnPath ? 2.5 * frame.ratio : isCalm || isFar ? 0.6 : 1.5 * frame.ratio;
  const most = isFar && !isFound && !isOnPath ? 1 : Infinity;
  return {
    color: isFound ? frame.theme.selection : colorOf(frame, color[edge]),
    width: Math.min(most, Math.max(least, scaled)),
    alpha: flag & FLAGS.dim ? DIM : isCalm && frame.level !== 'full' ? calmAlpha(color.length) : 1,
    isDashed: (flag & FLAGS.dashed) !== 0 && !isFar,
    isCalm,
  };
}

interface Rows {
  readonly rows: Uint32Array;
  readonly style: Style;
}

/**
 * A line of n pixels is painted as n hairlines beside each other: Skia without a GPU draws 5,000 hairlines in 6.5 ms, n
 * times that for n; the same with a lineWidth above 1, whose outlines it fills, took 50 to 100 ms.
 */
function strokeLines(frame: Frame, lines: Float32Array, { rows, style }: Rows): void {
  const { context, k, x, y } = frame;
  context.strokeStyle = style.color;
  context.lineWidth = style.width > MOST_HAIRLINES ? style.width : Math.min(1, style.width);
  context.globalAlpha = style.alpha;
  context.setLineDash(style.isDashed ? [6 * frame.ratio, 4 * frame.ratio] : []);
  context.beginPath();
  rows.forEach((edge, row) => {
    const at = 4 * edge;
    if (Number.isNaN(lines[at + 2])) addLoop(frame, [lines[at] * k + x, lines[at + 1] * k + y]);
    else addLine(frame, lines.subarray(at, at + 4), style.width);
    if ((row + 1) % MOST_SEGMENTS !== 0) return;
    context.stroke();
    context.beginPath();
  });
  context.stroke();
}

/** A hairline is a pixel thick along the axis that it crosses more steeply; beside each other along it, they leave no gap. */
function addLine({ context, k, x, y }: Frame, line: Float32Array, width: number): void {
  const x1 = line[0] * k + x;
  const y1 = line[1] * k + y;
  const x2 = line[2] * k + x;
  const y2 = line[3] * k + y;
  const dx = Math.abs(x2 - x1);
  const dy = Math.abs(y2 - y1);
  const copies =
    width <= 1 || width > MOST_HAIRLINES ? 1 : Math.round((width * Math.sqrt(dx * dx + dy * dy)) / Math.max(dx, dy, 1));
  const isFlat = dx > dy;
  for (let copy = 0; copy < copies; copy++) {
    const aside = copy - (copies - 1) / 2;
    const byX = isFlat ? 0 : aside;
    const byY = isFlat ? aside : 0;
    context.moveTo(x1 + byX, y1 + byY);
    context.lineTo(x2 + byX, y2 + byY);
  }
}

function addLoop({ context, k }: Frame, [x, y]: Point): void {
  const radius = LOOP_RADIUS * k;
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

/** Graph units; wider than the area by what a line's width and its arrow need. */
function inUnits({ area, k, x, y, ratio }: Frame): Area {
  const reach = 8 * ratio + ARROW_HALF_WIDTH * k;
  return {
    left: (area.left - reach - x) / k,
    top: (area.top - reach - y) / k,
    right: (area.right + reach - x) / k,
    bottom: (area.bottom + reach - y) / k,
  };
}

/** Whether a line may be seen in an area: its box meets it, and not all corners lie on one side of it. */
function crosses({ left, top, right, bottom }: Area, lines: Float32Array, at: number): boolean {
  const x1 = lines[at];
  const y1 = lines[at + 1];
  const x2 = lines[at + 2];
  const y2 = lines[at + 3];
  if (Number.isNaN(x2)) return isNear({ left, top, right, bottom }, [x1, y1], LOOP_RADIUS);
  if ((x1 < left && x2 < left) || (x1 > right && x2 > right)) return false;
  if ((y1 < top && y2 < top) || (y1 > bottom && y2 > bottom)) return false;
  const dx = x2 - x1;
  const dy = y2 - y1;
  const offset = y1 * dx - x1 * dy;
  const first = left * dy - top * dx + offset > 0;
  return (
    right * dy - top * dx + offset > 0 !== first ||
    right * dy - bottom * dx + offset > 0 !== first ||
    left * dy - bottom * dx + offset > 0 !== first
  );
}

/** Graph units. */
const ARROW_LENGTH = 12;
const ARROW_HALF_WIDTH = 5;

function fillArrows(frame: Frame, lines: Float32Array, { rows, style }: Rows): void {
  const { context, k, x, y, area } = frame;
  const grown = 1 + style.width / (4 * frame.ratio);
  const length = ARROW_LENGTH * k * grown;
  const half = ARROW_HALF_WIDTH * k * grown;
  context.fillStyle = style.color;
  context.beginPath();
  for (const edge of rows) {
    const tipX = lines[4 * edge + 2] * k + x;
    const tipY = lines[4 * edge + 3] * k + y;
    if (!(tipX > area.left - length && tipX < area.right + length)) continue;
    if (!(tipY > area.top - length && tipY < area.bottom + length)) continue;
    const dx = tipX - (lines[4 * edge] * k + x);
    const dy = tipY - (lines[4 * edge + 1] * k + y);
    const way = Math.hypot(dx, dy) || 1;
    const ux = dx / way;
    const uy = dy / way;
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - ux * length - uy * half, tipY - uy * length + ux * half);
    context.lineTo(tipX - ux * length + uy * half, tipY - uy * length - ux * half);
    context.closePath();
  }
  context.fill();
}
