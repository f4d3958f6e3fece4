import type { LayoutResponse, ServiceHealth } from '@topdeck/protocol';

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Distances of the bridge's own layout, which leave room for the node graph's circles and their titles. */
const COLUMN = 180;
const ROW = 130;

/**
 * A place for every node: Grafana's node graph refuses a frame in which some nodes have one and others do not. Those that
 * the layout does not know yet stand in a grid below it, by id, so that the same nodes always get the same places.
 */
export function positionsOf(nodes: readonly ServiceHealth[], layout: LayoutResponse | undefined): readonly Position[] {
  const known = new Map(layout?.positions.map(([id, x, y]) => [id, { x, y }]));
  const strangers = nodes.filter(({ resource_id }) => !known.has(resource_id));
  const [left, bottom] = [...known.values()].reduce(
    ([x, y], position) => [Math.min(x, position.x), Math.max(y, position.y)],
    [Infinity, -Infinity],
  );
  const [startX, startY] = known.size === 0 ? [0, 0] : [left, bottom + 2 * ROW];
  const columns = Math.max(1, Math.ceil(Math.sqrt(strangers.length)));
  strangers.forEach(({ resource_id }, index) =>
    known.set(resource_id, {
      x: startX + (index % columns) * COLUMN,
      y: startY + Math.floor(index / columns) * ROW,
    }),
  );
  return nodes.map(({ resource_id }) => known.get(resource_id) as Position);
}
