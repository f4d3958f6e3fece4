import type { EdgePlan } from './edge-plan.ts';
import { colorOf, isNear, type Area, type Frame } from './frame.ts';
import { GLYPH_SHAPES } from './glyph-shapes.ts';
import { glyphOf, type NodePlan } from './node-plan.ts';
import { alphaOf, finish, nodeX, nodeY, radiusOf } from './paint-nodes.ts';
import { FLAGS, NODE_RADIUS } from './scene.ts';
import type { TextFit } from './text-fit.ts';

/** CSS pixels at scale 1, and the limits within which a label follows the scale. */
const TITLE_PX = 13;
const LEAST_PX = 10;
const GREATEST_PX = 17;
const LEAST_STAT_PX = 7;
/** `cut` takes less room than there is, by up to half an em. */
const ROUNDING_EM = 0.5;
/** Graph units. */
const LABEL_WIDTH = 150;
const STAT_WIDTH = 68;
/** Scale from which on there is room for numbers and subtitles, for edges' texts. */
const STATS_FROM = 0.5;
const EDGE_TEXT_FROM = 0.75;
/** Labels from afar, where only what is looked for has one. */
const MOST_FAR_LABELS = 40;
const FAR_LABEL_PX = 12;
const FAR_LABEL_WIDTH = 200;

const cssScale = (frame: Frame): number => frame.k / frame.ratio;
const textPx = (frame: Frame, atOne: number): number =>
  Math.round(2 * Math.max(LEAST_PX, Math.min(GREATEST_PX, atOne * cssScale(frame)))) / 2;

interface Text {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** CSS pixels. */
  readonly px: number;
  /** Device pixels. */
  readonly width: number;
  readonly color: string;
  readonly weight?: number;
  readonly hasOutline?: boolean;
}

function put({ context, theme, ratio }: Frame, fit: TextFit, label: Text): void {
  if (label.text === '') return;
  const px = label.px * ratio;
  const cut = fit.cut(context, label.text, label.width / px);
  if (cut === '') return;
  context.font = `${label.weight ?? 400} ${px}px ${theme.fontFamily}`;
  if (label.hasOutline === true) {
    context.strokeStyle = theme.background;
    context.lineWidth = 3 * ratio;
    context.lineJoin = 'round';
    context.strokeText(cut, label.x, label.y);
  }
  context.fillStyle = label.color;
  context.fillText(cut, label.x, label.y);
}

export function paintLabels(frame: Frame, plan: NodePlan, fit: TextFit): void {
  const { context } = frame;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  if (frame.level === 'full') paintAll(frame, fit);
  else paintFar(frame, plan, fit);
  context.globalAlpha = 1;
}

function paintAll(frame: Frame, fit: TextFit): void {
  const { scene, area, k, ratio } = frame;
  const reach = (NODE_RADIUS + LABEL_WIDTH / 2) * k + 40 * ratio;
  for (let node = 0; node < scene.nodes.x.length; node++) {
    const x = nodeX(frame, node);
    const y = nodeY(frame, node);
    if (!isNear(area, [x, y], reach)) continue;
    frame.context.globalAlpha = alphaOf(frame, node);
    paintIcon(frame, node);
    if (cssScale(frame) >= STATS_FROM) paintStats(frame, fit, node);
    paintTitles(frame, fit, node);
  }
}

function paintTitles(frame: Frame, fit: TextFit, node: number): void {
  const { scene, theme, k, ratio } = frame;
  const px = textPx(frame, TITLE_PX);
  const x = nodeX(frame, node);
  const y = nodeY(frame, node) + NODE_RADIUS * k + (0.5 * px + 8) * ratio;
  const width = Math.max(LABEL_WIDTH * k, 60 * ratio);
  const { title, subtitle } = scene.nodes;
  put(frame, fit, { text: title[node], x, y, px, width, color: theme.text, weight: 500, hasOutline: true });
  if (cssScale(frame) < STATS_FROM) return;
  const below = y + 1.2 * px * ratio;
  put(frame, fit, {
    text: subtitle[node],
    x,
    y: below,
    px: px - 1,
    width,
    color: theme.textSecondary,
    hasOutline: true,
  });
}

/**
 * The main number in the middle of the ring, the secondary one below it, the icon above. A number without its end would be
 * another one: it gets smaller instead, and is left out where nobody could read it.
 */
function paintStats(frame: Frame, fit: TextFit, node: number): void {
  const { scene, theme, k } = frame;
  const { main, secondary } = scene.nodes;
  const x = nodeX(frame, node);
  const hasIcon = scene.nodes.icon[node] !== 0;
  const isAlone = secondary[node] === '';
  const y = nodeY(frame, node) + ((hasIcon ? 4 : -2) + (isAlone ? 2 : 0)) * k;
  const first = { text: main[node], x, y, px: textPx(frame, 14), color: theme.text, weight: 500 };
  putWhole(frame, fit, { ...first, width: STAT_WIDTH * k });
  const below = nodeY(frame, node) + (hasIcon ? 20 : 14) * k;
  const second = { text: secondary[node], x, y: below, px: textPx(frame, 11), color: theme.textSecondary };
  putWhole(frame, fit, { ...second, width: 0.85 * STAT_WIDTH * k });
}

