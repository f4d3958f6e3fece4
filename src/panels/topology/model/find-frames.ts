import type { DataFrame } from '@grafana/data';

export interface GraphFrames {
  readonly nodes: DataFrame | undefined;
  readonly edges: DataFrame | undefined;
}

const PARTS: readonly unknown[] = ['nodes', 'edges'];

const hasField = ({ fields }: DataFrame, name: string): boolean =>
  fields.some((field) => field.name.toLowerCase() === name);

const isOfGraph = (frame: DataFrame): boolean =>
  frame.meta?.preferredVisualisationType === 'nodeGraph' ||
  PARTS.includes(frame.name) ||
  PARTS.includes(frame.refId) ||
  hasField(frame, 'id');

const isOfEdges = (frame: DataFrame): boolean => frame.name === 'edges' || hasField(frame, 'source');

/**
 * By the conventions of Grafana's node graph: a frame belongs to a graph by what it says of itself, by its name, or since
 * it has ids; one with sources is of edges. Of several queries the first counts, as there.
 */
export function findFrames(frames: readonly DataFrame[]): GraphFrames {
  const ofGraph = frames.filter(isOfGraph);
  return { nodes: ofGraph.find((frame) => !isOfEdges(frame)), edges: ofGraph.find(isOfEdges) };
}
