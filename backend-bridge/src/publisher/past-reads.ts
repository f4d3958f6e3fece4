import type { EventsQuery, HealthHistoryQuery, HistoryEvent, MetricRangeQuery } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import { readHealthHistory } from './health-history.ts';
import { readMetricRange } from './metric-range.ts';

export interface PastParts {
  readonly history: HistoryStore;
  readonly metricsSource: MetricsSource;
  readonly topologySource: TopologySource;
  readonly clock: Clock;
  /** Between ticks. */
  readonly intervalMs: number;
  /** Span over which the source counts the requests that a value stands for. */
  readonly ratioWindowMs: number;
}

/** Reads of what was, rather than of the newest state. */
export class PastReads {
  readonly #parts: PastParts;
  readonly #closing = new AbortController();

  constructor({ history, metricsSource, topologySource, clock, intervalMs, ratioWindowMs }: PastParts) {
    this.#parts = { history, metricsSource, topologySource, clock, intervalMs, ratioWindowMs };
  }

  events(query: EventsQuery): readonly HistoryEvent[] {
    return this.#parts.history.query(query);
  }

  /** `isWatching`: ticks follow one another at present. */
  healthHistory(query: HealthHistoryQuery, isWatching: boolean): Promise<Uint8Array> {
    return readHealthHistory({ ...this.#parts, isWatching }, query);
  }

  metricRange(metric: string, query: MetricRangeQuery): Promise<Uint8Array> {
    return readMetricRange({ ...this.#parts, signal: this.#closing.signal }, metric, query);
  }

  /** Reads under way reject. */
  close(): void {
    this.#closing.abort(new BridgeError('SHUTTING_DOWN'));
  }
}
