import { FLAGS, type Scene } from '../draw/scene.ts';

/** What changes with each move of a hand, laid over a scene that changes with the data. */
export interface Overlay {
  readonly hoveredNode?: number;
  readonly hoveredEdge?: number;
  /** Where the keyboard is. */
  readonly cursor?: number;
  /** A node that follows the pointer. */
  readonly dragged?: { readonly node: number; readonly x: number; readonly y: number };
}

function withFlag(flags: Uint8Array, index: number | undefined): Uint8Array {
  if (index === undefined || index >= flags.length) return flags;
  const copy = flags.slice();
  copy[index] |= FLAGS.hovered;
  return copy;
}

function withValue(values: Float32Array, index: number, value: number): Float32Array {
  const copy = values.slice();
  copy[index] = value;
  return copy;
}

/** Columns that nothing is laid over stay the same objects. */
export function laidOver(scene: Scene, { hoveredNode, hoveredEdge, cursor, dragged }: Overlay): Scene {
  const { nodes, edges } = scene;
  return {
    ...scene,
    nodes: {
      ...nodes,
      flags: withFlag(withFlag(nodes.flags, hoveredNode), cursor),
      ...(dragged !== undefined &&
        dragged.node < nodes.x.length && {
          x: withValue(nodes.x, dragged.node, dragged.x),
          y: withValue(nodes.y, dragged.node, dragged.y),
        }),
    },
    edges: { ...edges, flags: withFlag(edges.flags, hoveredEdge) },
  };
}
