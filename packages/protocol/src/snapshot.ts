import Type, { type Static } from 'typebox';
import { Incident } from './incidents.ts';
import { Labels, MetricValues, OverallHealth, ResourceId, Severity, Status, Timestamp, Trend } from './primitives.ts';
import { TopologyIssues } from './topology.ts';

export const ServiceHealth = Type.Object({
  resource_id: ResourceId,
  resource_name: Type.String(),
  resource_type: Type.String(),
  status: Status,
  health_score: Type.Number({ minimum: 0, maximum: 100, description: '0 when status is unknown' }),
  anomalies: Type.Array(Type.String(), { description: 'One sentence for each open anomaly or crossed floor' }),
  metrics: MetricValues,
  last_updated: Timestamp,
  labels: Type.Optional(Labels),
});
export type ServiceHealth = Static<typeof ServiceHealth>;

export const AnomalyAlert = Type.Object({
  alert_id: Type.String({ description: 'Stable over the life of the anomaly' }),
  resource_id: ResourceId,
  resource_name: Type.String(),
  severity: Severity,
  metric_name: Type.String(),
  current_value: Type.Number(),
  expected_value: Type.Number(),
  deviation_percentage: Type.Number({ description: 'Capped at ±999 999 so that an expected value of 0 stays finite' }),
  detected_at: Timestamp,
  message: Type.String(),
  potential_causes: Type.Array(Type.String(), { description: 'Anomalous dependencies downstream, most suspect first' }),
  cause_ids: Type.Optional(
    Type.Array(ResourceId, {
      description: 'The resource of each of potential_causes; of an edge the one that it leads to',
    }),
  ),
  target_id: Type.Optional(Type.String({ description: 'Set when the anomaly is of the edge resource_id → target_id' })),
  score: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  detector: Type.Optional(Type.String()),
});
export type AnomalyAlert = Static<typeof AnomalyAlert>;

export const TrafficPattern = Type.Object({
  source_id: ResourceId,
  target_id: ResourceId,
  request_rate: Type.Number({ description: '1/s' }),
  error_rate: Type.Number({ minimum: 0, maximum: 1 }),
  latency_p95: Type.Number({ description: 's' }),
  is_abnormal: Type.Boolean(),
  anomaly_score: Type.Number({ minimum: 0, maximum: 1 }),
  trend: Trend,
});
export type TrafficPattern = Static<typeof TrafficPattern>;

export const ErrorDetails = Type.Object({
  status: Status,
  health_score: Type.Number(),
  anomalies: Type.Array(Type.String()),
  metrics: MetricValues,
  timestamp: Timestamp,
});

export const FailingDependency = Type.Object({
  source_id: ResourceId,
  source_name: Type.String(),
  target_id: ResourceId,
  target_name: Type.String(),
  status: Type.Enum(['degraded', 'failed']),
  health_score: Type.Number(),
  anomalies: Type.Array(Type.String()),
  error_details: ErrorDetails,
});
export type FailingDependency = Static<typeof FailingDependency>;

/** How much a reader may trust the snapshot. Ages count from the last success to the snapshot's timestamp. */
export const SourceFreshness = Type.Object({
  source: Type.String({ description: 'neo4j, file, prometheus, simulator' }),
  state: Type.Enum(['fresh', 'stale', 'unavailable'], {
    description: 'stale: the last good reading is served; unavailable: there never was one',
  }),
  last_success: Type.Optional(Timestamp),
  read_ms: Type.Optional(Type.Integer({ minimum: 0, description: 'How long the last good reading took' })),
  error_code: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
});
export type SourceFreshness = Static<typeof SourceFreshness>;

export const MetricFreshness = Type.Object({
  outcome: Type.Enum(['ok', 'partial', 'missing', 'error']),
  scope: Type.Enum(['service', 'edge']),
  unit: Type.String(),
  detail: Type.Optional(Type.String()),
});

export const Freshness = Type.Object({
  topology: SourceFreshness,
  topology_version: Type.String(),
  topology_issues: TopologyIssues,
  metrics: SourceFreshness,
  metric_outcomes: Type.Record(Type.String(), MetricFreshness, { description: 'Keyed by scope.name' }),
  warming_up: Type.Boolean({ description: 'true while detectors have not seen enough samples to judge' }),
});
export type Freshness = Static<typeof Freshness>;

export const Snapshot = Type.Object({
  timestamp: Timestamp,
  overall_health: OverallHealth,
  services: Type.Array(ServiceHealth),
  anomalies: Type.Array(AnomalyAlert),
  traffic_patterns: Type.Array(TrafficPattern),
  failing_dependencies: Type.Array(FailingDependency),
  dependencies: Type.Array(Type.Tuple([ResourceId, ResourceId]), {
    description: '[source_id, target_id] of every edge',
  }),
  freshness: Freshness,
  incidents: Type.Optional(Type.Array(Incident, { description: 'Extended stream: the open ones, newest first' })),
});
export type Snapshot = Static<typeof Snapshot>;
