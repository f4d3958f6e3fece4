import { COLUMN, GRID, NODE_ROWS, PART_ROWS, ROW } from './layout.ts';

/** What is placed as a whole; x and y are relative to the middle of its top left node. */
export interface Block {
  readonly nodes: readonly number[];
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** From the first to the last middle of a node. */
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly node: number;
  readonly x: number;
  readonly y: number;
}

const GAP_X = 2 * COLUMN;
const GAP_Y = PART_ROWS * ROW;
/** How many times as wide as high the whole gets, about. */
const STRETCH = 2;

/** A block whose coordinates are counted from its own left and top edge. */
export function blockOf(nodes: readonly number[], x: readonly number[], y: readonly number[]): Block {
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [left, top] = [least(x), least(y)];
  return {
    nodes,
    x: x.map((value) => value - left),
    y: y.map((value) => value - top),
    width: most(x) - left,
    height: most(y) - top,
  };
}

/** Nodes without edges, in rows as wide as what is above them, or in a grid of their own. */
export function gridOf(nodes: readonly number[], width: number): Block {
  const columns = Math.max(Math.ceil(Math.sqrt(nodes.length * STRETCH)), Math.floor(width / COLUMN) + 1);
  return blockOf(
    nodes,
    nodes.map((_, k) => (k % columns) * COLUMN),
    nodes.map((_, k) => Math.floor(k / columns) * NODE_ROWS * ROW),
  );
}

const placesOf = ({ nodes, x, y }: Block, left: number, top: number): Place[] =>
  nodes.map((node, k) => ({ node, x: left + x[k], y: top + y[k] }));

function targetWidth(blocks: readonly Block[]): number {
  const area = blocks.reduce((sum, { width, height }) => sum + (width + GAP_X) * (height + GAP_Y), 0);
  return blocks.reduce((most, { width }) => Math.max(most, width), Math.sqrt(area * STRETCH));
}

/** Puts blocks beside each other, small ones below one another where they fit beside a tall one; the largest first. */
export function pack(blocks: readonly Block[]): Place[] {
  const limit = targetWidth(blocks);
  const places: Place[] = [];
  let shelf = { top: 0, height: 0 };
  let column = { left: 0, width: 0, end: 0 };
  const tallestFirst = [...blocks].sort((a, b) => b.height - a.height || b.width - a.width || a.nodes[0] - b.nodes[0]);
  for (const block of tallestFirst) {
    const fitsBelow = column.end > shelf.top && column.end + block.height <= shelf.top + shelf.height;
    const isInColumn = fitsBelow && block.width <= column.width;
    if (!isInColumn) {
      let left = column.end > shelf.top ? column.left + column.width + GAP_X : 0;
      if (left > 0 && left + block.width > limit) {
        shelf = { top: shelf.top + shelf.height + GAP_Y, height: block.height };
        left = 0;
      }
      if (left === 0) shelf = { ...shelf, height: block.height };
      column = { left, width: block.width, end: shelf.top };
    }
    places.push(...placesOf(block, column.left, column.end));
    column = { ...column, end: column.end + block.height + GAP_Y };
  }
  return places;
}

/** The same with their middle at 0, 0, where viewers look first. */
export function centred(places: readonly Place[]): Place[] {
  let [right, bottom] = [0, 0];
  for (const { x, y } of places) [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  const [middleX, middleY] = [Math.round(right / 2 / GRID) * GRID, Math.round(bottom / 2 / ROW) * ROW];
  return places.map(({ node, x, y }) => ({ node, x: x - middleX, y: y - middleY }));
}
