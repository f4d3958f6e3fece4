import type { DiagnosticsQuery, QueryFilter } from '@topdeck/protocol/grafana';
import type { Subject } from './subject.ts';

/** More neighbours than this nobody reads through; the data source keeps the worst. */
const MAX_NEIGHBOURS = 500;

/** Names of the answers to `stateQueries`, in their order. */
export const STATE_PARTS = ['services', 'anomalies', 'failing', 'dependencies', 'neighbours'] as const;
export type StatePart = (typeof STATE_PARTS)[number];

export const endsOf = (subject: Subject): readonly string[] =>
  subject.kind === 'service' ? [subject.id] : [subject.sourceId, subject.targetId];

/** An edge passes when either end does, so the one edge between two ends is looked for among those of the target. */
const edgeFilter = (subject: Subject): QueryFilter =>
  subject.kind === 'service'
    ? { ids: [subject.id] }
    : { ids: [subject.targetId], around: { id: subject.sourceId, depth: 1 } };

/** What is told from the newest state alone, so that one request answers it at once. */
export function stateQueries(subject: Subject): readonly DiagnosticsQuery[] {
  const ids = [...endsOf(subject)];
  const asked: Readonly<Record<StatePart, DiagnosticsQuery>> = {
    services: { queryType: 'services', filter: { ids } },
    anomalies: { queryType: 'anomalies', filter: { ids } },
    failing: { queryType: 'failing-dependencies', filter: edgeFilter(subject) },
    dependencies: { queryType: 'dependencies', filter: edgeFilter(subject), limit: 2 * MAX_NEIGHBOURS },
    neighbours: { queryType: 'services', filter: { around: { id: ids[0], depth: 1 } }, limit: MAX_NEIGHBOURS },
  };
  const parts = subject.kind === 'service' ? STATE_PARTS : STATE_PARTS.filter((part) => part !== 'neighbours');
  return parts.map((part) => ({ ...asked[part], format: 'table' }));
}

export const historyQuery = (subject: Subject): DiagnosticsQuery => ({
  queryType: 'health-history',
  filter: { ids: [...endsOf(subject)] },
});

export const metricQueries = (subject: Subject, metrics: readonly string[]): readonly DiagnosticsQuery[] =>
  metrics.map((metric) => ({
    queryType: 'metric',
    metric,
    scope: subject.kind,
    filter: edgeFilter(subject),
    bands: true,
  }));

export const eventsQuery = (subject: Subject): DiagnosticsQuery => ({
  queryType: 'events',
  filter: { ids: [...endsOf(subject)] },
});
