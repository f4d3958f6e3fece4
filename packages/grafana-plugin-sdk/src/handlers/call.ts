import type { Logger } from '../process/logger.ts';

/** One call of the host. */
export interface Call {
  /** Aborted when the host has given up, has gone, or wants the plugin to end. */
  readonly signal: AbortSignal;
  /** Its lines carry what the host told about this call. */
  readonly log: Logger;
}
