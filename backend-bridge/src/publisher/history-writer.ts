import type { StreamEvent } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Diagnosis } from '../engine/diagnosis.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import { HealthSampler } from './health-sampler.ts';

export interface HistoryWriterOptions {
  readonly history: HistoryStore;
  readonly retentionMs: number;
  /** Between ticks. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PipelineMetrics;
}

const PRUNE_EVERY_MS = 3_600_000;
/** All of it at once would hold up the thread for a second where there are thousands of services. */
const PRUNE_HEALTH_EVERY_MS = 60_000;
const HEALTH_PARTS = 60;
/** Events kept for the next attempt while the store refuses them; the oldest go first. */
const MAX_UNWRITTEN = 10_000;

const LEAST_PAUSE_MS = 10_000;

/** How late a tick may be before the time without one counts as not watched: two intervals, or the usual upstream timeout. */
export const pauseMs = (intervalMs: number): number => Math.max(2 * intervalMs, LEAST_PAUSE_MS);

/**
 * Writes each tick's events and changes of health in one batch, which also tells that the bridge was alive. A store that
 * fails is logged and tried again with the next batch; nobody waits.
 */
export class HistoryWriter {
  readonly #options: HistoryWriterOptions;
  #unwritten: readonly StreamEvent[] = [];
  #sampler: HealthSampler | undefined;
  #isFailing = false;
  #isContinuing = false;
  #prunedMs: number | undefined;
  #prunedHealthMs: number | undefined;
  #healthPart = 0;

  constructor(options: HistoryWriterOptions) {
    this.#options = options;
  }

  /** Whether the next tick, unless it is late, goes on from the newest that was written. */
  get isContinuing(): boolean {
    return this.#isContinuing;
  }

  /** `isResuming`: nobody looked since the tick before, however short that was. */
  write(
    diagnosis: Pick<Diagnosis, 'atMs' | 'topology' | 'services'> & { readonly events: readonly StreamEvent[] },
    isResuming = false,
  ): void {
    if (isResuming) this.#isContinuing = false;
    const batch = [...this.#unwritten, ...diagnosis.events];
    const { log, metrics } = this.#options;
    try {
      this.#append(batch, diagnosis);
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
    this.#pruneIfDue();
  }

  #append(batch: readonly StreamEvent[], diagnosis: Parameters<HealthSampler['changes']>[0]): void {
    const { history, intervalMs } = this.#options;
    this.#sampler ??= new HealthSampler(history.newestHealth());
    const changes = this.#sampler.changes(diagnosis);
    // What another run of the process left, or the time before a sleep, goes on only if there was no gap at all.
    const pause = this.#isContinuing ? pauseMs(intervalMs) : 0;
    history.append(batch, { atMs: diagnosis.atMs, holdMs: intervalMs, pauseMs: pause, changes });
    this.#sampler.confirm();
    this.#isContinuing = true;
  }

  #pruneIfDue(): void {
    const { history, clock, log, retentionMs } = this.#options;
    const [nowMs, beforeMs] = [clock.monotonicMs(), clock.nowMs() - retentionMs];
    const isDue = (lastMs: number | undefined, everyMs: number): boolean =>
      lastMs === undefined || nowMs - lastMs >= everyMs;
    try {
      if (isDue(this.#prunedHealthMs, PRUNE_HEALTH_EVERY_MS)) {
        this.#prunedHealthMs = nowMs;
        history.pruneHealth(beforeMs, { index: this.#healthPart, of: HEALTH_PARTS });
        this.#healthPart = (this.#healthPart + 1) % HEALTH_PARTS;
      }
      if (!isDue(this.#prunedMs, PRUNE_EVERY_MS)) return;
      this.#prunedMs = nowMs;
      const events = history.prune(beforeMs);
      if (events > 0) log.info({ event: 'history.pruned', events });
    } catch (error) {
      log.warn({ event: 'history.prune_failed', err: error });
    }
  }
}
