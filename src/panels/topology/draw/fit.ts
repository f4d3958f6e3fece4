import { NODE_RADIUS, type Scene, type Size, type View } from './scene.ts';

/** Graph units that a label takes below a node. */
const LABEL_HEIGHT = 40;

/** Graph units, of whole nodes with their labels; undefined without nodes. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundsOf(scene: Scene): Bounds | undefined {
  const { x, y } = scene.nodes;
  if (x.length === 0) return undefined;
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let node = 0; node < x.length; node++) {
    left = Math.min(left, x[node]);
    right = Math.max(right, x[node]);
    top = Math.min(top, y[node]);
    bottom = Math.max(bottom, y[node]);
  }
  return {
    left: left - NODE_RADIUS,
    top: top - NODE_RADIUS,
    right: right + NODE_RADIUS,
    bottom: bottom + NODE_RADIUS + LABEL_HEIGHT,
  };
}

interface FitOptions {
  /** CSS pixels on each side. */
  readonly padding: number;
  readonly limits: readonly [least: number, greatest: number];
}

/** The view that shows all of a scene in the middle; undefined without nodes. */
export function viewThatFits(scene: Scene, size: Size, { padding, limits }: FitOptions): View | undefined {
  const bounds = boundsOf(scene);
  if (bounds === undefined) return undefined;
  const width = Math.max(1, size.width - 2 * padding);
  const height = Math.max(1, size.height - 2 * padding);
  const wanted = Math.min(width / (bounds.right - bounds.left), height / (bounds.bottom - bounds.top));
  const k = Math.max(limits[0], Math.min(limits[1], wanted));
  return {
    k,
    x: size.width / 2 - ((bounds.left + bounds.right) / 2) * k,
    y: size.height / 2 - ((bounds.top + bounds.bottom) / 2) * k,
  };
}
