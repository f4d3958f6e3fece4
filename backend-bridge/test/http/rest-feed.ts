import type {
  ChangeEvent,
  ChangeRequest,
  ComparisonQuery,
  ComparisonResponse,
  EventsQuery,
  HealthHistoryQuery,
  HealthHistoryResponse,
  HistoryEvent,
  LayoutResponse,
  MetricRangeQuery,
  MetricRangeResponse,
  Snapshot,
} from '@topdeck/protocol';
import type { Feed, FeedStatus, ReadRequest, TickNotice } from '../../src/publisher/feed.ts';

const AT_MS = Date.UTC(2026, 0, 1);
export const TIMESTAMP = new Date(AT_MS).toISOString();

const service = (id: string, status: 'healthy' | 'failed'): Snapshot['services'][number] => ({
  resource_id: id,
  resource_name: id.toUpperCase(),
  resource_type: 'service',
  status,
  health_score: status === 'healthy' ? 100 : 12.5,
  anomalies: status === 'healthy' ? [] : ['error rate of 40 % is above 5 %'],
  metrics: { request_rate: 10.25, error_rate: status === 'healthy' ? 0 : 0.4 },
  last_updated: TIMESTAMP,
  labels: { team: 'payments' },
});

const alert = (severity: 'high' | 'critical', id: string): Snapshot['anomalies'][number] => ({
  alert_id: id,
  resource_id: 'orders/eu 1',
  resource_name: 'ORDERS',
  severity,
  metric_name: 'error_rate',
  current_value: 0.4,
  expected_value: 0.01,
  deviation_percentage: 3900,
  detected_at: TIMESTAMP,
  message: 'error rate is far above what is usual',
  potential_causes: ['DB'],
  score: 0.9,
  detector: 'robust',
});

const source = (name: string) => ({ source: name, state: 'fresh' as const, last_success: TIMESTAMP });

export const SNAPSHOT: Snapshot = {
  timestamp: TIMESTAMP,
  overall_health: 'critical',
  services: [service('orders/eu 1', 'failed'), service('web', 'healthy')],
  anomalies: [alert('critical', 'a-1'), alert('high', 'a-2')],
  traffic_patterns: [
    {
      source_id: 'web',
      target_id: 'orders/eu 1',
      request_rate: 10.25,
      error_rate: 0.4,
      latency_p95: 1.5,
      is_abnormal: true,
      anomaly_score: 0.7,
      trend: 'increasing',
    },
  ],
  failing_dependencies: [
    {
      source_id: 'web',
      source_name: 'WEB',
      target_id: 'orders/eu 1',
      target_name: 'ORDERS',
      status: 'failed',
      health_score: 12.5,
      anomalies: ['slow'],
      error_details: { status: 'failed', health_score: 12.5, anomalies: ['slow'], metrics: {}, timestamp: TIMESTAMP },
    },
  ],
  dependencies: [['web', 'orders/eu 1']],
  freshness: {
    topology: source('neo4j'),
    topology_version: 'v1',
    topology_issues: { missing_id: 0, duplicate_id: 0, duplicate_edge: 0, dangling_edge: 0, self_edge: 0 },
    metrics: source('prometheus'),
    metric_outcomes: { 'service.error_rate': { outcome: 'ok', scope: 'service', unit: 'ratio' } },
    warming_up: false,
  },
};

export const READY: FeedStatus = {
  running: true,
  epoch: 'epoch-1',
  seq: 42,
  atMs: AT_MS,
  topology: source('neo4j'),
  metrics: source('prometheus'),
};

const RANGE = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T01:00:00.000Z' };
export const HEALTH_HISTORY: HealthHistoryResponse = {
  ...RANGE,
  truncated: false,
  services: [
    {
      resource_id: 'web',
      points: [
        [AT_MS, 'healthy', 100],
        [AT_MS + 60_000, 'unknown', null],
      ],
    },
  ],
};
export const METRIC_RANGE: MetricRangeResponse = {
  metric: 'request_rate',
  scope: 'edge',
  unit: '1/s',
  step_s: 15,
  times: [AT_MS, AT_MS + 15_000],
  series: [{ resource_id: 'web', target_id: 'orders/eu 1', values: [10.25, null] }],
};
export const COMPARISON: ComparisonResponse = {
  resource_id: 'orders/eu 1',
  at: TIMESTAMP,
  window_s: 3600,
  metrics: [
    {
      metric: 'error_rate',
      unit: 'ratio',
      now: { mean: 0.4, median: 0.4, min: 0.3, max: 0.5, known: 60, of: 60 },
      comparisons: [
        {
          against: 'previous_hour',
          ...RANGE,
          value: 0.1,
          change: 3,
          z: 12,
          verdict: 'much_higher',
          worse: true,
          text: '40%, much higher than in the hour before (10%, +300%)',
          known: 60,
          of: 60,
        },
        {
          against: 'previous_week',
          ...RANGE,
          value: null,
          change: null,
          z: null,
          verdict: 'unknown',
          worse: null,
          text: 'nothing is known of the week before',
          known: 0,
          of: 916,
        },
      ],
    },
  ],
  metrics_left_out: ['disk_usage'],
};
const bytes = (answer: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(answer));

