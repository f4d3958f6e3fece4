import type { DrawnScene } from './drawn-scene.ts';
import { edgePlanner } from './edge-plan.ts';
import { levelOf, type Area, type Context, type Frame } from './frame.ts';
import { nodePlanner } from './node-plan.ts';
import { paintEdges } from './paint-edges.ts';
import { paintEdgeLabels, paintLabels } from './paint-labels.ts';
import { paintMarks } from './paint-marks.ts';
import { paintNodes } from './paint-nodes.ts';
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
}

export interface Painted {
  readonly nodes: number;
  readonly edges: number;
}

/** Paints areas of a picture, and keeps what it has read of a scene. */
export class Painter {
  readonly #planEdges = edgePlanner();
  readonly #planNodes = nodePlanner();
  readonly #sprites = new SpriteCache();
  #fit = new TextFit('sans-serif');
  #family = 'sans-serif';

  /** Repaints one area and nothing beside it; what meets its border is the same as if all had been painted. */
  paint(context: Context, picture: Picture, area: Area): Painted {
    this.#useFont(picture.theme.fontFamily);
    const frame: Frame = { ...picture, context, area, level: levelOf(picture.k / picture.ratio) };
    const edgePlan = this.#planEdges(picture.scene);
    const nodePlan = this.#planNodes(picture.scene);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    context.clip();
    context.clearRect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    const edges = paintEdges(frame, edgePlan);
    paintEdgeLabels(frame, edgePlan, this.#fit);
    const nodes = paintNodes(frame, nodePlan, this.#sprites.of(picture));
    paintMarks(frame, nodePlan);
    paintLabels(frame, nodePlan, this.#fit);
    context.restore();
    return { nodes, edges };
  }

  #useFont(family: string): void {
    if (family === this.#family) return;
    this.#family = family;
    this.#fit = new TextFit(family);
  }
}
