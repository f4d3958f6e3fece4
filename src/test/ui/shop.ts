import type { Extras } from '@topdeck/backend-datasource/frames';
import type { ServiceHealth, Snapshot, TrafficPattern } from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { service, snapshotOf } from '../../../backend-datasource/test/snapshots.ts';

export const NOW_MS = Date.parse('2026-01-31T12:00:00.000Z');
export const HOUR_MS = 3_600_000;
const AT = new Date(NOW_MS).toISOString();

const CALLS = [
  ['web', 'cart'],
  ['web', 'search'],
  ['mobile', 'cart'],
  ['cart', 'payments'],
  ['cart', 'cart-db'],
  ['payments', 'bank'],
] as const;

const metricsOf = (latencyP95: number, errorRate: number) => ({
  request_rate: 42.5,
  error_rate: errorRate,
  latency_p95: latencyP95,
  cpu_usage: 0.31,
});

const SERVICES: readonly ServiceHealth[] = [
  service('web', { resource_name: 'Web', metrics: metricsOf(0.2, 0.001), labels: { team: 'front' } }),
  service('mobile', { resource_name: 'Mobile', status: 'unknown', health_score: 0 }),
  service('search', { resource_name: 'Search', metrics: metricsOf(0.05, 0) }),
  service('cart', {
    resource_name: 'Cart',
    status: 'degraded',
    health_score: 61,
    anomalies: ['latency_p95 is 1.9 s, expected 0.3 s'],
    metrics: metricsOf(1.9, 0.012),
    labels: { team: 'core', namespace: 'shop' },
  }),
  service('payments', {
    resource_name: 'Payments',
    status: 'failed',
    health_score: 22,
    anomalies: ['error_rate is 31 %, expected 0.4 %'],
    metrics: metricsOf(2.4, 0.31),
  }),
  service('cart-db', { resource_name: 'Cart database', resource_type: 'database', metrics: { cpu_usage: 0.4 } }),
  service('bank', { resource_name: 'Bank', resource_type: 'external' }),
];

const traffic = (source_id: string, target_id: string): TrafficPattern => ({
  source_id,
  target_id,
  request_rate: 12.25,
  error_rate: target_id === 'payments' ? 0.31 : 0.001,
  latency_p95: target_id === 'payments' ? 2.4 : 0.1,
  is_abnormal: target_id === 'payments',
  anomaly_score: target_id === 'payments' ? 0.7 : 0,
  trend: 'increasing',
});

const alert = (fields: Partial<Snapshot['anomalies'][number]>): Snapshot['anomalies'][number] => ({
  alert_id: 'a1',
  resource_id: 'cart',
  resource_name: 'Cart',
  severity: 'medium',
  metric_name: 'latency_p95',
  current_value: 1.9,
  expected_value: 0.3,
  deviation_percentage: 533,
  detected_at: new Date(NOW_MS - 600_000).toISOString(),
  message: 'latency_p95 of Cart is 1.9 s, expected 0.3 s',
  potential_causes: ['Payments: error_rate is 31 %, expected 0.4 %'],
  ...fields,
});

