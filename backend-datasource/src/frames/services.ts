import { column, type Column, type Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import { STATUS_CODES, VALUES } from '@topdeck/protocol/grafana';
import { dataTime } from './ages.ts';
import { HEALTH_SCORE, STATUS_CODE, STATUS_TEXT } from './display.ts';
import { select } from './filter.ts';
import { numericFrame, tableFrame, timeColumn } from './frame-kinds.ts';
import { labelOf } from './graph.ts';
import { labelNames, type LabelName } from './labels.ts';
import { chooseNumber, type Choice } from './numbers.ts';
import { knownMetrics, type KnownMetric } from './preset.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';
import { cut, freshnessNotices, URGENCY } from './rows.ts';

const DEFAULT_LIMIT = 10_000;
const NAME = 'services';
const OWN = ['id', 'name', 'type', 'status', 'anomaly', 'updated', ...VALUES.services];

export const statusCode = (service: Pick<ServiceHealth, 'status'> | undefined): number | null =>
  service === undefined ? null : STATUS_CODES[service.status];
/** The protocol's score of an unknown service is 0; here it is not known. */
export const healthScore = (service: Pick<ServiceHealth, 'status' | 'health_score'> | undefined): number | null =>
  service === undefined || service.status === 'unknown' ? null : service.health_score;

const choice = (snapshot: Snapshot): Choice<'services', ServiceHealth> => ({
  type: 'services',
  numbers: {
    health_score: { read: healthScore, config: HEALTH_SCORE },
    status_code: { read: statusCode, config: STATUS_CODE },
    anomaly_count: { read: ({ anomalies }) => anomalies.length },
  },
  metrics: { known: knownMetrics(snapshot, 'service'), read: ({ metrics }, metric) => metrics[metric] },
});

/** A metric may be called like a column of ours. */
export function metricColumns(
  known: readonly KnownMetric[],
  own: readonly string[],
): (KnownMetric & { field: string })[] {
  return known.map((metric) => ({
    ...metric,
    field: own.includes(metric.name) ? `metric_${metric.name}` : metric.name,
  }));
}

function tableColumns(snapshot: Snapshot, labels: readonly LabelName[]): Column<ServiceHealth>[] {
  const metrics = metricColumns(knownMetrics(snapshot, 'service'), OWN);
  return [
    column.string('id', (s) => s.resource_id),
    column.string('name', (s) => s.resource_name),
    column.string('type', (s) => s.resource_type),
    column.string('status', (s) => s.status, { config: STATUS_TEXT }),
    column.nullable.float64('health_score', healthScore, { config: HEALTH_SCORE }),
    ...metrics.map(({ field, name, display }) =>
      column.nullable.float64<ServiceHealth>(field, (s) => s.metrics[name] ?? null, { config: display }),
    ),
    column.float64('anomaly_count', (s) => s.anomalies.length),
    column.nullable.string('anomaly', (s) => s.anomalies[0] ?? null),
    ...labels.map(({ key, name }) => column.nullable.string<ServiceHealth>(name, (s) => labelOf(s, key) ?? null)),
    timeColumn('updated', (s) => dataTime(s, snapshot)),
  ];
}

function frames({ query, received: { snapshot }, format, keepFields = false }: FrameInput): readonly Frame[] {
  const number = chooseNumber(choice(snapshot), query.value);
  const metricNames = knownMetrics(snapshot, 'service').map((metric) => metric.name);
  const labels = labelNames(snapshot, [...OWN, ...metricNames, ...metricNames.map((name) => `metric_${name}`)]);
  const selection = select(query.filter, snapshot);
  const passing = selection.everything ? snapshot.services : snapshot.services.filter(selection.service);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const { rows, notices } = cut(passing, { limit, what: 'services', urgency: ({ status }) => URGENCY[status] });
  const common = { name: NAME, rows, notices: [...freshnessNotices(snapshot), ...notices] };
  if (format === 'table') return [tableFrame({ ...common, columns: tableColumns(snapshot, labels) })];
  const identity = [
    { name: 'id', read: (s: ServiceHealth) => s.resource_id },
    { name: 'name', read: (s: ServiceHealth) => s.resource_name },
    { name: 'type', read: (s: ServiceHealth) => s.resource_type },
    ...labels.map(({ key, name }) => ({ name, read: (s: ServiceHealth) => labelOf(s, key) })),
  ];
  return [numericFrame({ ...common, identity, number, keepFields })];
}

export const servicesEntry: QueryTypeEntry = { frames, live: { action: 'replace', parts: ['main'] } };
