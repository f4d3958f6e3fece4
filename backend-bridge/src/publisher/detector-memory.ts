import type { Clock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { DetectorStore } from '../history/history-store.ts';
import type { Log } from '../telemetry/log.ts';

/** What a killed process loses, and the gap that is read again, at most. */
const KEEP_EVERY_MS = 300_000;

export interface DetectorMemoryOptions {
  readonly detectorStore?: DetectorStore | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries what the detectors have learnt from one run of the service to the next. Faults are logged: diagnosis goes on. */
export class DetectorMemory {
  readonly #options: DetectorMemoryOptions;
  #keeping: Promise<void> | undefined;
  #keptMs: number | undefined;

  constructor(options: DetectorMemoryOptions) {
    this.#options = options;
  }

  /** Wall time of the newest batch that the engine now knows; −Infinity where nothing was kept that fits it. */
  async recall(engine: Engine): Promise<number> {
    const { detectorStore, clock, log } = this.#options;
    this.#keptMs = clock.monotonicMs();
    try {
      const kept = await detectorStore?.load();
      if (kept === undefined) return -Infinity;
      const outcome = engine.restore(kept);
      if (outcome.kind === 'ignored') {
        log.warn({ event: 'diagnosis.memory_ignored', reason: outcome.reason });
        return -Infinity;
      }
      log.info({ event: 'diagnosis.memory_recalled', ...outcome });
      return outcome.atMs;
    } catch (error) {
      log.warn({ event: 'diagnosis.memory_unreadable', err: error });
      return -Infinity;
    }
  }

  /** Keeps what was learnt when that was not done for a while. */
  keepNowAndThen(engine: Engine): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#keeping !== undefined || nowMs - (this.#keptMs ?? nowMs) < KEEP_EVERY_MS) return;
    void this.keep(engine);
  }

  /** Resolves when what the engine knows now is kept, or could not be. */
  async keep(engine: Engine): Promise<void> {
    await this.#keeping;
    this.#keeping = this.#write(engine);
    await this.#keeping;
    this.#keeping = undefined;
  }

  async #write(engine: Engine): Promise<void> {
    const { detectorStore, clock, log } = this.#options;
    this.#keptMs = clock.monotonicMs();
    if (detectorStore === undefined) return;
    try {
      const learnt = engine.save();
      if (learnt === undefined) return;
      await detectorStore.save(learnt);
      log.debug({ event: 'diagnosis.memory_kept', bytes: learnt.length });
    } catch (error) {
      log.error({ event: 'diagnosis.memory_not_kept', err: error });
    }
  }
}