function putWhole(frame: Frame, fit: TextFit, label: Text): void {
  const roomPx = label.width / frame.ratio / Math.max(1, fit.width(frame.context, label.text) + ROUNDING_EM);
  // Quarters of a pixel: a cache of glyphs is no use for sizes that never come again.
  const px = Math.min(label.px, Math.floor(4 * roomPx) / 4);
  if (px >= LEAST_STAT_PX) put(frame, fit, { ...label, px });
}

const ICON_UNITS = 24;
const icons = new Map<string, Path2D>();

function paintIcon(frame: Frame, node: number): void {
  const { context, scene, theme, k } = frame;
  const data = scene.icons[scene.nodes.icon[node] - 1];
  if (data === undefined) return;
  let path = icons.get(data);
  if (path === undefined) icons.set(data, (path = new Path2D(data)));
  const hasText = cssScale(frame) >= STATS_FROM && scene.nodes.main[node] + scene.nodes.secondary[node] !== '';
  const scale = ((hasText ? 16 : 32) / ICON_UNITS) * k;
  const half = (scale * ICON_UNITS) / 2;
  const y = nodeY(frame, node) - (hasText ? 18 * k : 0);
  context.setTransform(scale, 0, 0, scale, nodeX(frame, node) - half, y - half);
  context.fillStyle = theme.textSecondary;
  context.fill(path);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/**
 * What is looked for has its name also where it is a dot, unless an earlier name lies there. Which ones does not depend on
 * where one looks: a strip that is painted while somebody pans has to continue what is there.
 */
function paintFar(frame: Frame, plan: NodePlan, fit: TextFit): void {
  const { scene, theme, area, ratio } = frame;
  const found = plan.outlined.filter((node) => (scene.nodes.flags[node] & (FLAGS.selected | FLAGS.hovered)) !== 0);
  const named = new Set([...found, ...plan.marked.cause, ...plan.marked['first-failure']]);
  const taken: Area[] = [];
  for (const node of [...named].slice(0, MOST_FAR_LABELS)) {
    const text = scene.nodes.title[node];
    const x = nodeX(frame, node);
    const y = nodeY(frame, node) + radiusOf(frame, node) + 20 * ratio;
    const half = (Math.min(FAR_LABEL_WIDTH, fit.width(frame.context, text) * FAR_LABEL_PX) / 2) * ratio;
    const box = { left: x - half, right: x + half, top: y - FAR_LABEL_PX * ratio, bottom: y + FAR_LABEL_PX * ratio };
    if (taken.some((other) => meets(box, other))) continue;
    taken.push(box);
    if (!meets(box, area)) continue;
    const label = { text, x, y, px: FAR_LABEL_PX, width: FAR_LABEL_WIDTH * ratio, color: theme.text };
    put(frame, fit, { ...label, weight: 500, hasOutline: true });
  }
}

const meets = (a: Area, b: Area): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

export function paintEdgeLabels(frame: Frame, plan: EdgePlan, fit: TextFit): void {
  const { context, scene, theme } = frame;
  if (frame.level !== 'full') return;
  paintEdgeGlyphs(frame, plan);
  if (cssScale(frame) < EDGE_TEXT_FROM) return;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const px = textPx(frame, 11);
  scene.edges.main.forEach((text, edge) => {
    if (text === '' || (scene.edges.flags[edge] & FLAGS.dim) !== 0) return;
    const [x, y] = middleOf(frame, plan, edge);
    if (!isNear(frame.area, [x, y], 80 * frame.ratio)) return;
    const label = { text, x, y: y + 14 * frame.k, px, width: 120 * frame.k, color: theme.textSecondary };
    put(frame, fit, { ...label, hasOutline: true });
  });
}

function middleOf({ k, x, y }: Frame, { lines }: EdgePlan, edge: number): readonly [number, number] {
  const at = 4 * edge;
  return [((lines[at] + lines[at + 2]) / 2) * k + x, ((lines[at + 1] + lines[at + 3]) / 2) * k + y];
}

function paintEdgeGlyphs(frame: Frame, plan: EdgePlan): void {
  const { context, scene } = frame;
  const size = Math.max(4 * frame.ratio, 7 * frame.k);
  for (const edge of plan.unhealthy) {
    const [x, y] = middleOf(frame, plan, edge);
    const glyph = glyphOf(scene.edges.glyph?.[edge] ?? 0);
    if (glyph === 'none' || !isNear(frame.area, [x, y], 2 * size)) continue;
    context.globalAlpha = (scene.edges.flags[edge] & FLAGS.dim) !== 0 ? 0.2 : 1;
    context.beginPath();
    GLYPH_SHAPES[glyph].path(context, [x, y], size);
    finish(frame, { color: colorOf(frame, scene.edges.color[edge]), stroke: GLYPH_SHAPES[glyph].stroke, size });
  }
  context.globalAlpha = 1;
}
