import fc from 'fast-check';
import { COLUMN, NODE_ROWS, ROW, type LayoutGraph, type Places } from '../../src/layout/layout.ts';

/** Nodes `a`, `b` … of edges like `a>b`, and nodes without edges like `c`. */
export function graphOf(parts: readonly string[]): LayoutGraph {
  const ids = [...new Set(parts.flatMap((part) => part.split('>')))].sort();
  const index = new Map(ids.map((id, i) => [id, i]));
  const edges = [...new Set(parts)]
    .filter((part) => part.includes('>'))
    .map((part) => part.split('>'))
    .sort(([a, b], [c, d]) => (a + ' ' + b < c + ' ' + d ? -1 : 1));
  return {
    ids,
    edgeSource: Uint32Array.from(edges, ([source]) => index.get(source)!),
    edgeTarget: Uint32Array.from(edges, ([, target]) => index.get(target)!),
  };
}

const idOf = (i: number): string => `n${String(i).padStart(3, '0')}`;

/** Parts as {@link graphOf} takes them, over up to `size` nodes; `acyclic` has edges to later nodes only. */
export const partsArbitrary = (size: number, acyclic: boolean): fc.Arbitrary<string[]> => {
  const node = fc.nat({ max: size - 1 });
  const edge = fc
    .tuple(node, node)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => (acyclic && a > b ? `${idOf(b)}>${idOf(a)}` : `${idOf(a)}>${idOf(b)}`));
  return fc.array(fc.oneof({ weight: 4, arbitrary: edge }, { weight: 1, arbitrary: node.map(idOf) }), {
    minLength: 1,
    maxLength: size * 3,
    size: 'max',
  });
};

export const placesOf = ({ ids, x, y }: Places): Map<string, string> =>
  new Map(ids.map((id, i) => [id, `${x[i]} ${y[i]}`]));

/** Pairs of nodes that share room, as text; none when nobody overlaps and every y lies on a row. */
export function overlaps({ ids, x, y }: Places): string[] {
  const order = [...ids.keys()].sort((a, b) => x[a] - x[b]);
  const found = order.filter((i) => !Number.isInteger(y[i] / ROW) || !Number.isInteger(x[i])).map((i) => ids[i]);
  order.forEach((a, k) => {
    for (let next = k + 1; next < order.length && x[order[next]] - x[a] < COLUMN; next += 1) {
      const b = order[next];
      if (Math.abs(y[a] - y[b]) < NODE_ROWS * ROW) found.push(`${ids[a]} ${ids[b]}`);
    }
  });
  return found;
}

/** Edges whose caller is not above what it calls, as `caller>callee`. */
export const upward = ({ edgeSource, edgeTarget }: LayoutGraph, { ids, y }: Places): string[] =>
  Array.from(edgeSource, (source, e) => [source, edgeTarget[e]])
    .filter(([source, target]) => y[source] >= y[target])
    .map(([source, target]) => `${ids[source]}>${ids[target]}`);
