import { groupBy, type Adjacency } from './adjacency.ts';
import type { Arcs } from './cycles.ts';

/**
 * One component, layered. Items below `nodes` are its nodes; the rest, in small components, are bends: where an edge
 * passes a layer between its ends, so that it takes part in the order and gets room there.
 */
export interface LayeredGraph {
  readonly nodes: number;
  readonly count: number;
  /** Per item; the topmost is 0. */
  readonly layer: Int32Array;
  readonly layerCount: number;
  readonly above: Adjacency;
  readonly below: Adjacency;
  /** The arc that bend nodes + k is part of. */
  readonly bends: readonly { readonly from: number; readonly to: number }[];
  /** Every arc spans exactly one layer. */
  readonly isProper: boolean;
}

/** Beyond it, bends would outnumber the nodes by far and give room to edges that nobody can follow anyway. */
const MAX_ARCS_WITH_BENDS = 1_500;

export function buildLayeredGraph(nodes: number, arcs: Arcs, layers: ArrayLike<number>): LayeredGraph {
  let top = Infinity;
  for (let i = 0; i < nodes; i += 1) top = Math.min(top, layers[i]);
  const layer = Array.from({ length: nodes }, (_, i) => layers[i] - top);
  const isProper = arcs.from.length <= MAX_ARCS_WITH_BENDS;
  const [from, to]: [number[], number[]] = [[], []];
  const bends: { from: number; to: number }[] = [];
  for (let e = 0; e < arcs.from.length; e += 1) {
    const target = arcs.to[e];
    let at = arcs.from[e];
    for (let passed = layer[at] + 1; isProper && passed < layer[target]; passed += 1) {
      from.push(at);
      at = layer.push(passed) - 1;
      to.push(at);
      bends.push({ from: arcs.from[e], to: target });
    }
    from.push(at);
    to.push(target);
  }
  const count = layer.length;
  return {
    nodes,
    count,
    layer: Int32Array.from(layer),
    layerCount: layer.reduce((most, value) => Math.max(most, value), 0) + 1,
    above: groupBy(count, to, from),
    below: groupBy(count, from, to),
    bends,
    isProper,
  };
}
