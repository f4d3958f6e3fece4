import { groupBy, itemsOf, type Adjacency } from './adjacency.ts';

/** Edge e leads from[e] → to[e]. */
export interface Arcs {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

const UNSEEN = 0;

/** Number of the strongly connected component of each node. Tarjan's algorithm with a stack of its own: graphs are deep. */
function strongComponents(count: number, { offsets, items }: Adjacency): Uint32Array {
  const found = new Uint32Array(count);
  const low = new Uint32Array(count);
  const component = new Uint32Array(count);
  const next = offsets.slice(0, count);
  const [path, open]: [number[], number[]] = [[], []];
  let [clock, components] = [0, 0];
  for (let start = 0; start < count; start += 1) {
    if (found[start] === UNSEEN) path.push(start);
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (found[node] === UNSEEN) {
        found[node] = low[node] = clock += 1;
        open.push(node);
      }
      if (next[node] < offsets[node + 1]) {
        const target = items[next[node]];
        next[node] += 1;
        if (found[target] === UNSEEN) path.push(target);
        else if (component[target] === 0) low[node] = Math.min(low[node], found[target]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const caller = path[path.length - 1];
        low[caller] = Math.min(low[caller], low[node]);
      }
      if (low[node] !== found[node]) continue;
      components += 1;
      for (let member = -1; member !== node;) {
        member = open.pop() as number;
        component[member] = components;
      }
    }
  }
  return component;
}

/** Edges within strongly connected components: those that are part of a cycle. */
function cyclicEdges(count: number, { from, to }: Arcs): Uint32Array {
  const component = strongComponents(count, groupBy(count, from, to));
  return Uint32Array.from(from.keys()).filter((e) => component[from[e]] === component[to[e]]);
}

/**
 * An acyclic half (or more) of the edges: each node in turn keeps the larger side of what is left of its edges and gives
 * up the other (Berger and Shor, 1990). Nodes that are called from outside their cycles come first and rather keep their
 * calls, so that a cycle hangs from where it is entered.
 */
function acyclicPart(count: number, arcs: Arcs, edges: Uint32Array): Uint32Array {
  const { from, to } = arcs;
  const cyclic = new Uint8Array(from.length);
  for (const e of edges) cyclic[e] = 1;
  const isEntered = new Uint8Array(count);
  for (let e = 0; e < from.length; e += 1) if (cyclic[e] === 0) isEntered[to[e]] = 1;

  const out = groupBy(
    count,
    edges.map((e) => from[e]),
    edges,
  );
  const into = groupBy(
    count,
    edges.map((e) => to[e]),
    edges,
  );
  const surplus = (i: number): number => itemsOf(out, i).length - itemsOf(into, i).length;
  const nodes = [...new Set(edges.map((e) => from[e]))].sort(
    (a, b) => isEntered[b] - isEntered[a] || surplus(b) - surplus(a) || a - b,
  );
  const isDone = new Uint8Array(count);
  const kept: number[] = [];
  for (const node of nodes) {
    const calls = itemsOf(out, node).filter((e) => isDone[to[e]] === 0);
    const calledBy = itemsOf(into, node).filter((e) => isDone[from[e]] === 0);
    kept.push(...(calls.length + isEntered[node] >= calledBy.length ? calls : calledBy));
    isDone[node] = 1;
  }
  return Uint32Array.from(kept);
}

/** Position of each node in a topological order of acyclic arcs; among those that are free, the smaller index first. */
export function topologicalOrder(count: number, { from, to }: Arcs): Uint32Array {
  const out = groupBy(count, from, to);
  const waiting = new Uint32Array(count);
  for (const target of to) waiting[target] += 1;
  const order = new Uint32Array(count);
  let end = 0;
  for (let i = 0; i < count; i += 1) {
    if (waiting[i] !== 0) continue;
    order[end] = i;
    end += 1;
  }
  for (let at = 0; at < end; at += 1) {
    for (const target of itemsOf(out, order[at])) {
      waiting[target] -= 1;
      if (waiting[target] !== 0) continue;
      order[end] = target;
      end += 1;
    }
  }
  return order;
}

/** The same edges, some of those in cycles turned round so that no cycle is left. Edges outside cycles stay as they are. */
export function breakCycles(count: number, arcs: Arcs): Arcs {
  const edges = cyclicEdges(count, arcs);
  if (edges.length === 0) return arcs;
  const kept = acyclicPart(count, arcs, edges);
  const order = topologicalOrder(count, { from: kept.map((e) => arcs.from[e]), to: kept.map((e) => arcs.to[e]) });
  const position = new Uint32Array(count);
  for (let k = 0; k < count; k += 1) position[order[k]] = k;

  const [from, to] = [arcs.from.slice(), arcs.to.slice()];
  for (const e of edges) {
    if (position[from[e]] > position[to[e]]) [from[e], to[e]] = [to[e], from[e]];
  }
  return { from, to };
}
