import type { Logger } from './logger.ts';
import { watchParent } from './parent.ts';

/** The host gives a plugin two seconds after Shutdown before it kills it. */
const HARD_STOP_MS = 1_500;
/** Calls that are running may end by themselves until then; the rest of the time is for cleaning up. */
const GRACE_MS = 1_000;

export interface End {
  /** Drains and ends the process; the first reason counts. */
  readonly request: (reason: string) => void;
}

export interface EndOptions {
  readonly log: Logger;
  /** Takes no more calls, waits for those that run, and ends them when `graceOver` is aborted. */
  readonly drain: (graceOver: AbortSignal) => Promise<void>;
}

/** Ends the process once: after the drain, or hard when it takes too long. */
export function createEnd({ log, drain }: EndOptions): End {
  let ending = false;
  const request = (reason: string): void => {
    if (ending) return;
    ending = true;
    log.debug('ending', { reason });
    setTimeout(() => {
      log.warn('calls were still running after the time to end', { limitMs: HARD_STOP_MS });
      process.exit(0);
    }, HARD_STOP_MS);
    drain(AbortSignal.timeout(GRACE_MS)).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('the plugin did not end cleanly', { error });
        process.exit(1);
      },
    );
  };
  return { request };
}

/**
 * What ends the process. SIGINT does not: a terminal sends it to the host's whole group, and the host then asks for
 * Shutdown. An error that nobody caught leaves the process in no state to answer.
 */
export function watchForEnd(end: End, log: Logger): void {
  process.on('SIGINT', () => log.debug('SIGINT is left to the host'));
  process.on('SIGTERM', () => end.request('SIGTERM'));
  watchParent(() => end.request('the host has ended'));
  const crash = (error: unknown): void => {
    log.error('uncaught error', { error });
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
