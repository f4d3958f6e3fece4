import type { ServiceHealth, Snapshot } from '@topdeck/protocol';

export const service = (id: string, fields: Partial<ServiceHealth> = {}): ServiceHealth => ({
  resource_id: id,
  resource_name: id,
  resource_type: 'service',
  status: 'healthy',
  health_score: 100,
  anomalies: [],
  metrics: {},
  last_updated: '2026-01-31T12:00:00.000Z',
  ...fields,
});

/** A snapshot that knows these services and nothing more. */
export const snapshotOf = (services: readonly ServiceHealth[], fields: Partial<Snapshot> = {}): Snapshot => ({
  timestamp: '2026-01-31T12:00:00.000Z',
  overall_health: 'healthy',
  services: [...services],
  anomalies: [],
  traffic_patterns: [],
  failing_dependencies: [],
  dependencies: [],
  freshness: {
    topology: { source: 'neo4j', state: 'fresh', last_success: '2026-01-31T12:00:00.000Z' },
    topology_version: 'v1',
    topology_issues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
    metrics: { source: 'prometheus', state: 'fresh', last_success: '2026-01-31T12:00:00.000Z' },
    metric_outcomes: {
      'service.request_rate': { outcome: 'ok', scope: 'service', unit: '1/s' },
      'edge.latency_p95': { outcome: 'ok', scope: 'edge', unit: 's' },
    },
    warming_up: false,
  },
  ...fields,
});
