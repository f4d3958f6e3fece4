import type { DrawnScene } from './drawn-scene.ts';
import { edgePlanner } from './edge-plan.ts';
import { levelOf, type Area, type Context, type Frame } from './frame.ts';
import { nodePlanner } from './node-plan.ts';
import { paintEdges } from './paint-edges.ts';
import { paintEdgeLabels, paintLabels } from './paint-labels.ts';
import { paintMarkBadges, paintMarks } from './paint-marks.ts';
import { paintBadges, paintNodes } from './paint-nodes.ts';
import type { DrawTheme } from './scene.ts';
import { SpriteCache } from './sprites.ts';
import { TextFit } from './text-fit.ts';

export interface Picture {
  readonly scene: DrawnScene;
  readonly theme: DrawTheme;
  /** Device pixels, whole ones: see `Canvas`. */
  readonly x: number;
  readonly y: number;
  /** Device pixels in a graph unit, and in a CSS pixel. */
  readonly k: number;
  readonly ratio: number;
  readonly isHurried: boolean;
}

export interface Painted {
  readonly nodes: number;
  readonly edges: number;
  /** Calm edges were left out, because of a hurry. */
  readonly isThinned: boolean;
}

/** Paints areas of a picture, and keeps what it has read of a scene. */
export class Painter {
  readonly #planEdges = edgePlanner();
  readonly #planNodes = nodePlanner();
  readonly #sprites = new SpriteCache();
  #fit = new TextFit('sans-serif');
  #fitOf: DrawTheme | undefined;

  /** Repaints one area and nothing beside it; what crosses its border goes on there. */
  paint(context: Context, picture: Picture, area: Area): Painted {
    this.#useFont(picture.theme);
    const frame: Frame = { ...picture, context, area, level: levelOf(picture.k / picture.ratio) };
    const edgePlan = this.#planEdges(picture.scene);
    const nodePlan = this.#planNodes(picture.scene);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    context.clip();
    context.clearRect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    const { edges, isThinned } = paintEdges(frame, edgePlan);
    paintEdgeLabels(frame, edgePlan, this.#fit);
    const nodes = paintNodes(frame, nodePlan, this.#sprites.of(picture));
    paintMarks(frame, nodePlan);
    paintBadges(frame, nodePlan);
    paintMarkBadges(frame, nodePlan);
    paintLabels(frame, nodePlan, this.#fit);
    context.restore();
    return { nodes, edges, isThinned };
  }

  /** Anew with each theme: its fonts may have come meanwhile, and texts are wider or narrower then. */
  #useFont(theme: DrawTheme): void {
    if (theme === this.#fitOf) return;
    this.#fitOf = theme;
    this.#fit = new TextFit(theme.fontFamily);
  }
}
