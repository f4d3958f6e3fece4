/** A graph as edges between indices. Those that a layout is made of have no loops and repetitions. */
export interface LayoutGraph {
  readonly count: number;
  readonly source: Uint32Array;
  readonly target: Uint32Array;
}

/** For each node a list of numbers: those of node i are items[offsets[i]] … items[offsets[i + 1] − 1]. */
export interface Neighbours {
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
}

/** Of each node, whom it calls and who calls it. */
export interface Ways {
  readonly out: Neighbours;
  readonly into: Neighbours;
}

/** The other ends of the edges of each node, by one end. */
function neighboursBy(count: number, own: Uint32Array, other: Uint32Array): Neighbours {
  const offsets = new Uint32Array(count + 1);
  for (const node of own) offsets[node + 1] += 1;
  for (let node = 0; node < count; node += 1) offsets[node + 1] += offsets[node];
  const next = offsets.slice(0, count);
  const items = new Uint32Array(own.length);
  own.forEach((node, edge) => {
    items[next[node]] = other[edge];
    next[node] += 1;
  });
  return { offsets, items };
}

export const waysOf = ({ count, source, target }: LayoutGraph): Ways => ({
  out: neighboursBy(count, source, target),
  into: neighboursBy(count, target, source),
});

export const neighboursOf = ({ offsets, items }: Neighbours, node: number): Uint32Array =>
  items.subarray(offsets[node], offsets[node + 1]);

/** Weakly connected parts, the largest first, then by first node; nodes of each ascending. */
export function partsOf({ count, source, target }: LayoutGraph): readonly (readonly number[])[] {
  const parent = Uint32Array.from({ length: count }, (_, node) => node);
  const root = (node: number): number => {
    let at = node;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  };
  source.forEach((from, edge) => {
    const [a, b] = [root(from), root(target[edge])];
    // The smaller index becomes the root, so that the order of the edges does not matter.
    if (a < b) parent[b] = a;
    else parent[a] = b;
  });
  const parts = new Map<number, number[]>();
  for (let node = 0; node < count; node += 1) {
    const at = root(node);
    const part = parts.get(at);
    if (part === undefined) parts.set(at, [node]);
    else part.push(node);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length || a[0] - b[0]);
}

/** Parts as graphs of their own, whose node k is nodes[k]. In one pass, for there may be thousands of them. */
export function partGraphs(
  { count, source, target }: LayoutGraph,
  parts: readonly (readonly number[])[],
): readonly LayoutGraph[] {
  const partOf = new Int32Array(count).fill(-1);
  const within = new Uint32Array(count);
  parts.forEach((nodes, part) => {
    nodes.forEach((node, k) => {
      partOf[node] = part;
      within[node] = k;
    });
  });
  const edges = parts.map((): number[] => []);
  // Parts are connected, so that an edge is in one with both its ends.
  source.forEach((from, edge) => {
    if (partOf[from] >= 0) edges[partOf[from]].push(edge);
  });
  return parts.map((nodes, part) => ({
    count: nodes.length,
    source: Uint32Array.from(edges[part], (edge) => within[source[edge]]),
    target: Uint32Array.from(edges[part], (edge) => within[target[edge]]),
  }));
}
