import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/log.ts';

export type TickOutcome = 'done' | 'failed';

export interface TickContext {
  /** Aborts when the loop is closed. */
  readonly signal: AbortSignal;
  /** First tick after nobody had listened. */
  readonly isResuming: boolean;
}

export interface TickLoopOptions {
  readonly intervalMs: number;
  /** How long ticks go on after the last listener left. */
  readonly graceMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each tick that ended and each that was skipped. */
  readonly count: (outcome: TickOutcome | 'skipped') => void;
  readonly tick: (context: TickContext) => Promise<void>;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly cancel: () => void }
  | { readonly kind: 'ticking'; readonly ended: Promise<TickOutcome> }
  | { readonly kind: 'closed' };

/**
 * Ticks while somebody listens, at once for the first listener and then on the grid of multiples of the interval from
 * there, by the monotonic clock. A tick is scheduled only after the one before has ended, so that two never overlap;
 * grid points that passed meanwhile are skipped and counted.
 */
export class TickLoop {
  readonly #options: TickLoopOptions;
  readonly #closing = new AbortController();
  #state: State = { kind: 'idle' };
  #listeners = 0;
  #cancelGrace: (() => void) | undefined;
  /** The next grid point, monotonic. */
  #dueMs = 0;
  /** Tick that must begin after the one under way, for all who asked for it meanwhile. */
  #following: Promise<TickOutcome> | undefined;

  constructor(options: TickLoopOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#state.kind === 'waiting' || this.#state.kind === 'ticking';
  }

  /** Returns the function that takes the listener away again. */
  listen(): () => void {
    this.#listeners += 1;
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (this.#state.kind === 'idle') this.#resume();
    let isListening = true;
    return () => {
      if (!isListening) return;
      isListening = false;
      this.#listeners -= 1;
      if (this.#listeners === 0) this.#startGrace();
    };
  }

  /** A tick that begins now, or as soon as the one under way has ended. Counts as a listener that leaves at once. */
  async runNow(): Promise<TickOutcome> {
    const wasIdle = this.#state.kind === 'idle';
    this.listen()();
    const state = this.#state;
    switch (state.kind) {
      case 'waiting':
        state.cancel();
        return this.#run(false);
      case 'ticking':
        if (wasIdle) return state.ended;
        this.#following ??= state.ended.then(() => {
          this.#following = undefined;
          return this.runNow();
        });
        return this.#following;
      case 'idle':
      case 'closed':
        return 'failed';
    }
  }

  /** Resolves when no tick is under way any more. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    this.#cancelGrace?.();
    this.#closing.abort();
    if (state.kind === 'waiting') state.cancel();
    if (state.kind === 'ticking') await state.ended;
  }

  get #isWanted(): boolean {
    return this.#listeners > 0 || this.#cancelGrace !== undefined;
  }

  #startGrace(): void {
    if (!this.isRunning) return;
    this.#cancelGrace = this.#options.clock.schedule(this.#options.graceMs, () => {
      this.#cancelGrace = undefined;
      if (this.#state.kind !== 'waiting') return;
      this.#state.cancel();
      this.#state = { kind: 'idle' };
    });
  }

  #resume(): void {
    this.#dueMs = this.#options.clock.monotonicMs() + this.#options.intervalMs;
    void this.#run(true);
  }

  #run(isResuming: boolean): Promise<TickOutcome> {
    // Never within the caller's turn: whoever starts to listen must have the means to stop before it is first told.
    const ended = Promise.resolve()
      .then(() => this.#tick(isResuming))
      .finally(() => this.#afterTick());
    this.#state = { kind: 'ticking', ended };
    return ended;
  }

  async #tick(isResuming: boolean): Promise<TickOutcome> {
    const { count, log, tick } = this.#options;
    const { signal } = this.#closing;
    try {
      await tick({ signal, isResuming });
      count('done');
      return 'done';
    } catch (error) {
      if (signal.aborted) return 'failed';
      count('failed');
      log.error({ event: 'tick.failed', err: error });
      return 'failed';
    }
  }

  #afterTick(): void {
    if (this.#state.kind === 'closed') return;
    if (this.#isWanted) this.#schedule();
    else this.#state = { kind: 'idle' };
  }

  #schedule(): void {
    const { clock } = this.#options;
    this.#skipMissed(clock.monotonicMs());
    const cancel = clock.schedule(this.#dueMs - clock.monotonicMs(), () => {
      this.#skipMissed(clock.monotonicMs() - this.#options.intervalMs);
      this.#dueMs += this.#options.intervalMs;
      void this.#run(false);
    });
    this.#state = { kind: 'waiting', cancel };
  }

  /** Moves on to the first grid point that is not before `nowMs`. */
  #skipMissed(nowMs: number): void {
    while (this.#dueMs < nowMs) {
      this.#dueMs += this.#options.intervalMs;
      this.#options.count('skipped');
    }
  }
}
