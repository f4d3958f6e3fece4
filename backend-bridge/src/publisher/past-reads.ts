import type {
  ComparisonQuery,
  EventsQuery,
  HealthHistoryQuery,
  HistoryEvent,
  MetricRangeQuery,
} from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import { AnswerCache } from './answer-cache.ts';
import { readComparison } from './comparison.ts';
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

/** A comparison is about an hour at least, and takes up to twelve requests. */
const COMPARISON_MAX_AGE_MS = 15_000;

/** Reads of what was, rather than of the newest state. */
export class PastReads {
  readonly #parts: PastParts;
  readonly #closing = new AbortController();
  readonly #comparisons: AnswerCache;

  constructor({ history, metricsSource, topologySource, clock, intervalMs, ratioWindowMs }: PastParts) {
    this.#parts = { history, metricsSource, topologySource, clock, intervalMs, ratioWindowMs };
    this.#comparisons = new AnswerCache(clock, COMPARISON_MAX_AGE_MS);
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

  comparison(resourceId: string, query: ComparisonQuery): Promise<Uint8Array> {
    const key = JSON.stringify([resourceId, query.at, query.window_s, query.metric]);
    const read = (): Promise<Uint8Array> =>
      readComparison({ ...this.#parts, signal: this.#closing.signal }, resourceId, query);
    return this.#comparisons.get(key, read);
  }

  /** Reads under way reject. */
  close(): void {
    this.#closing.abort(new BridgeError('SHUTTING_DOWN'));
  }
}
