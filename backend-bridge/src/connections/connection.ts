import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { FLOWING, type Pressure } from './backpressure.ts';
import type { ConnectionLimits } from './limits.ts';
import type { ConnectionOwner } from './listeners.ts';
import { NO_SEQ } from './stream-position.ts';
import { createBucket, type TokenBucket } from './token-bucket.ts';
import type { View } from './view-registry.ts';

export type Stream = 'original' | 'extended';

/** Why the bridge closes a connection: an error code, which is also the close reason that the client reads. */
export type CloseReason =
  'SLOW_CLIENT' | 'IDLE_TIMEOUT' | 'MESSAGE_RATE_EXCEEDED' | 'AUTH_EXPIRED' | 'MESSAGE_TOO_LARGE' | 'SHUTTING_DOWN';

/** An extended client that may still send `resume` (EXT-8). It was sent nothing but `connected`. */
export interface AwaitingResume {
  readonly kind: 'awaiting-resume';
  /** Events up to this number were before its time. */
  joinSeq: number;
}

export interface Streaming {
  readonly kind: 'streaming';
  /** Number of the state that the client was sent last, or NO_SEQ when the next one must be full. */
  stateSeq: number;
  /** Every event up to this number is done with: sent, not of the view, or before the client's time. */
  eventSeq: number;
  /** Events up to this number were before the client's time. */
  joinSeq: number;
  /** Set by a late `resume`: the events after this number and up to `joinSeq` are owed too. */
  replayAfterSeq: number;
  /** The next state is due: by the clock, or because the client did something that is answered with it. */
  isStateOwed: boolean;
  /** Whether a fault stands between the client and something it asked for, and must be told. */
  isAnswerAwaited: boolean;
  /** `get_snapshot` messages without an answer. */
  snapshotsOwed: number;
  /** Monotonic time of the last update by the client's own interval. */
  lastServedMs: number;
  /**
   * A connection is in at most one rendering at a time, which is what keeps its messages in order. `overtaken`: what is
   * being rendered is no longer what the client is to get, for its cursor or its view were changed meanwhile.
   */
  delivery: 'idle' | 'queued' | 'rendering' | 'overtaken';
  pressure: Pressure;
}

/** The closing handshake is under way; nothing is sent any more. */
export interface Closing {
  readonly kind: 'closing';
  readonly reason: CloseReason | 'client';
}

export type ConnectionState = AwaitingResume | Streaming | Closing;

/** From this cursor on; nothing is owed yet. */
export const streamingFrom = (cursor: { stateSeq: number; eventSeq: number; joinSeq: number }): Streaming => ({
  kind: 'streaming',
  ...cursor,
  replayAfterSeq: NO_SEQ,
  isStateOwed: false,
  isAnswerAwaited: false,
  snapshotsOwed: 0,
  lastServedMs: 0,
  delivery: 'idle',
  pressure: FLOWING,
});

/**
 * The server's end of a WebSocket. The connection hangs on the socket and listeners find it by `this`, so that ten
 * thousand connections share one set of listener functions.
 */
export class ClientSocket extends WebSocket {
  connection: Connection | undefined;

  /** LIM-4: ws itself closes on an oversized message, with the code but without a reason. */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, code === 1009 && reason === undefined ? 'MESSAGE_TOO_LARGE' : reason);
  }
}

export interface ConnectionInit {
  readonly socket: ClientSocket;
  /** The TCP or TLS socket below, from the upgrade. */
  readonly raw: Duplex;
  readonly stream: Stream;
  /** Whether it is sent the events of incidents. */
  readonly hearsIncidents: boolean;
  readonly intervalMs: number;
  readonly address: string;
  /** Epoch milliseconds; undefined: never. */
  readonly expiresAtMs: number | undefined;
}

export interface ConnectionStart {
  readonly view: View;
  readonly state: ConnectionState;
  readonly nowMs: number;
  readonly limits: Pick<ConnectionLimits, 'messageRate'>;
}

/** Kept small: no timers, no closures, no queue. What a client is to get follows from its cursor. */
export class Connection {
  readonly owner: ConnectionOwner;
  readonly socket: ClientSocket;
  readonly raw: Duplex;
  readonly stream: Stream;
  readonly hearsIncidents: boolean;
  /** Whether permessage-deflate was negotiated. */
  readonly deflate: boolean;
  readonly intervalMs: number;
  readonly address: string;
  readonly expiresAtMs: number | undefined;
  readonly messages: TokenBucket;
  /** Runs at ten times the rate from the first message that was refused. */
  flood: TokenBucket | undefined = undefined;
  view: View;
  state: ConnectionState;
  /** The client's position: number of the last event or state it was sent, 0 before the first. */
  sentSeq = 0;
  lastHeardMs: number;
  pingedMs: number;

  constructor(init: ConnectionInit, owner: ConnectionOwner, start: ConnectionStart) {
    this.owner = owner;
    this.socket = init.socket;
    this.raw = init.raw;
    this.stream = init.stream;
    this.hearsIncidents = init.hearsIncidents;
    this.deflate = init.socket.extensions !== '';
    this.intervalMs = init.intervalMs;
    this.address = init.address;
    this.expiresAtMs = init.expiresAtMs;
    this.messages = createBucket(start.limits.messageRate, start.nowMs);
    this.view = start.view;
    this.state = start.state;
    this.lastHeardMs = start.nowMs;
    this.pingedMs = start.nowMs;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN && this.raw.writable;
  }
}
