import type { EventMessage, Snapshot } from '@topdeck/protocol';
import type { BridgeFault, BridgeState } from './bridge.ts';
import type { Cursor, Intake } from './stream-cursor.ts';

export interface SessionOptions {
  /** Wait before the first retry, doubled with each until `retryCapMs`. */
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
  /** Failed tries in a row after which the state is read over REST. */
  readonly pollAfterTries: number;
  readonly pollIntervalMs: number;
  readonly pingIntervalMs: number;
  /** For the handshake with the first message, and for a full snapshot asked for. */
  readonly answerTimeoutMs: number;
}

export const RETRY_DEFAULTS = {
  retryBaseMs: 3_000,
  retryCapMs: 30_000,
  pollAfterTries: 5,
  pingIntervalMs: 30_000,
} as const satisfies Partial<SessionOptions>;

/** The socket, by the number of the try that made it: what comes from an earlier one is not listened to. */
export type Link =
  | { readonly kind: 'opening'; readonly socket: number }
  | {
      readonly kind: 'open';
      readonly socket: number;
      readonly intake: Intake;
      /** Whether a message has come. */
      readonly isGreeted: boolean;
      readonly unansweredPings: number;
      readonly resyncs: number;
    }
  | { readonly kind: 'waiting'; readonly nextAttemptAtMs: number }
  | { readonly kind: 'stopped' };

export type OpenLink = Extract<Link, { kind: 'open' }>;

export type Polling =
  { readonly kind: 'off' } | { readonly kind: 'waiting' } | { readonly kind: 'reading'; readonly poll: number };

export interface Session {
  readonly options: SessionOptions;
  readonly bridge: BridgeState;
  readonly link: Link;
  readonly polling: Polling;
  /** Where the last connection left off. What is read over REST meanwhile is no base for deltas and leaves it alone. */
  readonly cursor: Cursor | undefined;
  /** Why the socket was last lost, whatever came of polling. */
  readonly lostBy: BridgeFault | undefined;
  /** Failed tries in a row, and waits before tries in a row; a state from the stream ends both. */
  readonly failedTries: number;
  readonly waits: number;
  readonly hasBeenOpen: boolean;
  /** Sockets and polls are numbered together. */
  readonly lastNumber: number;
}

/** Each runs once from its last `schedule`. */
export type Timer = 'retry' | 'answer' | 'ping' | 'poll';

export type Input =
  | { readonly kind: 'start' }
  | { readonly kind: 'opened'; readonly socket: number }
  | { readonly kind: 'message'; readonly socket: number; readonly text: string }
  /** The socket is gone, or never came to be. */
  | { readonly kind: 'failed'; readonly socket: number; readonly fault: BridgeFault }
  | { readonly kind: 'due'; readonly timer: Timer }
  | { readonly kind: 'polled'; readonly poll: number; readonly snapshot: Snapshot; readonly sentAtMs: number }
  | { readonly kind: 'poll-failed'; readonly poll: number; readonly fault: BridgeFault }
  | { readonly kind: 'stop' };

export type Effect =
  | { readonly kind: 'open'; readonly socket: number }
  | { readonly kind: 'send'; readonly message: object }
  /** At once, without waiting for the other side. */
  | { readonly kind: 'close' }
  | { readonly kind: 'schedule'; readonly timer: Timer; readonly delayMs: number }
  | { readonly kind: 'cancel'; readonly timer: Timer }
  | { readonly kind: 'poll'; readonly poll: number }
  | { readonly kind: 'abort-poll' }
  | { readonly kind: 'event'; readonly event: EventMessage }
  | { readonly kind: 'log'; readonly message: string; readonly fault: BridgeFault };

/** When it is, in epoch milliseconds, and a number from [0, 1) for what is left to chance. */
export interface Moment {
  readonly nowMs: number;
  readonly random: number;
}
