import type { DiagnosticsEvent } from '@topdeck/protocol';

export const START_MS = Date.UTC(2026, 0, 1);

export const healthChange = (resource: string, atMs = START_MS): DiagnosticsEvent => ({
  type: 'health_change',
  atMs,
  data: { resource_id: resource, old_status: 'healthy', new_status: 'failed', health_score: 12.5 },
});

export const trafficAnomaly = (source: string, target: string, atMs = START_MS): DiagnosticsEvent => ({
  type: 'traffic_anomaly',
  atMs,
  data: { source_id: source, target_id: target, anomaly_type: 'latency', description: 'slow “edge”\u0000 ☃' },
});

export const anomalyResolved = (resource: string, target: string | undefined, atMs = START_MS): DiagnosticsEvent => ({
  type: 'anomaly_resolved',
  atMs,
  data: {
    alert_id: 'a-1',
    resource_id: resource,
    metric_name: 'latency_p95',
    severity: 'high',
    duration_s: 90,
    ...(target !== undefined && { target_id: target }),
  },
});
