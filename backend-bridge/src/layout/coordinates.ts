import type { LayeredGraph } from './layered-graph.ts';
import { GRID, LAYER_ROWS, NODE_ROWS } from './layout.ts';
import { Relaxation } from './relaxation.ts';

const MIN_NODES_A_ROW = 12;
/** How many times as wide as high a large component gets, about. */
const STRETCH = 2.2;
const ROUNDS = { proper: 24, large: 8 };

export interface Coordinates {
  /** Per item. */
  readonly x: Float64Array;
  /** Per item, in units of ROW; the topmost is 0. */
  readonly row: Int32Array;
}

/**
 * A layer that is too wide takes several rows, neighbours one below the other, so that a graph of a thousand nodes and
 * six layers does not become a line.
 */
function splitIntoRows(graph: LayeredGraph, layers: readonly (readonly number[])[]): number[][] {
  const perRow = Math.max(MIN_NODES_A_ROW, Math.ceil(Math.sqrt(graph.nodes * STRETCH)));
  const rows: number[][] = [];
  for (const layer of layers) {
    const nodes = layer.filter((item) => item < graph.nodes).length;
    const parts = Math.max(1, Math.ceil(nodes / perRow));
    const first = rows.length === 0 ? 0 : rows.length + LAYER_ROWS - 1;
    while (rows.length < first + (parts - 1) * NODE_ROWS + 1) rows.push([]);
    layer.forEach((item, k) => rows[first + (k % parts) * NODE_ROWS].push(item));
  }
  return rows;
}

/** Places of the items of ordered layers: near their neighbours, never closer than COLUMN, rows as wide as is sensible. */
export function assignCoordinates(graph: LayeredGraph, layers: readonly (readonly number[])[]): Coordinates {
  const relaxation = new Relaxation(graph, splitIntoRows(graph, layers));
  const rounds = graph.isProper ? ROUNDS.proper : ROUNDS.large;
  for (let k = 0; k < rounds; k += 1) relaxation.pass(k % 2 === 0, k < rounds / 2 ? 'along' : 'settle');
  relaxation.round(GRID);
  return relaxation;
}
