import Flatbush from 'flatbush';
import { LOOP_RADIUS, edgeLines, isSamePlace } from './edge-lines.ts';
import { NODE_RADIUS, type Hit, type Scene, type View } from './scene.ts';

/** CSS pixels that a pointer may be beside an edge, and the least a node is wide for it. */
const EDGE_TOLERANCE_PX = 5;
const LEAST_NODE_PX = 6;

/** Graph units. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Finds what lies at a place. Setting a scene costs nothing: the index is built at the first question after nodes moved. */
export interface HitIndex {
  setScene(scene: Scene): void;
  /** What is under a point given in CSS pixels of the canvas: the nearest node, else the nearest edge. */
  at(x: number, y: number, view: View): Hit | undefined;
  /** Indices of nodes whose middle is within it, ascending. */
  within(rectangle: Rectangle): readonly number[];
}

export function createHitIndex(): HitIndex {
  let scene: Scene | undefined;
  let index: Index | undefined;
  const built = (): Index | undefined => {
    if (scene !== undefined) index ??= build(scene);
    return index;
  };
  return {
    setScene(next) {
      if (scene === undefined || !isSamePlace(scene, next)) index = undefined;
      scene = next;
    },
    at(pixelX, pixelY, view) {
      const found = built();
      if (found === undefined) return undefined;
      const x = (pixelX - view.x) / view.k;
      const y = (pixelY - view.y) / view.k;
      return nodeAt(found, [x, y], view.k) ?? edgeAt(found, [x, y], view.k);
    },
    within({ left, top, right, bottom }) {
      return (
        built()
          ?.nodes?.search(left, top, right, bottom)
          .sort((a, b) => a - b) ?? []
      );
    },
  };
}

type Point = readonly [x: number, y: number];

interface Index {
  readonly scene: Scene;
  readonly lines: Float32Array;
  /** undefined where there are none: a Flatbush holds at least one. */
  readonly nodes: Flatbush | undefined;
  readonly edges: Flatbush | undefined;
}

function build(scene: Scene): Index {
  const { x, y } = scene.nodes;
  const lines = edgeLines(scene);
  const nodes = x.length === 0 ? undefined : new Flatbush(x.length);
  for (let node = 0; node < x.length; node++) nodes?.add(x[node], y[node]);
  nodes?.finish();
  const count = lines.length / 4;
  const edges = count === 0 ? undefined : new Flatbush(count, 16, Float32Array);
  for (let edge = 0; edge < count; edge++) {
    const [x1, y1, x2, y2] = boundsOf(lines, edge);
    edges?.add(x1, y1, x2, y2);
  }
  edges?.finish();
  return { scene, lines, nodes, edges };
}

function boundsOf(lines: Float32Array, edge: number): readonly [number, number, number, number] {
  const x1 = lines[4 * edge];
  const y1 = lines[4 * edge + 1];
  const x2 = lines[4 * edge + 2];
  const y2 = lines[4 * edge + 3];
  if (Number.isNaN(x2)) return [x1 - LOOP_RADIUS, y1 - LOOP_RADIUS, x1 + LOOP_RADIUS, y1 + LOOP_RADIUS];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

function nodeAt(index: Index, [x, y]: Point, k: number): Hit | undefined {
  const reach = Math.max(NODE_RADIUS, LEAST_NODE_PX / k);
  const [node] = index.nodes?.neighbors(x, y, 1, reach) ?? [];
  return node === undefined ? undefined : { kind: 'node', index: node };
}

function edgeAt(index: Index, [x, y]: Point, k: number): Hit | undefined {
  const reach = EDGE_TOLERANCE_PX / k;
  let nearest = -1;
  let least = reach;
  for (const edge of index.edges?.search(x - reach, y - reach, x + reach, y + reach) ?? []) {
    const distance = distanceToEdge(index.lines, edge, [x, y]);
    if (distance > least) continue;
    least = distance;
    nearest = edge;
  }
  return nearest < 0 ? undefined : { kind: 'edge', index: nearest };
}

function distanceToEdge(lines: Float32Array, edge: number, [x, y]: Point): number {
  const x1 = lines[4 * edge];
  const y1 = lines[4 * edge + 1];
  const x2 = lines[4 * edge + 2];
  const y2 = lines[4 * edge + 3];
  if (Number.isNaN(x2)) return Math.abs(Math.hypot(x - x1, y - y1) - LOOP_RADIUS);
  const dx = x2 - x1;
  const dy = y2 - y1;
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square));
  return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
}
