import type { MetricSpec, MetricsBatch, SourceFreshness, Topology } from '@topdeck/protocol';

export interface CollectRequest {
  readonly topology: Topology;
  /** Evaluation time of every value, epoch milliseconds. */
  readonly atMs: number;
  readonly signal: AbortSignal;
}

export interface BackfillRequest {
  readonly topology: Topology;
  /** Inclusive, epoch milliseconds. */
  readonly fromMs: number;
  /** Inclusive, epoch milliseconds. */
  readonly toMs: number;
  readonly stepMs: number;
  readonly signal: AbortSignal;
}

/**
 * Port. Reads every metric of its preset for all services and edges at once.
 *
 * Contract, checked for each adapter by test/sources/metrics-source.contract.ts:
 *  - a batch has one column per metric of `metrics`, in that order, aligned with the request's topology;
 *  - `collect` rejects only when aborted: a metric that could not be read has report `error` or `missing` and all NaN;
 *  - values are finite or NaN, never ±Infinity; NaN means unknown;
 *  - the number of upstream requests does not depend on the number of services;
 *  - `backfill` yields batches in ascending time, at most one upstream request per metric, and stops early (fewer or no
 *    batches) rather than fail: history is a help, not a condition.
 */
export interface MetricsSource {
  /** prometheus or simulator. */
  readonly kind: string;
  readonly metrics: readonly MetricSpec[];
  collect(request: CollectRequest): Promise<MetricsBatch>;
  backfill(request: BackfillRequest): Promise<readonly MetricsBatch[]>;
  /** State after the newest collect. */
  freshness(): SourceFreshness;
  close(): Promise<void>;
}
