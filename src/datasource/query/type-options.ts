import { t } from '@grafana/i18n';
import { HISTORY_VALUES, VALUES, type QueryFilter, type QueryType, type VariableKind } from '@topdeck/protocol/grafana';

export type FilterPart = keyof QueryFilter;

/** How a query of one type is put together. */
export interface TypeOption {
  readonly label: () => string;
  readonly description: () => string;
  readonly filters: readonly FilterPart[];
  /** Numbers that a frame can carry, where there is a choice. */
  readonly values?: readonly string[];
  /** Never a table: lines over time. */
  readonly isSeries?: true;
  /** Metrics join the numbers. */
  readonly metrics?: VariableKind;
  readonly hasLimit: boolean;
  /** Whether a rule can judge by it. */
  readonly alerts: boolean;
  /** Answered of named services alone. */
  readonly needsService?: true;
  /** In no state, so that it never goes on by itself. */
  readonly isStill?: true;
}

const WHO = ['ids', 'name', 'types', 'labels', 'around'] as const satisfies readonly FilterPart[];

/** The table of query types, in the order in which the editor lists them. */
export const TYPE_OPTIONS: Readonly<Record<QueryType, TypeOption>> = {
  services: {
    label: () => t('datasource.types.services.label', 'Services'),
    description: () => t('datasource.types.services.text', 'Health, score and metrics of each service, now'),
    filters: [...WHO, 'statuses'],
    values: VALUES.services,
    metrics: 'metrics',
    hasLimit: true,
    alerts: true,
  },
  dependencies: {
    label: () => t('datasource.types.dependencies.label', 'Dependencies'),
    description: () => t('datasource.types.dependencies.text', 'Who calls whom, with rate, errors and latency, now'),
    filters: [...WHO, 'statuses', 'min_score', 'abnormal_only'],
    values: VALUES.dependencies,
    metrics: 'edge-metrics',
    hasLimit: true,
    alerts: true,
  },
  topology: {
    label: () => t('datasource.types.topology.label', 'Topology'),
    description: () => t('datasource.types.topology.text', 'Nodes and edges for the node graph'),
    filters: [...WHO, 'statuses', 'abnormal_only'],
    hasLimit: true,
    alerts: false,
  },
  anomalies: {
    label: () => t('datasource.types.anomalies.label', 'Anomalies'),
    description: () => t('datasource.types.anomalies.text', 'Values that are not as expected, now'),
    filters: [...WHO, 'severities', 'min_score'],
    values: VALUES.anomalies,
    hasLimit: true,
    alerts: true,
  },
  'failing-dependencies': {
    label: () => t('datasource.types.failing-dependencies.label', 'Failing dependencies'),
    description: () =>
      t('datasource.types.failing-dependencies.text', 'Dependencies on services that are degraded or failed'),
    filters: [...WHO, 'statuses'],
    values: VALUES['failing-dependencies'],
    hasLimit: true,
    alerts: true,
  },
  traffic: {
    label: () => t('datasource.types.traffic.label', 'Traffic'),
    description: () => t('datasource.types.traffic.text', 'Traffic patterns of dependencies and how unusual they are'),
    filters: [...WHO, 'min_score', 'abnormal_only'],
    values: VALUES.traffic,
    hasLimit: true,
    alerts: true,
  },
  events: {
    label: () => t('datasource.types.events.label', 'Events'),
    description: () =>
      t('datasource.types.events.text', 'Changes of health and anomalies in the time range, as log lines'),
    filters: [...WHO, 'statuses', 'severities', 'min_score', 'abnormal_only'],
    hasLimit: true,
    alerts: false,
  },
  'health-history': {
    label: () => t('datasource.types.health-history.label', 'Health over time'),
    description: () => t('datasource.types.health-history.text', 'Health scores over the time range'),
    filters: [...WHO],
    values: HISTORY_VALUES,
    isSeries: true,
    hasLimit: true,
    alerts: true,
  },
  metric: {
    label: () => t('datasource.types.metric.label', 'Metric'),
    description: () => t('datasource.types.metric.text', 'One metric of services or dependencies over the time range'),
    filters: [...WHO],
    hasLimit: true,
    alerts: true,
  },
  comparison: {
    label: () => t('datasource.types.comparison.label', 'Comparison with the past'),
    description: () =>
      t(
        'datasource.types.comparison.text',
        'Metrics of a service in the last hour against the hour, day and week before and the same hour yesterday and last week',
      ),
    filters: ['ids'],
    values: VALUES.comparison,
    hasLimit: false,
    alerts: true,
    needsService: true,
    isStill: true,
  },
  connection: {
    label: () => t('datasource.types.connection.label', 'Connection'),
    description: () =>
      t('datasource.types.connection.text', 'State of the connection to the bridge and age of its data'),
    filters: [],
    values: VALUES.connection,
    hasLimit: false,
    alerts: true,
  },
};

/** The query's filter with only those parts that its type has. */
export function fittingFilter(filter: QueryFilter | undefined, parts: readonly FilterPart[]): QueryFilter | undefined {
  const entries = Object.entries(filter ?? {}).filter(([part]) => (parts as readonly string[]).includes(part));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
