import type { LayoutGraph } from './layout.ts';

export interface Components {
  /** Nodes of each component of two nodes and more, ascending; the largest component first, then by first node. */
  readonly connected: readonly (readonly number[])[];
  /** Nodes without any edge, ascending. */
  readonly isolated: readonly number[];
}

/** Weakly connected components, by union-find with path halving. */
export function findComponents({ ids, edgeSource, edgeTarget }: LayoutGraph): Components {
  const parent = Uint32Array.from(ids, (_, i) => i);
  const root = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  for (let e = 0; e < edgeSource.length; e += 1) {
    const [a, b] = [root(edgeSource[e]), root(edgeTarget[e])];
    // The smaller index becomes the root, so that the result does not depend on the order of the edges.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < ids.length; i += 1) {
    const at = root(i);
    const known = members.get(at);
    if (known === undefined) members.set(at, [i]);
    else known.push(i);
  }
  const all = [...members.values()];
  return {
    connected: all.filter(({ length }) => length > 1).sort((a, b) => b.length - a.length || a[0] - b[0]),
    isolated: all.filter(({ length }) => length === 1).map(([node]) => node),
  };
}
