import { column, type Column, type Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { FailingDependency, Snapshot } from '@topdeck/protocol';
import { VALUES, type QueryFilter } from '@topdeck/protocol/grafana';
import { dataTime } from './ages.ts';
import { HEALTH_SCORE, STATUS_CODE } from './display.ts';
import { edgeIdentity, ENDS, edgeTable, TARGET_COLUMNS } from './edge-columns.ts';
import { select } from './filter.ts';
import { numericFrame, tableFrame } from './frame-kinds.ts';
import { servicesById, type Edge } from './graph.ts';
import { chooseNumber } from './numbers.ts';
import { knownMetrics } from './preset.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';
import { cut, freshnessNotices, URGENCY } from './rows.ts';
import { healthScore, metricColumns, statusCode } from './services.ts';

const DEFAULT_LIMIT = 10_000;
const OWN = [...ENDS, 'target_status', 'anomaly_count', 'anomaly', 'updated', ...VALUES['failing-dependencies']];

/** The target as the list of failing dependencies tells it: to the letter, and also for one that is no service any more. */
interface FailingEdge extends Edge {
  readonly target: NonNullable<Edge['target']>;
}

function failingEdge(failing: FailingDependency, snapshot: Snapshot): FailingEdge {
  const services = servicesById(snapshot);
  const { target_id, target_name, status, health_score, anomalies, error_details } = failing;
  const known = services.get(target_id);
  return {
    source_id: failing.source_id,
    target_id,
    source: services.get(failing.source_id),
    target: {
      resource_id: target_id,
      resource_name: target_name,
      resource_type: known?.resource_type ?? '',
      status,
      health_score,
      anomalies,
      metrics: error_details.metrics,
      last_updated: error_details.timestamp,
      ...(known?.labels && { labels: known.labels }),
    },
    traffic: undefined,
  };
}

/** `statuses` are of what fails, the other keys of either end. */
function passing(snapshot: Snapshot, filter: QueryFilter = {}): FailingEdge[] {
  const { statuses, ...ofEnds } = filter;
  const selection = select(ofEnds, snapshot);
  return snapshot.failing_dependencies
    .filter(({ status }) => statuses === undefined || statuses.length === 0 || statuses.includes(status))
    .filter(({ source_id, target_id }) => selection.edge(source_id, target_id))
    .map((failing) => failingEdge(failing, snapshot));
}

function columns(snapshot: Snapshot, own: readonly string[]): Column<Edge>[] {
  const metrics = metricColumns(knownMetrics(snapshot, 'service'), OWN);
  return edgeTable({
    snapshot,
    own,
    columns: [
      ...TARGET_COLUMNS,
      column.float64('anomaly_count', (edge) => edge.target?.anomalies.length ?? 0),
      column.nullable.string('anomaly', (edge) => edge.target?.anomalies[0] ?? null),
      ...metrics.map(({ field, name, display }) =>
        column.nullable.float64<Edge>(field, (edge) => edge.target?.metrics[name] ?? null, { config: display }),
      ),
    ],
    updated: (edge) => edge.target && dataTime(edge.target, snapshot),
  });
}

function frames({ query, received: { snapshot }, format, keepFields = false }: FrameInput): readonly Frame[] {
  const number = chooseNumber<'failing-dependencies', Edge>(
    {
      type: 'failing-dependencies',
      numbers: {
        target_status_code: { read: ({ target }) => statusCode(target), config: STATUS_CODE },
        target_health_score: { read: ({ target }) => healthScore(target), config: HEALTH_SCORE },
      },
    },
    query.value,
  );
  const { rows, notices } = cut(passing(snapshot, query.filter), {
    limit: query.limit ?? DEFAULT_LIMIT,
    what: 'failing dependencies',
    urgency: ({ target }) => URGENCY[target.status],
  });
  const metricNames = knownMetrics(snapshot, 'service').flatMap(({ name }) => [name, `metric_${name}`]);
  const own = [...OWN, ...metricNames];
  const common = { name: 'failing-dependencies', rows, notices: [...freshnessNotices(snapshot), ...notices] };
  if (format === 'table') return [tableFrame<Edge>({ ...common, columns: columns(snapshot, own) })];
  return [numericFrame<Edge>({ ...common, identity: edgeIdentity(snapshot, own), number, keepFields })];
}

export const failingDependenciesEntry: QueryTypeEntry = { frames, live: { action: 'replace', parts: ['main'] } };
