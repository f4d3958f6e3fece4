import type { DataFrame } from '@grafana/data';
import type { Graph, GraphNode } from '../graph.ts';
import { readEdges } from './edge-rows.ts';
import { findFrames } from './find-frames.ts';
import type { Formatting } from './frame-fields.ts';
import { readNodes } from './node-rows.ts';
import { nodesOfEdges } from './nodes-of-edges.ts';

/** no-frames: nothing in the answer is a graph. no-id: nodes without ids. no-ends: edges without source or target. */
export type GraphProblem = 'no-frames' | 'no-id' | 'no-ends';

export type GraphReading = Graph | { readonly problem: GraphProblem };

export const isGraph = (reading: GraphReading): reading is Graph => !('problem' in reading);

const indexOf = (nodes: readonly GraphNode[]): ReadonlyMap<string, number> =>
  new Map(nodes.map(({ id }, index) => [id, index]));

/** The graph in the frames of an answer, from whatever data source. By its arguments alone. */
export function readGraph(frames: readonly DataFrame[], formatting: Formatting): GraphReading {
  const found = findFrames(frames);
  const nodesFrame = found.nodes ?? (found.edges && nodesOfEdges(found.edges));
  if (nodesFrame === undefined) return { problem: found.edges === undefined ? 'no-frames' : 'no-ends' };
  const nodes = readNodes(nodesFrame, formatting);
  if (nodes === undefined) return { problem: 'no-id' };
  const index = indexOf(nodes);
  const read = found.edges === undefined ? { edges: [], dropped: 0 } : readEdges(found.edges, index, formatting);
  if (read === undefined) return { problem: 'no-ends' };
  return {
    nodes,
    edges: read.edges,
    indexOf: index,
    frames: { nodes: nodesFrame, edges: found.edges },
    droppedEdges: read.dropped,
  };
}
