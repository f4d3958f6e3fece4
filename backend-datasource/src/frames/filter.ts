import { RE2JS } from 're2js';
import type { AnomalyAlert, ServiceHealth, Snapshot, TrafficPattern } from '@topdeck/protocol';
import type { LabelMatcher, QueryFilter } from '@topdeck/protocol/grafana';
import { badQuery } from './bad-query.ts';
import { around, labelOf, servicesById } from './graph.ts';

/** What the filter of a query lets through of one snapshot. Keys that say nothing about a kind of entity do not bar it. */
export interface Selection {
  /** No key restricts which resources pass. */
  readonly everything: boolean;
  readonly service: (service: ServiceHealth) => boolean;
  /** Either end passes; with `around`, both ends lie inside. One that has left the topology is known by its id alone. */
  readonly edge: (sourceId: string, targetId: string) => boolean;
  readonly traffic: (pattern: TrafficPattern | undefined) => boolean;
  readonly anomaly: (anomaly: Pick<AnomalyAlert, 'severity' | 'score'>) => boolean;
}

type Test = (service: ServiceHealth) => boolean;

function expression(text: string, where: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw badQuery(`${where}: "${text}" is no RE2 expression (${(error as Error).message})`, error);
  }
}

/** As in Prometheus, an absent label equals an empty one. */
function labelTest({ key, op, value }: LabelMatcher): Test {
  if (op === '=' || op === '!=') return (service) => ((labelOf(service, key) ?? '') === value) === (op === '=');
  const wanted = expression(value, `label ${key}`);
  // Few distinct values on many nodes.
  const verdicts = new Map<string, boolean>();
  return (service) => {
    const text = labelOf(service, key) ?? '';
    let matches = verdicts.get(text);
    if (matches === undefined) verdicts.set(text, (matches = wanted.matches(text)));
    return matches === (op === '=~');
  };
}

function ownTests(filter: QueryFilter): Test[] {
  const tests: Test[] = [];
  const among = (wanted: readonly string[] | undefined, read: (service: ServiceHealth) => string): void => {
    if (wanted === undefined || wanted.length === 0) return;
    const set = new Set(wanted);
    tests.push((service) => set.has(read(service)));
  };
  among(filter.ids, (service) => service.resource_id);
  among(filter.types, (service) => service.resource_type);
  among(filter.statuses, (service) => service.status);
  tests.push(...(filter.labels ?? []).map(labelTest));
  if (filter.name !== undefined && filter.name !== '') {
    const name = expression(filter.name, 'name');
    tests.push(
      ({ resource_id, resource_name }) =>
        name.test(resource_name) || (resource_id !== resource_name && name.test(resource_id)),
    );
  }
  return tests;
}

const standIn = (id: string): ServiceHealth => ({
  resource_id: id,
  resource_name: id,
  resource_type: '',
  status: 'unknown',
  health_score: 0,
  anomalies: [],
  metrics: {},
  last_updated: '',
});

function entityTests(filter: QueryFilter): Pick<Selection, 'traffic' | 'anomaly'> {
  const { abnormal_only = false, min_score } = filter;
  const severities = filter.severities?.length ? new Set<string>(filter.severities) : undefined;
  const scored = (score: number | undefined): boolean =>
    min_score === undefined || (score !== undefined && score >= min_score);
  return {
    traffic: (pattern) => (!abnormal_only || pattern?.is_abnormal === true) && scored(pattern?.anomaly_score),
    anomaly: ({ severity, score }) => (severities === undefined || severities.has(severity)) && scored(score),
  };
}

/** Throws a QueryError (400) on a text that is no expression. */
export function select(filter: QueryFilter = {}, snapshot: Snapshot): Selection {
  const own = ownTests(filter);
  const inside = filter.around && around(snapshot, filter.around.id, filter.around.depth);
  const passesOwn: Test = (service) => own.every((test) => test(service));
  const isInside = (id: string): boolean => inside === undefined || inside.has(id);
  const services = servicesById(snapshot);
  // An expression is slow beside a set, and edges are many.
  const passing =
    own.length === 0 ? undefined : new Set(snapshot.services.filter(passesOwn).map((service) => service.resource_id));
  const resourceItself = (id: string): boolean =>
    passing === undefined || passing.has(id) || (!services.has(id) && passesOwn(standIn(id)));
  return {
    everything: passing === undefined && inside === undefined,
    service: ({ resource_id }) => (passing === undefined || passing.has(resource_id)) && isInside(resource_id),
    edge: (sourceId, targetId) =>
      isInside(sourceId) && isInside(targetId) && (resourceItself(sourceId) || resourceItself(targetId)),
    ...entityTests(filter),
  };
}
