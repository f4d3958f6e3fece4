import { neighboursOf, type Ways } from './layout-graph.ts';

/**
 * Nodes in an order in which each stands before what it leads to, but for the edges that close a circle. Begins at the
 * entry points, so that a circle is cut where one comes back to its beginning.
 */
function order({ out, into }: Ways): Uint32Array {
  const count = out.offsets.length - 1;
  const entries = Array.from({ length: count }, (_, node) => node).sort(
    (a, b) => Number(neighboursOf(into, a).length > 0) - Number(neighboursOf(into, b).length > 0) || a - b,
  );
  const seen = new Uint8Array(count);
  const next = out.offsets.slice(0, count);
  const ordered = new Uint32Array(count);
  let free = count;
  for (const entry of entries) {
    if (seen[entry] === 1) continue;
    seen[entry] = 1;
    const path = [entry];
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (next[node] === out.offsets[node + 1]) {
        path.pop();
        free -= 1;
        ordered[free] = node;
        continue;
      }
      const other = out.items[next[node]];
      next[node] += 1;
      if (seen[other] === 0) {
        seen[other] = 1;
        path.push(other);
      }
    }
  }
  return ordered;
}

/**
 * Layer of each node: callers stand above what they call, by the longest way from an entry point. Entry points stand right
 * above the first that they call.
 */
export function ranksOf(ways: Ways): Uint32Array {
  const { out, into } = ways;
  const ordered = order(ways);
  const position = new Uint32Array(ordered.length);
  ordered.forEach((node, at) => (position[node] = at));
  const ranks = new Uint32Array(ordered.length);
  for (const node of ordered) {
    for (const other of neighboursOf(out, node)) {
      if (position[other] > position[node]) ranks[other] = Math.max(ranks[other], ranks[node] + 1);
    }
  }
  for (const node of ordered) {
    const called = neighboursOf(out, node);
    if (called.length === 0 || neighboursOf(into, node).length > 0) continue;
    ranks[node] = called.reduce((least, other) => Math.min(least, ranks[other]), Infinity) - 1;
  }
  return ranks;
}
