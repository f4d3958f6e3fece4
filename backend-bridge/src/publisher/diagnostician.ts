import type { MetricsBatch, Topology } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Diagnosis } from '../engine/diagnosis.ts';
import type { Engine } from '../engine/engine.ts';
import type { DetectorStore } from '../history/history-store.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';
import type { Log } from '../telemetry/log.ts';
import { DetectorMemory } from './detector-memory.ts';
import { learnPast, type PastSpan } from './learn-past.ts';
import { statusChanges } from './status-changes.ts';

export interface DiagnosticianOptions {
  readonly createEngine: () => Engine;
  readonly source: MetricsSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs: number;
  /** How far back detectors are warmed; 0: not at all. */
  readonly backfillMs: number;
  /** How far back day and week are learnt; absent: not at all. */
  readonly seasonMs?: number;
  /** Where what was learnt outlives a restart; undefined: nowhere. */
  readonly detectorStore?: DetectorStore | undefined;
}

/** The same moment by both clocks. */
interface Moment {
  readonly atMs: number;
  readonly monotonicMs: number;
}

interface Observed {
  readonly topology: Topology;
  readonly batch: MetricsBatch;
  readonly monotonicMs: number;
  readonly diagnosis: Diagnosis;
}

type State =
  | { readonly kind: 'new' }
  /** The engine learns the past while a stopgap that knows nothing of it diagnoses the present. */
  | { readonly kind: 'learning'; readonly stopgap: Engine; readonly observed: Observed[] }
  | {
      readonly kind: 'ready';
      readonly engine: Engine;
      newest: Moment | undefined;
      /** The newest diagnosis of the stopgap, until the engine has made one. */
      preliminary: Diagnosis | undefined;
    };

/** No tick waits longer for the past. */
const MAX_WAIT_MS = 3_000;
const MIN_SEASON_MS = 86_400_000;
/** The past that has not been learnt by then is done without. */
const MAX_LEARNING_MS = 30_000;

/**
 * Diagnoses with an engine that knows the past.
 *
 * At the first topology the past is read and learnt: days and weeks in long strides, then the newest part step by step. A tick waits MAX_WAIT_MS for that; if it takes longer, the states
 * until it is done are preliminary: health and traffic by what the present alone tells, but no anomalies, whose lives
 * begin with the engine that takes over. After MAX_LEARNING_MS it takes over with what it has learnt by then.
 *
 * What an earlier run of the service learnt is taken up first; then only the time since is read.
 *
 * After a pause, the gap is learnt if that takes no longer than MAX_WAIT_MS; what is not learnt by then never is, since
 * an engine's time only goes forward.
 */
export class Diagnostician {
  readonly #options: DiagnosticianOptions;
  readonly #closing = new AbortController();
  readonly #memory: DetectorMemory;
  #state: State = { kind: 'new' };

  constructor(options: DiagnosticianOptions) {
    this.#options = options;
    this.#memory = new DetectorMemory(options);
  }

  /** To be awaited before the collection of a tick. */
  async prepare(topology: Topology, isResuming: boolean): Promise<void> {
    const state = this.#state;
    if (state.kind === 'new') await this.#begin(topology);
    else if (state.kind === 'ready' && isResuming) await this.#fillGap(state, topology);
  }

  diagnose(topology: Topology, batch: MetricsBatch): Diagnosis {
    const state = this.#state;
    const monotonicMs = this.#options.clock.monotonicMs();
    switch (state.kind) {
      case 'new':
        throw new Error('diagnose before prepare');
      case 'learning': {
        const diagnosis = preliminary(state.stopgap, topology, batch);
        state.observed.push({ topology, batch, monotonicMs, diagnosis });
        return diagnosis;
      }
      case 'ready': {
        const before = state.preliminary;
        state.newest = { atMs: batch.atMs, monotonicMs };
        state.preliminary = undefined;
        state.engine.setTopology(topology);
        const diagnosis = state.engine.diagnose(batch);
        this.#memory.keepNowAndThen(state.engine);
        if (before === undefined) return diagnosis;
        return { ...diagnosis, events: [...diagnosis.events, ...statusChanges(before, diagnosis)] };
      }
    }
  }

