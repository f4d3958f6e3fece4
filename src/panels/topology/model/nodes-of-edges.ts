import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { graphFields, idAt } from './frame-fields.ts';

/** Adds up a number of the edges by the node they lead to; undefined where there is no number. */
function summed(edges: DataFrame, field: Field | undefined, rowOf: ReadonlyMap<string, number>): Field | undefined {
  if (field?.type !== FieldType.number) return undefined;
  const targets = graphFields(edges).byName('target') as Field;
  const values = Array.from({ length: rowOf.size }, (): number | null => null);
  for (let row = 0; row < edges.length; row += 1) {
    const value: unknown = field.values[row];
    const id = idAt(targets, row);
    const at = id === undefined ? undefined : rowOf.get(id);
    if (typeof value === 'number' && Number.isFinite(value) && at !== undefined) values[at] = (values[at] ?? 0) + value;
  }
  // Links of an edge mean nothing on a node.
  return { ...field, config: { ...field.config, links: undefined }, state: undefined, getLinks: undefined, values };
}

/** Nodes of a data source that answers nothing but edges: their ends, and what flows into them. */
export function nodesOfEdges(edges: DataFrame): DataFrame | undefined {
  const fields = graphFields(edges);
  const [source, target] = [fields.byName('source'), fields.byName('target')];
  if (source === undefined || target === undefined) return undefined;
  const rowOf = new Map<string, number>();
  for (let row = 0; row < edges.length; row += 1) {
    for (const end of [source, target]) {
      const id = idAt(end, row);
      if (id !== undefined && !rowOf.has(id)) rowOf.set(id, rowOf.size);
    }
  }
  const ids: Field = { name: 'id', type: FieldType.string, config: {}, values: [...rowOf.keys()] };
  const main = summed(edges, fields.byName('mainstat') ?? fields.firstNumber, rowOf);
  const secondary = summed(edges, fields.byName('secondarystat'), rowOf);
  return {
    name: 'nodes',
    refId: edges.refId,
    length: rowOf.size,
    fields: [
      ids,
      ...(main === undefined ? [] : [{ ...main, name: 'mainstat' }]),
      ...(secondary === undefined ? [] : [{ ...secondary, name: 'secondarystat' }]),
    ],
  };
}
