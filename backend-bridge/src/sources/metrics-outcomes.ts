import type { MetricReport, MetricSpec, MetricsBatch } from '@topdeck/protocol';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';

/** What a report has to say beside its outcome. */
function detailOf(report: MetricReport): string | undefined {
  if (report.outcome === 'error') return report.message;
  return report.warnings.length > 0 ? report.warnings.join('; ') : undefined;
}

/**
 * Keeps the self-metrics of how each metric was read, and logs an outcome when it is another than before: a metric that is
 * missing for hours is one line, not one a tick.
 */
export class OutcomeRecorder {
  readonly #log: Log;
  readonly #metrics: PipelineMetrics;
  readonly #outcomes = new Map<string, MetricReport['outcome']>();

  constructor(log: Log, metrics: PipelineMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  record({ columns }: MetricsBatch): void {
    for (const { spec, report } of columns) {
      const labels = { scope: spec.scope, metric: spec.name };
      const readable = report.outcome === 'ok' || report.outcome === 'partial';
      this.#metrics.metricOutcome.set(labels, readable ? 1 : 0);
      if (report.outcome !== 'error') this.#metrics.unmatchedSeries.set(labels, report.seriesUnmatched);
      this.#logChange(spec, report);
    }
  }

  #logChange(spec: MetricSpec, report: MetricReport): void {
    const key = `${spec.scope}.${spec.name}`;
    const before = this.#outcomes.get(key) ?? 'ok';
    if (before === report.outcome) return;
    this.#outcomes.set(key, report.outcome);
    const level = report.outcome === 'ok' ? 'info' : 'warn';
    this.#log[level]({
      event: 'metrics.outcome_changed',
      metric: key,
      outcome: report.outcome,
      before,
      ...(report.outcome === 'error' && { code: report.code }),
      detail: detailOf(report),
    });
  }
}
