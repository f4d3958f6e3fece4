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

export interface RangeRequest {
  readonly topology: Topology;
  /** One of the source's `metrics`. */
  readonly metric: MetricSpec;
  /** Indexes of the resources or dependencies wanted, ascending; undefined: all. */
  readonly entities: readonly number[] | undefined;
  /** Inclusive, epoch milliseconds. */
  readonly fromMs: number;
  /** Inclusive, epoch milliseconds. */
  readonly toMs: number;
  readonly stepMs: number;
  readonly signal: AbortSignal;
}

/** One metric over time. */
export interface MetricRange {
  /** A multiple of the step asked for. */
  readonly stepMs: number;
  /** Multiples of `stepMs` within the range, epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** Those asked for. */
  readonly entities: readonly number[];
  /** One for each time, aligned with `entities`; NaN is unknown. */
  readonly columns: readonly Float64Array[];
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
 *    batches) rather than fail: history is a help, not a condition;
 *  - `range` makes at most one upstream request and rejects when it fails, with the source's coded fault, or when aborted;
 *    its times are at most 1,000, fewer where many entities are wanted or must be read for those that are.
 */
export interface MetricsSource {
  /** prometheus or simulator. */
  readonly kind: string;
  readonly metrics: readonly MetricSpec[];
  collect(request: CollectRequest): Promise<MetricsBatch>;
  backfill(request: BackfillRequest): Promise<readonly MetricsBatch[]>;
  range(request: RangeRequest): Promise<MetricRange>;
  /** State after the newest collect. */
  freshness(): SourceFreshness;
  close(): Promise<void>;
}
