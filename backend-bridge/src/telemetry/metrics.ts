import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Self-metrics of the diagnosing thread. */
export function createPipelineMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    tickStageSeconds: new Histogram({
      name: 'topdeck_tick_stage_seconds',
      help: 'Duration of a tick by stage: collect, diagnose, publish, total',
      labelNames: ['stage'] as const,
      buckets: seconds,
      registers,
    }),
    ticks: new Counter({
      name: 'topdeck_ticks_total',
      help: 'Ticks by outcome: done, failed, skipped (the one before was still running)',
      labelNames: ['outcome'] as const,
      registers,
    }),
    renderSeconds: new Histogram({
      name: 'topdeck_render_seconds',
      help: 'Duration of serialising and compressing one message by form: original, full, delta',
      labelNames: ['form'] as const,
      buckets: seconds,
      registers,
    }),
    upstreamQueries: new Counter({
      name: 'topdeck_upstream_queries_total',
      help: 'Queries by upstream (neo4j, prometheus), kind (instant, range, nodes, edges) and outcome (ok or an error code)',
      labelNames: ['upstream', 'kind', 'outcome'] as const,
      registers,
    }),
    upstreamQuerySeconds: new Histogram({
      name: 'topdeck_upstream_query_seconds',
      help: 'Duration of upstream queries',
      labelNames: ['upstream', 'kind'] as const,
      buckets: seconds,
      registers,
    }),
    metricOutcome: new Gauge({
      name: 'topdeck_metric_readable',
      help: '1 when the newest reading of a metric gave values (outcome ok or partial), else 0',
      labelNames: ['scope', 'metric'] as const,
      registers,
    }),
    unmatchedSeries: new Gauge({
      name: 'topdeck_metric_unmatched_series',
      help: 'Series of the newest reading that match no resource or dependency of the topology',
      labelNames: ['scope', 'metric'] as const,
      registers,
    }),
    sourceLastSuccess: new Gauge({
      name: 'topdeck_source_last_success_timestamp_seconds',
      help: 'Time of the last successful reading by source (topology, metrics)',
      labelNames: ['source'] as const,
      registers,
    }),
    topologySize: new Gauge({
      name: 'topdeck_topology_size',
      help: 'Entities in the topology by kind: resources, dependencies',
      labelNames: ['kind'] as const,
      registers,
    }),
    topologyIssues: new Gauge({
      name: 'topdeck_topology_issues',
      help: 'Rows dropped in the newest topology by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    openAnomalies: new Gauge({ name: 'topdeck_open_anomalies', help: 'Anomalies open now', registers }),
    servicesByStatus: new Gauge({
      name: 'topdeck_services',
      help: 'Services by status',
      labelNames: ['status'] as const,
      registers,
    }),
    events: new Counter({
      name: 'topdeck_events_total',
      help: 'Events by type',
      labelNames: ['type'] as const,
      registers,
    }),
    historyWrites: new Counter({
      name: 'topdeck_history_writes_total',
      help: 'Batches of events written to the history by outcome: ok, failed',
      labelNames: ['outcome'] as const,
      registers,
    }),
  };
}
export type PipelineMetrics = ReturnType<typeof createPipelineMetrics>;

/** Self-metrics of the serving thread, with the process's own (event-loop delay, memory, file descriptors). */
export function createServerMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    clients: new Gauge({
      name: 'topdeck_clients',
      help: 'Open WebSocket connections by stream: original, extended',
      labelNames: ['stream'] as const,
      registers,
    }),
    connectionsRefused: new Counter({
      name: 'topdeck_connections_refused_total',
      help: 'Refused handshakes by error code',
      labelNames: ['code'] as const,
      registers,
    }),
    connectionsClosed: new Counter({
      name: 'topdeck_connections_closed_total',
      help: 'Closed connections by reason: client, or an error code',
      labelNames: ['reason'] as const,
      registers,
    }),
    messagesReceived: new Counter({
      name: 'topdeck_messages_received_total',
      help: 'Messages from clients by type, or by the error code that refused them',
      labelNames: ['type'] as const,
      registers,
    }),
    messagesSent: new Counter({
      name: 'topdeck_messages_sent_total',
      help: 'Messages to clients by type',
      labelNames: ['type'] as const,
      registers,
    }),
    bytesSent: new Counter({ name: 'topdeck_bytes_sent_total', help: 'Bytes of frames handed to sockets', registers }),
    statesSkipped: new Counter({
      name: 'topdeck_states_skipped_total',
      help: 'Times a due client got nothing because its queue had not drained',
      registers,
    }),
    queuedBytes: new Gauge({
      name: 'topdeck_queued_bytes',
      help: 'Bytes waiting in the sockets of all clients, at the newest fan-out',
      registers,
    }),
    fanOutSeconds: new Histogram({
      name: 'topdeck_fan_out_seconds',
      help: 'Time from a tick’s notice to the last client written',
      buckets: seconds,
      registers,
    }),
    httpRequestSeconds: new Histogram({
      name: 'topdeck_http_request_seconds',
      help: 'Duration of REST requests by route and status',
      labelNames: ['route', 'status'] as const,
      buckets: seconds,
      registers,
    }),
    pipelineRestarts: new Counter({
      name: 'topdeck_pipeline_restarts_total',
      help: 'Restarts of the diagnosing thread',
      registers,
    }),
  };
}
export type ServerMetrics = ReturnType<typeof createServerMetrics>;
