import { VALUES } from '@topdeck/protocol/grafana';
import { badQuery } from './bad-query.ts';
import type { NumberOf } from './frame-kinds.ts';
import type { KnownMetric } from './preset.ts';

type ValuedType = keyof typeof VALUES;

/** What a query of type `T` can ask for. */
export interface Choice<T extends ValuedType, Row> {
  readonly type: T;
  /** Each number that the contract names for the type. */
  readonly numbers: Readonly<Record<(typeof VALUES)[T][number], NumberOf<Row>>>;
  readonly metrics?: {
    readonly known: readonly KnownMetric[];
    readonly read: (row: Row, metric: string) => number | undefined;
  };
}

export type NamedNumber<Row> = NumberOf<Row> & { readonly name: string };

/**
 * The number asked for, or the type's first. Before the first collection nobody knows which metrics there are, so any
 * name is taken and has no values. Throws a QueryError (400) that names those there are.
 */
export function chooseNumber<T extends ValuedType, Row>(
  { type, numbers, metrics }: Choice<T, Row>,
  wanted: string | undefined,
): NamedNumber<Row> {
  const names: readonly string[] = VALUES[type];
  const name = wanted === undefined || wanted === '' ? names[0] : wanted;
  if (Object.hasOwn(numbers, name)) return { name, ...(numbers as Readonly<Record<string, NumberOf<Row>>>)[name] };
  const known = metrics?.known ?? [];
  const metric = known.find((one) => one.name === name);
  if (metrics !== undefined && (metric !== undefined || known.length === 0)) {
    return { name, ...(metric && { config: metric.display }), read: (row) => metrics.read(row, name) ?? null };
  }
  const all = new Set([...names, ...known.map((one) => one.name)]);
  throw badQuery(`There is no value "${name}" of ${type}. There are: ${[...all].join(', ')}`);
}
