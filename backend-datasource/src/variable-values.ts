import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import type { VariableKind, VariableQuery, VariableValue } from '@topdeck/protocol/grafana';
import { badQuery } from './frames/bad-query.ts';
import { select } from './frames/filter.ts';
import { knownMetrics } from './frames/preset.ts';

type List = (services: readonly ServiceHealth[], query: VariableQuery, snapshot: Snapshot) => Iterable<string>;

const valuesOf = (services: readonly ServiceHealth[], label: string): string[] =>
  services.flatMap(({ labels }) => labels?.[label] ?? []);

const metricNames = (snapshot: Snapshot, scope: 'service' | 'edge'): string[] =>
  knownMetrics(snapshot, scope).map(({ name }) => name);

function labelValues(services: readonly ServiceHealth[], { label }: VariableQuery): string[] {
  if (label) return valuesOf(services, label);
  throw badQuery('Values of which label? Name one');
}

const LISTS: Readonly<Record<Exclude<VariableKind, 'services'>, List>> = {
  types: (services) => services.map(({ resource_type: type }) => type),
  namespaces: (services) => valuesOf(services, 'namespace'),
  teams: (services) => valuesOf(services, 'team'),
  'label-keys': (services) => services.flatMap(({ labels }) => Object.keys(labels ?? {})),
  'label-values': labelValues,
  metrics: (_services, _query, snapshot) => metricNames(snapshot, 'service'),
  'edge-metrics': (_services, _query, snapshot) => metricNames(snapshot, 'edge'),
};

const byText = (a: VariableValue, b: VariableValue): number => a.text.localeCompare(b.text);

/** Values of a variable among the resources that its filter lets through, without repeats, in the order of their texts. */
export function variableValues(query: VariableQuery, snapshot: Snapshot): readonly VariableValue[] {
  const selection = select(query.filter, snapshot);
  const services = snapshot.services.filter((service) => selection.service(service));
  if (query.kind === 'services') {
    return services.map(({ resource_id: value, resource_name: text }) => ({ text, value })).sort(byText);
  }
  const values = new Set(LISTS[query.kind](services, query, snapshot));
  return [...values]
    .filter((value) => value !== '')
    .map((value) => ({ text: value, value }))
    .sort(byText);
}
