import { QueryError } from '@topdeck/grafana-plugin-sdk';
import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import type { VariableKind, VariableQuery, VariableValue } from '@topdeck/protocol/grafana';
import { select } from './frames/filter.ts';

type List = (services: readonly ServiceHealth[], query: VariableQuery, snapshot: Snapshot) => Iterable<string>;

const valuesOf = (services: readonly ServiceHealth[], label: string): string[] =>
  services.flatMap(({ labels }) => labels?.[label] ?? []);

function metricsOf({ freshness }: Snapshot, scope: string): string[] {
  const start = `${scope}.`;
  const names = Object.keys(freshness.metric_outcomes);
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

function labelValues(services: readonly ServiceHealth[], { label }: VariableQuery): string[] {
  if (label) return valuesOf(services, label);
  throw new QueryError('Values of which label? Name one', { status: 400, source: 'downstream' });
}

const LISTS: Readonly<Record<Exclude<VariableKind, 'services'>, List>> = {
  types: (services) => services.map(({ resource_type: type }) => type),
  namespaces: (services) => valuesOf(services, 'namespace'),
  teams: (services) => valuesOf(services, 'team'),
  'label-keys': (services) => services.flatMap(({ labels }) => Object.keys(labels ?? {})),
  'label-values': labelValues,
  metrics: (_services, _query, snapshot) => metricsOf(snapshot, 'service'),
  'edge-metrics': (_services, _query, snapshot) => metricsOf(snapshot, 'edge'),
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
