import type { Topology } from '@topdeck/protocol';
import type { PresetMetric } from './presets.ts';
import type { ResourceMapping } from './presets-schema.ts';

/** Each is a vector of its own in the query. */
const MAX_LABEL_SETS = 100;

type LabelSet = readonly (readonly [label: string, value: string])[];

const quote = (text: string): string => JSON.stringify(text);

/** A vector with these labels. In the replacement of label_replace, $ refers to a group. */
const vectorOf = (labels: LabelSet): string =>
  labels.reduce(
    (inner, [label, value]) =>
      `label_replace(${inner}, ${quote(label)}, ${quote(value.replaceAll('$', '$$$$'))}, "", "")`,
    'vector(1)',
  );

/** What a label may read for this resource. Undefined where only a pattern tells. */
function valuesOf(mapping: ResourceMapping, topology: Topology, resource: number): readonly string[] | undefined {
  const { label, match = ['id', 'name'], patterns } = mapping;
  if (patterns !== undefined || label === '') return undefined;
  const { id, name } = topology.resources[resource];
  return [...new Set(match.map((by) => (by === 'id' ? id : name)))];
}

function labelSetsOf(metric: PresetMetric, topology: Topology, entity: number): readonly LabelSet[] | undefined {
  const [first, second] = metric.mappings;
  const source = valuesOf(first, topology, second === undefined ? entity : topology.edgeSource[entity]);
  if (source === undefined || second === undefined) return source?.map((value) => [[first.label, value]]);
  const targets = valuesOf(second, topology, topology.edgeTarget[entity]);
  return targets?.flatMap((target) =>
    source.map((value): LabelSet => [
      [first.label, value],
      [second.label, target],
    ]),
  );
}

/**
 * The query cut to the series of a few entities by Prometheus itself, so that the answer does not hold those of the whole
 * graph. Undefined where the label values of an entity cannot be told (patterns) or would be too many.
 */
export function restrictQuery(
  promql: string,
  metric: PresetMetric,
  { topology, entities }: { readonly topology: Topology; readonly entities: readonly number[] },
): string | undefined {
  if (entities.length > MAX_LABEL_SETS) return undefined;
  const sets: LabelSet[] = [];
  for (const entity of entities) {
    const found = labelSetsOf(metric, topology, entity);
    if (found === undefined) return undefined;
    sets.push(...found);
  }
  if (sets.length === 0 || sets.length > MAX_LABEL_SETS) return undefined;
  const labels = metric.mappings.map(({ label }) => label).join(', ');
  // The query may end in a comment, hence the line of its own.
  return `(${promql}\n) and on (${labels}) (${sets.map(vectorOf).join(' or ')})`;
}
