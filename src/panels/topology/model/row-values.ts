import { FieldType, type Field } from '@grafana/data';
import type { Graph, GraphNode } from '../graph.ts';
import { graphFields } from './frame-fields.ts';

/** What of a node filters and groups go by, taken from its row, since the details would be formatted for it. */
export type ValueOf = (node: GraphNode) => string | undefined;

const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

/** Of `subtitle` or of the detail of that key; undefined where a node has none. */
export function valueOf({ frames }: Graph, key: string): ValueOf {
  const fields = graphFields(frames.nodes);
  const field: Field | undefined = fields.detail(key) ?? fields.byName(key.toLowerCase());
  if (field === undefined) return () => undefined;
  return ({ row }) => asText(field.values[row]);
}

const haystacks = new WeakMap<Graph, readonly string[]>();

/** For each node all that a search may find, in lower case. */
export function searchTexts(graph: Graph): readonly string[] {
  const known = haystacks.get(graph);
  if (known !== undefined) return known;
  const details = graphFields(graph.frames.nodes).details.filter(({ field }) => field.type === FieldType.string);
  const texts = graph.nodes.map(({ id, title, subtitle, row }) =>
    [title, id, subtitle, ...details.map(({ field }) => asText(field.values[row]) ?? '')].join('\n').toLowerCase(),
  );
  haystacks.set(graph, texts);
  return texts;
}
