import type { Field, Frame } from '@topdeck/grafana-plugin-sdk';
import type { AnomalyAlert, FailingDependency, Snapshot, TrafficPattern } from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import type { BridgeReads, BridgeState, Received } from '../../src/bridge/bridge.ts';
import type { Extras, FrameInput, ReadRequest } from '../../src/frames/query-type.ts';
import { QUERY_TYPE_ENTRIES } from '../../src/frames/query-types.ts';
import { failingReads } from '../fake-bridge.ts';
import { service, snapshotOf } from '../snapshots.ts';

export const AT = '2026-01-31T12:00:00.000Z';
export const AT_MS = Date.parse(AT);

export const traffic = (
  source_id: string,
  target_id: string,
  fields: Partial<TrafficPattern> = {},
): TrafficPattern => ({
  source_id,
  target_id,
  request_rate: 10,
  error_rate: 0.01,
  latency_p95: 0.2,
  is_abnormal: false,
  anomaly_score: 0.1,
  trend: 'stable',
  ...fields,
});

export const anomaly = (alert_id: string, fields: Partial<AnomalyAlert> = {}): AnomalyAlert => ({
  alert_id,
  resource_id: 'cart',
  resource_name: 'Cart',
  severity: 'high',
  metric_name: 'latency_p95',
  current_value: 2,
  expected_value: 0.5,
  deviation_percentage: 300,
  detected_at: '2026-01-31T11:59:00.000Z',
  message: 'latency_p95 of Cart is 2 s, expected 0.5 s',
  potential_causes: ['db'],
  score: 0.7,
  detector: 'baseline',
  ...fields,
});

export const failing = (
  source_id: string,
  target_id: string,
  fields: Partial<FailingDependency> = {},
): FailingDependency => ({
  source_id,
  source_name: source_id,
  target_id,
  target_name: target_id,
  status: 'failed',
  health_score: 20,
  anomalies: ['errors'],
  error_details: {
    status: 'failed',
    health_score: 20,
    anomalies: ['errors'],
    metrics: { request_rate: 3 },
    timestamp: AT,
  },
  ...fields,
});

const OUTCOMES: Snapshot['freshness']['metric_outcomes'] = {
  'service.cpu_usage': { outcome: 'ok', scope: 'service', unit: 'cores' },
  'service.queue_depth': { outcome: 'ok', scope: 'service', unit: 'messages' },
  'service.request_rate': { outcome: 'ok', scope: 'service', unit: '1/s' },
  'service.error_rate': { outcome: 'ok', scope: 'service', unit: 'ratio' },
  'edge.request_rate': { outcome: 'ok', scope: 'edge', unit: '1/s' },
  'edge.retries': { outcome: 'ok', scope: 'edge', unit: '1/s' },
};

/** web → cart → db, cart → mail: db has failed, nothing is known of mail. */
export function shop(fields: Partial<Snapshot> = {}): Snapshot {
  const label = (namespace: string, team: string) => ({ labels: { namespace, team } });
  const base = snapshotOf([
    service('cart', {
      resource_name: 'Cart',
      status: 'degraded',
      health_score: 60,
      anomalies: ['slow', 'busy'],
      metrics: { request_rate: 12, error_rate: 0.02, cpu_usage: 0.5 },
      ...label('shop', 'orders'),
    }),
    service('db', { resource_type: 'database', status: 'failed', health_score: 0, metrics: { cpu_usage: 2 } }),
    service('mail', { resource_type: 'external', status: 'unknown', health_score: 0, ...label('outside', 'none') }),
    service('web', { metrics: { request_rate: 20 }, ...label('shop', 'front') }),
  ]);
  return {
    ...base,
    overall_health: 'critical',
    dependencies: [
      ['cart', 'db'],
      ['cart', 'mail'],
      ['web', 'cart'],
    ],
    traffic_patterns: [
      traffic('cart', 'db', { is_abnormal: true, anomaly_score: 0.9, error_rate: 0.4, request_rate: 99 }),
      traffic('web', 'cart'),
    ],
    anomalies: [
      anomaly('a1', { severity: 'critical', score: 0.9, resource_id: 'db', resource_name: 'db' }),
      anomaly('a2', { target_id: 'db' }),
      anomaly('a3', { severity: 'low', score: 0.2 }),
    ],
    failing_dependencies: [
      failing('cart', 'db', { source_name: 'Cart' }),
      failing('web', 'cart', { status: 'degraded', health_score: 60, target_name: 'Cart' }),
    ],
    freshness: { ...base.freshness, metric_outcomes: OUTCOMES },
    ...fields,
  };
}

export const receive = (snapshot: Snapshot, fields: Partial<Received> = {}): Received => ({
  snapshot,
  position: { epoch: 'e1', seq: 7 },
  sentAtMs: AT_MS + 1_000,
  receivedAtMs: 5_000,
  ...fields,
});

export const connected = (received: Received | undefined): BridgeState => ({
  connection: { state: 'websocket', sinceMs: 1_000 },
  received,
  reconnects: 0,
  lastFault: undefined,
});

export const inputOf = (
  query: DiagnosticsQuery,
  { snapshot = shop(), ...rest }: Partial<FrameInput> & { snapshot?: Snapshot } = {},
): FrameInput => {
  const received = receive(snapshot);
  return { query, state: connected(received), received, nowMs: 6_000, format: 'table', extras: {}, ...rest };
};

type Parts = Parameters<typeof inputOf>[1];
export const framesOf = (query: DiagnosticsQuery, parts?: Parts): readonly Frame[] =>
  QUERY_TYPE_ENTRIES[query.queryType].frames(inputOf(query, parts));
export const frameOf = (query: DiagnosticsQuery, parts?: Parts): Frame => framesOf(query, parts)[0];
export const numericOf = (query: DiagnosticsQuery, parts?: Parts): Frame =>
  frameOf(query, { ...parts, format: 'numeric' });

export const fieldOf = (frame: Frame, name: string): Field => {
  const found = frame.fields.filter((field) => field.name === name);
  if (found.length !== 1)
    throw new Error(`${found.length} fields called ${name}: ${frame.fields.map((f) => f.name).join()}`);
  return found[0];
};
export const valuesOf = (frame: Frame, name: string): unknown[] =>
  Array.from(fieldOf(frame, name).values as ArrayLike<unknown>);
/** Rows as objects of these columns. */
export const rowsOf = (frame: Frame, ...names: string[]): Record<string, unknown>[] => {
  const columns = names.map((name) => valuesOf(frame, name));
  return (columns[0] ?? []).map((_, row) => Object.fromEntries(names.map((name, at) => [name, columns[at][row]])));
};
export const namesOf = ({ fields }: Frame): string[] => fields.map(({ name }) => name);
export const noticesOf = ({ meta }: Frame): string[] => (meta?.notices ?? []).map(({ text }) => text);

export const NO_READS = failingReads(() => new Error('not to be read'));

export const readOf = (
  query: DiagnosticsQuery,
  reads: Partial<BridgeReads>,
  parts: Partial<ReadRequest> = {},
): Promise<Extras> => {
  const { read } = QUERY_TYPE_ENTRIES[query.queryType];
  if (read === undefined) throw new Error(`${query.queryType} reads nothing`);
  return read({
    query,
    snapshot: shop(),
    range: { fromMs: AT_MS - 600_000, toMs: AT_MS + 600_000 },
    maxDataPoints: 100,
    intervalMs: 1_000,
    signal: new AbortController().signal,
    ...parts,
    reads: { ...NO_READS, ...reads },
  });
};
