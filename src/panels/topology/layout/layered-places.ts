import type { Places } from '../model/places.ts';
import { neighboursOf, waysOf, type LayoutGraph, type Ways } from './layout-graph.ts';
import { COLUMN, ROW } from './occupied.ts';
import { ranksOf } from './ranks.ts';

const MIN_NODES_A_ROW = 8;
/** About how many times as wide as high a large part becomes. */
const STRETCH = 2.5;
/** Between the last row of a layer and the first of the next, in rows. */
const LAYER_GAP = 1.5;
const SWEEPS = 8;

function layersOf(ranks: Uint32Array): number[][] {
  const layers: number[][] = [];
  ranks.forEach((rank, node) => (layers[rank] ??= []).push(node));
  return layers.filter((layer) => layer.length > 0);
}

/** Places of a layer's nodes along it, as if each layer were as wide as the widest. */
function spread(layer: readonly number[], position: Float64Array): void {
  layer.forEach((node, k) => (position[node] = (k + 0.5) / layer.length));
}

/** Orders each layer by where the neighbours of its nodes stand (Sugiyama's barycentre), from above and from below in turn. */
function reduceCrossings(layers: readonly number[][], { out, into }: Ways): void {
  const position = new Float64Array(out.offsets.length - 1);
  const wanted = new Float64Array(position.length);
  for (const layer of layers) spread(layer, position);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      for (const node of layer) {
        const others = neighboursOf(isDown ? into : out, node);
        let sum = 0;
        for (const other of others) sum += position[other];
        wanted[node] = others.length === 0 ? position[node] : sum / others.length;
      }
      layer.sort((a, b) => wanted[a] - wanted[b] || position[a] - position[b]);
      spread(layer, position);
    }
  }
}

/**
 * Places of a connected graph by layers, callers above. A layer that is too wide takes several rows, neighbours one below
 * the other, so that a thousand nodes in six layers do not become a line. Its top left node is at 0, 0 or right of it.
 */
export function layeredPlaces(graph: LayoutGraph): Places {
  const { count } = graph;
  const ways = waysOf(graph);
  const layers = layersOf(ranksOf(ways));
  reduceCrossings(layers, ways);
  const perRow = Math.max(MIN_NODES_A_ROW, Math.ceil(Math.sqrt(count * STRETCH)));
  const widest = layers.reduce((most, { length }) => Math.max(most, Math.min(length, perRow)), 0);
  const places = { x: new Float32Array(count), y: new Float32Array(count) };
  let top = 0;
  for (const layer of layers) {
    const rows = Math.ceil(layer.length / perRow);
    const columns = Math.ceil(layer.length / rows);
    // Layers that are narrower than the widest are spaced out, so that nodes stand below their callers.
    const gap = Math.min(2, columns === 1 ? 1 : (widest - 1) / (columns - 1)) * COLUMN;
    const left = ((widest - 1) * COLUMN - (columns - 1) * gap) / 2;
    layer.forEach((node, k) => {
      places.x[node] = left + Math.floor(k / rows) * gap;
      places.y[node] = top + (k % rows) * ROW;
    });
    top += (rows - 1 + LAYER_GAP) * ROW;
  }
  return places;
}
