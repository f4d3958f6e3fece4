import type { DiagnosticsQuery, QueryType } from '@topdeck/protocol/grafana';
import { anomaliesEntry } from './anomalies.ts';
import { comparisonEntry } from './comparison.ts';
import { connectionEntry } from './connection.ts';
import { dependenciesEntry, trafficEntry } from './edges.ts';
import { eventsEntry } from './events.ts';
import { failingDependenciesEntry } from './failing-dependencies.ts';
import { healthHistoryEntry } from './health-history.ts';
import { metricEntry } from './metric.ts';
import type { LiveBehaviour, QueryTypeEntry } from './query-type.ts';
import { servicesEntry } from './services.ts';
import { topologyEntry } from './topology.ts';

/** How each query type is answered. */
export const QUERY_TYPE_ENTRIES: Readonly<Record<QueryType, QueryTypeEntry>> = {
  services: servicesEntry,
  dependencies: dependenciesEntry,
  topology: topologyEntry,
  anomalies: anomaliesEntry,
  'failing-dependencies': failingDependenciesEntry,
  traffic: trafficEntry,
  events: eventsEntry,
  'health-history': healthHistoryEntry,
  metric: metricEntry,
  comparison: comparisonEntry,
  connection: connectionEntry,
};

/** How a query goes on by Live; undefined when it does not. */
export function liveBehaviour(query: DiagnosticsQuery): LiveBehaviour | undefined {
  const { live, isStill } = QUERY_TYPE_ENTRIES[query.queryType];
  return isStill?.(query) === true ? undefined : live;
}
