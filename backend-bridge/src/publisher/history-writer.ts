import type { DiagnosticsEvent } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';

export interface HistoryWriterOptions {
  readonly history: HistoryStore;
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PipelineMetrics;
}

const PRUNE_EVERY_MS = 3_600_000;
/** Events kept for the next attempt while the store refuses them; the oldest go first. */
const MAX_UNWRITTEN = 10_000;

/** Writes each tick's events in one batch. A store that fails is logged and tried again with the next batch; nobody waits. */
export class HistoryWriter {
  readonly #options: HistoryWriterOptions;
  #unwritten: readonly DiagnosticsEvent[] = [];
  #isFailing = false;
  #prunedMs: number | undefined;

  constructor(options: HistoryWriterOptions) {
    this.#options = options;
  }

  write(events: readonly DiagnosticsEvent[]): void {
    const batch = [...this.#unwritten, ...events];
    if (batch.length > 0) this.#append(batch);
    this.#pruneIfDue();
  }

  #append(batch: readonly DiagnosticsEvent[]): void {
    const { history, log, metrics } = this.#options;
    try {
      history.append(batch);
      metrics.historyWrites.inc({ outcome: 'ok' });
      if (this.#isFailing) log.info({ event: 'history.recovered', events: batch.length });
      this.#isFailing = false;
      this.#unwritten = [];
    } catch (error) {
      metrics.historyWrites.inc({ outcome: 'failed' });
      this.#unwritten = batch.slice(-MAX_UNWRITTEN);
      const lost = batch.length - this.#unwritten.length;
      log[this.#isFailing && lost === 0 ? 'debug' : 'warn']({
        event: 'history.write_failed',
        err: error,
        waiting: this.#unwritten.length,
        lost,
      });
      this.#isFailing = true;
    }
  }

  #pruneIfDue(): void {
    const { history, clock, log, retentionMs } = this.#options;
    const nowMs = clock.monotonicMs();
    if (this.#prunedMs !== undefined && nowMs - this.#prunedMs < PRUNE_EVERY_MS) return;
    this.#prunedMs = nowMs;
    try {
      const events = history.prune(clock.nowMs() - retentionMs);
      if (events > 0) log.info({ event: 'history.pruned', events });
    } catch (error) {
      log.warn({ event: 'history.prune_failed', err: error });
    }
  }
}
