import type { DrawnScene } from './drawn-scene.ts';
import { NODE_RADIUS } from './scene.ts';

/** Graph units between the middle line of two nodes and an edge that has another in the opposite direction. */
const PAIR_GAP = 7;
/** Between the ring and where an edge begins or its arrow ends. */
const RING_GAP = 4;
/** Radius of the circle in which an edge returns to the node that it left. */
export const LOOP_RADIUS = 16;

/**
 * Where edges run, in graph units: from ring to ring, as x1, y1, x2, y2. Edges between the same two nodes run side by
 * side, each on the right of its own direction. A loop is the circle around (x1, y1) of LOOP_RADIUS, and x2 is NaN.
 */
export function edgeLines(scene: DrawnScene): Float32Array {
  const { source, target } = scene.edges;
  const { x, y } = scene.nodes;
  const lanes = lanesOf(scene);
  const lines = new Float32Array(4 * source.length);
  for (let edge = 0; edge < source.length; edge++) {
    const a = source[edge];
    const b = target[edge];
    const at = 4 * edge;
    if (a === b) {
      lines[at] = x[a] + NODE_RADIUS;
      lines[at + 1] = y[a] - NODE_RADIUS;
      lines[at + 2] = Number.NaN;
      lines[at + 3] = Number.NaN;
      continue;
    }
    const dx = x[b] - x[a];
    const dy = y[b] - y[a];
    const length = Math.hypot(dx, dy) || 1;
    const ux = dx / length;
    const uy = dy / length;
    const aside = lanes[edge] * PAIR_GAP;
    const inset = length > 2 * (NODE_RADIUS + RING_GAP) ? NODE_RADIUS + RING_GAP : 0;
    lines[at] = x[a] + ux * inset - uy * aside;
    lines[at + 1] = y[a] + uy * inset + ux * aside;
    lines[at + 2] = x[b] - ux * inset - uy * aside;
    lines[at + 3] = y[b] - uy * inset + ux * aside;
  }
  return lines;
}

/** 0 for an edge that has the way for itself; otherwise 1, 2 … to the right of its direction. */
function lanesOf(scene: DrawnScene): Uint8Array {
  const { source, target } = scene.edges;
  const nodes = scene.nodes.x.length;
  const lanes = new Uint8Array(source.length);
  const used = new Map<number, number>();
  const key = (from: number, to: number): number => from * nodes + to;
  for (let edge = 0; edge < source.length; edge++) {
    const way = key(source[edge], target[edge]);
    used.set(way, (used.get(way) ?? 0) + 1);
  }
  const next = new Map<number, number>();
  for (let edge = 0; edge < source.length; edge++) {
    const way = key(source[edge], target[edge]);
    const isAlone = used.get(way) === 1 && !used.has(key(target[edge], source[edge]));
    if (isAlone) continue;
    const lane = (next.get(way) ?? 0) + 1;
    next.set(way, lane);
    lanes[edge] = Math.min(lane, 8);
  }
  return lanes;
}

export const isSamePlace = (a: DrawnScene, b: DrawnScene): boolean =>
  a.nodes.x === b.nodes.x &&
  a.nodes.y === b.nodes.y &&
  a.edges.source === b.edges.source &&
  a.edges.target === b.edges.target;
