import type { Topology } from '@topdeck/protocol';
import { LabelTable, type LabelSpans } from './prometheus-label-table.ts';
import type { PresetMetric } from './presets.ts';
import type { ResourceMapping } from './presets-schema.ts';

/** Not an entity of the topology. */
export const UNMATCHED = -1;
const WHOLE_VALUE = ['(.+)'];
const AMBIGUOUS = -2;

/** Turns the values of a metric's mapped labels into the index of a resource or dependency. */
export interface EntityResolver {
  /** How many entities there are: the length of a column. */
  readonly size: number;
  /** Labels to look at: one of a service; source and target of an edge. */
  readonly labels: readonly string[];
  /** Index of the entity, or UNMATCHED. */
  resolve(spans: LabelSpans): number;
}

function indexNames(topology: Topology): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  topology.resources.forEach(({ name }, index) => byName.set(name, byName.has(name) ? AMBIGUOUS : index));
  return byName;
}

/** Dependencies are sorted by source and then target: those of one source are a range in which targets ascend. */
function indexDependencies(topology: Topology): (source: number, target: number) => number {
  const { edgeSource, edgeTarget } = topology;
  const firstOf = new Uint32Array(topology.resources.length + 1);
  for (const source of edgeSource) firstOf[source + 1] = firstOf[source + 1] + 1;
  for (let i = 1; i < firstOf.length; i += 1) firstOf[i] = firstOf[i] + firstOf[i - 1];
  return (source, target) => {
    let low = firstOf[source];
    let high = firstOf[source + 1] - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = edgeTarget[middle];
      if (found === target) return middle;
      if (found < target) low = middle + 1;
      else high = middle - 1;
    }
    return UNMATCHED;
  };
}

/**
 * What label values mean in one topology. A value is put through the patterns in turn; the first capture that is the id
 * or the name of a resource decides. A name that several resources share decides nothing.
 */
export class TopologyMapping {
  readonly topology: Topology;
  readonly #names: ReadonlyMap<string, number>;
  readonly #dependency: (source: number, target: number) => number;
  readonly #tables = new Map<string, LabelTable>();

  constructor(topology: Topology) {
    this.topology = topology;
    this.#names = indexNames(topology);
    this.#dependency = indexDependencies(topology);
  }

  resolver(metric: PresetMetric): EntityResolver {
    const [first, second] = metric.mappings;
    const table = this.#table(first);
    if (second === undefined) {
      return {
        size: this.topology.resources.length,
        labels: [first.label],
        resolve: (spans) => (spans.ends[0] < 0 ? UNMATCHED : table.lookup(spans, 0)),
      };
    }
    const targets = this.#table(second);
    return {
      size: this.topology.dependencies.length,
      labels: [first.label, second.label],
      resolve: (spans) => {
        if (spans.ends[0] < 0 || spans.ends[1] < 0) return UNMATCHED;
        const source = table.lookup(spans, 0);
        if (source === UNMATCHED) return UNMATCHED;
        const target = targets.lookup(spans, 1);
        return target === UNMATCHED ? UNMATCHED : this.#dependency(source, target);
      },
    };
  }

  /** Mappings that differ only in the label's name share a table. */
  #table({ match = ['id', 'name'], patterns = WHOLE_VALUE }: ResourceMapping): LabelTable {
    const key = JSON.stringify([match, patterns]);
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const expressions = patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
    const table = new LabelTable((value) => this.#resource(value, match, expressions));
    this.#tables.set(key, table);
    return table;
  }

  #resource(value: string, match: readonly ('id' | 'name')[], expressions: readonly RegExp[]): number {
    for (const expression of expressions) {
      const candidate = expression.exec(value)?.[1];
      if (candidate === undefined) continue;
      for (const by of match) {
        const index = (by === 'id' ? this.topology.indexOf : this.#names).get(candidate);
        if (index !== undefined && index !== AMBIGUOUS) return index;
      }
    }
    return UNMATCHED;
  }
}