export const LAYOUT: LayoutResponse = {
  topology_version: 'v1',
  positions: [
    ['orders/eu 1', 0, 260],
    ['web', 0, 0],
  ],
};

const notOverHttp = (): Promise<never> => Promise.reject(new Error('not used over HTTP'));

/** A feed with one fixed snapshot; tests change its members to play what goes wrong. */
export class RestFeed implements Feed {
  snapshot = SNAPSHOT;
  currentStatus: FeedStatus | Error = READY;
  /** Thrown by every read and refresh while set. */
  fault: Error | undefined;
  history: readonly HistoryEvent[] = [
    {
      id: 7,
      type: 'health_change',
      timestamp: TIMESTAMP,
      resource_id: 'web',
      data: { resource_id: 'web', old_status: 'healthy', new_status: 'failed', health_score: 12.5 },
    },
  ];
  metrics: string | Error = '# TYPE topdeck_ticks_total counter\ntopdeck_ticks_total{outcome="done"} 3\n';
  readonly reads: ReadRequest[] = [];
  readonly eventQueries: EventsQuery[] = [];
  readonly healthQueries: HealthHistoryQuery[] = [];
  readonly rangeQueries: [metric: string, query: MetricRangeQuery][] = [];
  readonly comparisonQueries: [resourceId: string, query: ComparisonQuery][] = [];
  readonly changes: ChangeRequest[] = [];
  refreshes = 0;
  readonly #listeners = new Set<(notice: TickNotice) => void>();

  get listenerCount(): number {
    return this.#listeners.size;
  }
  /** A first or next state is there. */
  tick(): void {
    this.currentStatus = READY;
    for (const listener of this.#listeners)
      listener({ epoch: READY.epoch, seq: READY.seq, atMs: AT_MS, eventCount: 0 });
  }

  listen(onTick: (notice: TickNotice) => void): () => void {
    this.#listeners.add(onTick);
    return () => this.#listeners.delete(onTick);
  }
  async status(): Promise<FeedStatus> {
    if (this.currentStatus instanceof Error) throw this.currentStatus;
    return this.currentStatus;
  }
  async read(request: ReadRequest): Promise<Uint8Array | undefined> {
    this.reads.push(request);
    if (this.fault !== undefined) throw this.fault;
    const answer = this.#answer(request);
    return answer === undefined ? undefined : bytes(answer);
  }
  #answer(request: ReadRequest): unknown {
    const { snapshot } = this;
    switch (request.read) {
      case 'snapshot':
        return snapshot;
      case 'service':
        return snapshot.services.find((candidate) => candidate.resource_id === request.resourceId);
      case 'anomalies':
        return snapshot.anomalies
          .filter((anomaly) => request.severity === undefined || anomaly.severity === request.severity)
          .slice(0, request.limit);
      case 'traffic':
        return snapshot.traffic_patterns.filter((pattern) => pattern.is_abnormal || !request.abnormalOnly);
      case 'failing-dependencies':
        return snapshot.failing_dependencies;
      case 'layout':
        return LAYOUT;
      case 'incidents':
      case 'changes':
        return [];
      case 'incident':
      case 'root-cause':
        return undefined;
    }
  }
  async refresh(): Promise<TickNotice> {
    if (this.fault !== undefined) throw this.fault;
    this.refreshes += 1;
    return { epoch: READY.epoch, seq: READY.seq + this.refreshes, atMs: AT_MS, eventCount: 0 };
  }
  async events(query: EventsQuery): Promise<readonly HistoryEvent[]> {
    this.eventQueries.push(query);
    if (this.fault !== undefined) throw this.fault;
    return this.history;
  }
  async healthHistory(query: HealthHistoryQuery): Promise<Uint8Array> {
    this.healthQueries.push(query);
    if (this.fault !== undefined) throw this.fault;
    return bytes(HEALTH_HISTORY);
  }
  async metricRange(metric: string, query: MetricRangeQuery): Promise<Uint8Array> {
    this.rangeQueries.push([metric, query]);
    if (this.fault !== undefined) throw this.fault;
    return bytes(METRIC_RANGE);
  }
  async reportChange(change: ChangeRequest): Promise<ChangeEvent> {
    this.changes.push(change);
    if (this.fault !== undefined) throw this.fault;
    return { change_id: this.changes.length, at: TIMESTAMP, ...change };
  }
  async comparison(resourceId: string, query: ComparisonQuery): Promise<Uint8Array> {
    this.comparisonQueries.push([resourceId, query]);
    if (this.fault !== undefined) throw this.fault;
    return bytes(COMPARISON);
  }
  async metricsText(): Promise<string> {
    if (this.metrics instanceof Error) throw this.metrics;
    return this.metrics;
  }
  render = notOverHttp;
  renderEvents = notOverHttp;
  async close(): Promise<void> {}
}