/** A small shop with payments failing, which makes its callers slow. */
export const SHOP: Snapshot = snapshotOf(SERVICES, {
  overall_health: 'critical',
  dependencies: CALLS.map(([source, target]): [string, string] => [source, target]),
  traffic_patterns: CALLS.filter(([, target]) => target !== 'bank').map(([source, target]) => traffic(source, target)),
  anomalies: [
    alert({}),
    alert({
      alert_id: 'a2',
      severity: 'critical',
      metric_name: 'error_rate',
      target_id: 'payments',
      message: 'error_rate of Cart → Payments is 31 %, expected 0.4 %',
      potential_causes: [],
    }),
    alert({
      alert_id: 'a3',
      resource_id: 'payments',
      resource_name: 'Payments',
      severity: 'high',
      metric_name: 'error_rate',
      message: 'error_rate of Payments is 31 %, expected 0.4 %',
      potential_causes: [],
    }),
  ],
  failing_dependencies: [
    {
      source_id: 'cart',
      source_name: 'Cart',
      target_id: 'payments',
      target_name: 'Payments',
      status: 'failed',
      health_score: 22,
      anomalies: ['error_rate is 31 %, expected 0.4 %'],
      error_details: {
        status: 'failed',
        health_score: 22,
        anomalies: [],
        metrics: { error_rate: 0.31 },
        timestamp: AT,
      },
    },
  ],
  freshness: {
    ...snapshotOf([]).freshness,
    metric_outcomes: {
      'service.request_rate': { outcome: 'ok', scope: 'service', unit: '1/s' },
      'service.error_rate': { outcome: 'ok', scope: 'service', unit: 'ratio' },
      'service.latency_p95': { outcome: 'ok', scope: 'service', unit: 's' },
      'service.cpu_usage': { outcome: 'ok', scope: 'service', unit: 'cores' },
      'edge.request_rate': { outcome: 'ok', scope: 'edge', unit: '1/s' },
      'edge.error_rate': { outcome: 'ok', scope: 'edge', unit: 'ratio' },
      'edge.latency_p95': { outcome: 'ok', scope: 'edge', unit: 's' },
    },
  },
});

const POINTS = 60;
const TIMES = Array.from({ length: POINTS }, (_, index) => NOW_MS - HOUR_MS + (index * HOUR_MS) / (POINTS - 1));
/** A calm curve that leaves what is expected for the last ten minutes, and a gap. */
const curve = (scale: number): (number | null)[] =>
  TIMES.map((_, index) => {
    if (index > 20 && index < 25) return null;
    const calm = scale * (1 + 0.15 * Math.sin(index / 4));
    return index > 49 ? calm * 4 : calm;
  });

const since = new Date(NOW_MS - HOUR_MS).toISOString();
const until = AT;

const healthPoints = (id: string) => ({
  resource_id: id,
  points: [
    [NOW_MS - HOUR_MS, 'healthy', 97],
    [NOW_MS - HOUR_MS / 2, 'unknown', null],
    [NOW_MS - HOUR_MS / 3, 'healthy', 88],
    [NOW_MS - HOUR_MS / 6, 'degraded', 61],
    [NOW_MS - HOUR_MS / 12, 'failed', 22],
  ] as [number, 'healthy' | 'unknown' | 'degraded' | 'failed', number | null][],
});

/** What the bridge answers about the hour before, to a query that takes the past. */
export function pastOf({ queryType, metric = '', scope = 'service', bands }: DiagnosticsQuery): Extras {
  if (queryType === 'health-history') {
    const services = SERVICES.map(({ resource_id }) => healthPoints(resource_id));
    return { healthHistories: [{ since, until, truncated: false, services }], stepMs: 30_000 };
  }
  if (queryType !== 'metric') return {};
  const scale = metric === 'request_rate' ? 40 : metric === 'error_rate' ? 0.01 : 0.4;
  const values = curve(scale);
  const band = bands && {
    expected: TIMES.map(() => scale),
    lower: TIMES.map(() => scale * 0.7),
    upper: TIMES.map(() => scale * 1.3),
  };
  const ids =
    scope === 'edge'
      ? CALLS.map(([resource_id, target_id]) => ({ resource_id, target_id }))
      : SERVICES.filter(({ metrics }) => metric in metrics).map(({ resource_id }) => ({ resource_id }));
  const unit = SHOP.freshness.metric_outcomes[`${scope}.${metric}`]?.unit ?? '';
  const step_s = HOUR_MS / (POINTS - 1) / 1000;
  const series = ids.map((one) => ({ ...one, values, ...band }));
  return { metricRanges: [{ metric, scope, unit, step_s, times: TIMES, series }] };
}