  /** Stops learning; what was learnt is kept. Resolves once it is. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#state.kind === 'ready') await this.#memory.keep(this.#state.engine);
  }

  async #begin(topology: Topology): Promise<void> {
    const { createEngine, backfillMs, seasonMs = 0, clock, intervalMs } = this.#options;
    const engine = createEngine();
    engine.setTopology(topology);
    const learntUntilMs = await this.#memory.recall(engine);
    if (backfillMs === 0) {
      this.#state = { kind: 'ready', engine, newest: undefined, preliminary: undefined };
      return;
    }
    const observed: Observed[] = [];
    this.#state = { kind: 'learning', stopgap: createEngine(), observed };
    const toMs = clock.nowMs() - intervalMs;
    const fromMs = Math.max(toMs - backfillMs, learntUntilMs) + intervalMs;
    const season = {
      topology,
      fromMs: Math.max(toMs - seasonMs, learntUntilMs + intervalMs),
      toMs: fromMs - intervalMs,
    };
    const begun: Moment = { atMs: toMs, monotonicMs: clock.monotonicMs() - intervalMs };
    const taken = this.#learnSeason(engine, season)
      .then(() => this.#learn(engine, { topology, fromMs, toMs }, MAX_LEARNING_MS))
      .then(() => this.#takeOver(engine, observed, begun));
    await this.#orTimeout(taken, MAX_WAIT_MS);
  }

  /** The engine catches up with what was diagnosed without it. */
  #takeOver(engine: Engine, observed: readonly Observed[], begun: Moment): void {
    let newest = begun;
    for (const { topology, batch, monotonicMs } of observed) {
      engine.setTopology(topology);
      engine.learn(batch);
      newest = { atMs: batch.atMs, monotonicMs };
    }
    this.#state = { kind: 'ready', engine, newest, preliminary: observed.at(-1)?.diagnosis };
  }

  async #fillGap({ engine, newest }: Extract<State, { kind: 'ready' }>, topology: Topology): Promise<void> {
    const { clock, intervalMs, backfillMs } = this.#options;
    if (newest === undefined || backfillMs === 0) return;
    const gapMs = clock.monotonicMs() - newest.monotonicMs;
    if (gapMs <= 2 * intervalMs) return;
    const toMs = clock.nowMs() - intervalMs;
    const fromMs = Math.max(newest.atMs + intervalMs, toMs - Math.min(gapMs, backfillMs) + intervalMs);
    engine.setTopology(topology);
    await this.#learn(engine, { topology, fromMs, toMs }, MAX_WAIT_MS);
  }

  /** What is read in long strides tells of hours and days alone; a past shorter than a day tells of none. */
  async #learnSeason(engine: Engine, span: Omit<PastSpan, 'stepMs'>): Promise<void> {
    if (span.toMs - span.fromMs > MIN_SEASON_MS) await this.#learn(engine, span, MAX_LEARNING_MS);
  }

  /** Learns until done or out of time; whatever goes wrong with the past does not concern the present. */
  async #learn(engine: Engine, span: Omit<PastSpan, 'stepMs'>, timeoutMs: number): Promise<void> {
    const { source, clock, log, intervalMs } = this.#options;
    const timeUp = new AbortController();
    const cancel = clock.schedule(timeoutMs, () => timeUp.abort());
    const signal = AbortSignal.any([timeUp.signal, this.#closing.signal]);
    const startMs = clock.monotonicMs();
    try {
      const learnt = await learnPast({ engine, source, clock, signal }, { ...span, stepMs: intervalMs });
      const tookMs = Math.round(clock.monotonicMs() - startMs);
      log.info({ event: 'diagnosis.past_learnt', ...learnt, tookMs, timedOut: timeUp.signal.aborted });
    } catch (error) {
      if (!this.#closing.signal.aborted) log.warn({ event: 'diagnosis.past_failed', err: error });
    } finally {
      cancel();
    }
  }

  #orTimeout(work: Promise<void>, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.schedule(timeoutMs, resolve);
      work.finally(cancel).then(resolve, reject);
    });
  }
}

function preliminary(stopgap: Engine, topology: Topology, batch: MetricsBatch): Diagnosis {
  stopgap.setTopology(topology);
  const diagnosis = stopgap.diagnose(batch);
  const events = diagnosis.events.filter(({ type }) => type === 'health_change');
  return { ...diagnosis, anomalies: [], events, warmingUp: true };
}
