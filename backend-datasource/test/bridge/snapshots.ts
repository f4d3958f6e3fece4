import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import { COLLECTIONS } from '@topdeck/protocol';

export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
export const isoAt = (offsetMs: number): string => new Date(START_MS + offsetMs).toISOString();

const source = (name: string, offsetMs: number) => ({
  source: name,
  state: 'fresh' as const,
  last_success: isoAt(offsetMs),
});

const service = (id: string, score: number, offsetMs: number): ServiceHealth => ({
  resource_id: id,
  resource_name: id.toUpperCase(),
  resource_type: 'service',
  status: score >= 70 ? 'healthy' : 'failed',
  health_score: score,
  anomalies: [],
  metrics: { request_rate: score / 10 },
  last_updated: isoAt(offsetMs),
});

/** Services by id with their scores; each calls the next. */
export function snapshotOf(scores: Readonly<Record<string, number>>, offsetMs = 0): Snapshot {
  const ids = Object.keys(scores).sort();
  return {
    timestamp: isoAt(offsetMs),
    overall_health: 'healthy',
    services: ids.map((id) => service(id, scores[id], offsetMs)).sort(COLLECTIONS.services.compare),
    anomalies: [],
    traffic_patterns: [],
    failing_dependencies: [],
    dependencies: ids.slice(1).map((id, index) => [ids[index], id]),
    freshness: {
      topology: source('neo4j', offsetMs),
      topology_version: ids.join(),
      topology_issues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
      metrics: source('prometheus', offsetMs),
      metric_outcomes: { 'service.request_rate': { outcome: 'ok', scope: 'service', unit: '1/s' } },
      warming_up: false,
    },
  };
}
