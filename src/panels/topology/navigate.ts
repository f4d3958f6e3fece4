import { GLYPHS, MARKS, type Scene } from './draw/scene.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const AXES: Readonly<Record<Direction, readonly [dx: number, dy: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
/** cos 60°: what lies further aside is not in that direction. */
const NARROWEST = 0.5;

/** The node one step away: the nearest neighbour in that direction, or, without one, the nearest node. */
export function nodeTowards(scene: Scene, from: number, direction: Direction): number | undefined {
  return (
    nearest({ scene, from, direction }, neighbours(scene, from)) ??
    nearest({ scene, from, direction }, everyNode(scene))
  );
}

/** Where the keyboard enters: the cause of an incident, else the worst node. */
export function mostUrgent({ nodes }: Scene): number | undefined {
  let best: number | undefined;
  let most = -1;
  for (let i = 0; i < nodes.ids.length; i += 1) {
    const urgency = URGENCY[GLYPHS[nodes.glyph[i]]] + (MARKS[nodes.mark[i]] === 'cause' ? 10 : 0);
    if (urgency <= most) continue;
    most = urgency;
    best = i;
  }
  return best;
}
const URGENCY = { none: 0, healthy: 0, unknown: 1, degraded: 2, failed: 3 } as const;

/** Nodes that an edge leads to or comes from, each once. */
export function neighbours({ edges }: Scene, of: number): readonly number[] {
  const found = new Set<number>();
  for (let e = 0; e < edges.ids.length; e += 1) {
    if (edges.source[e] === of) found.add(edges.target[e]);
    else if (edges.target[e] === of) found.add(edges.source[e]);
  }
  found.delete(of);
  return [...found];
}

const everyNode = ({ nodes }: Scene): readonly number[] => nodes.ids.map((_, index) => index);

interface Step {
  readonly scene: Scene;
  readonly from: number;
  readonly direction: Direction;
}

/** Distance along the direction counts less than distance aside, so that a row is walked before it is left. */
function nearest({ scene: { nodes }, from, direction }: Step, among: readonly number[]): number | undefined {
  const [dx, dy] = AXES[direction];
  let best: number | undefined;
  let least = Infinity;
  for (const index of among) {
    const x = nodes.x[index] - nodes.x[from];
    const y = nodes.y[index] - nodes.y[from];
    const distance = Math.hypot(x, y);
    const along = (x * dx + y * dy) / distance;
    if (!(along >= NARROWEST)) continue;
    const cost = distance / along;
    if (cost >= least) continue;
    least = cost;
    best = index;
  }
  return best;
}
