import type { MetricColumn, MetricsBatch, Topology } from '@topdeck/protocol';

/** Times of a range query: startMs, startMs + stepMs, … in all `steps` of them. */
export interface BackfillPlan {
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
}

/** Prometheus refuses a query with more points a series. */
const MAX_STEPS = 11_000;
/** Values in all metrics together: a few seconds of work for both sides and about 24 MB here. */
export const MAX_BACKFILL_VALUES = 3_000_000;

export interface BackfillRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Values of all metrics at one time. */
  readonly valuesPerStep: number;
}

/**
 * The times to ask for: the newest is `toMs`, and where there would be too many, the step grows to the next multiple
 * that fits. Undefined when there is nothing to ask for.
 */
export function planBackfill({ fromMs, toMs, stepMs, valuesPerStep }: BackfillRange): BackfillPlan | undefined {
  if (!(toMs >= fromMs && stepMs > 0 && valuesPerStep > 0)) return undefined;
  const limit = Math.min(MAX_STEPS, Math.floor(MAX_BACKFILL_VALUES / valuesPerStep));
  if (limit < 1) return undefined;
  const wanted = Math.floor((toMs - fromMs) / stepMs) + 1;
  const widened = stepMs * Math.ceil(wanted / limit);
  const steps = Math.floor((toMs - fromMs) / widened) + 1;
  return { startMs: toMs - (steps - 1) * widened, stepMs: widened, steps };
}

/** What one range query gave: a column for each step. */
export type ColumnSeries = (step: number) => MetricColumn;

/** One batch for each time at which anything is known; before a Prometheus's first scrape nothing is. */
export function buildBatches(plan: BackfillPlan, topology: Topology, series: readonly ColumnSeries[]): MetricsBatch[] {
  const batches: MetricsBatch[] = [];
  for (let step = 0; step < plan.steps; step += 1) {
    const columns = series.map((column) => column(step));
    const known = columns.some(({ report }) => report.outcome === 'ok' || report.outcome === 'partial');
    if (known) batches.push({ atMs: plan.startMs + step * plan.stepMs, topologyVersion: topology.version, columns });
  }
  return batches;
}
