import { CLOSE_CODES, type ServerMessageType } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError, type ErrorCode } from '../errors.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import { nextPressure } from './backpressure.ts';
import type { CloseReason, Connection } from './connection.ts';
import { encodeFrames } from './frame.ts';
import type { ConnectionLimits } from './limits.ts';
import type { StreamPosition } from './stream-position.ts';

const WEBSOCKET_CODES: Record<CloseReason, number> = {
  ...CLOSE_CODES,
  MESSAGE_TOO_LARGE: 1009,
  SHUTTING_DOWN: 1001,
};

export interface OutboxDependencies {
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
  readonly limits: ConnectionLimits;
  readonly position: StreamPosition;
  /** Called when a client that did not keep up has read all there was. */
  readonly onDrained: (connection: Connection) => void;
}

/**
 * Everything that is written to a client.
 *
 * Invariant: data frames are written whole to the raw socket, and none ever goes through ws. ws writes only control
 * frames there, each whole and at once, for it never compresses or fragments a message of its own that a control frame
 * would have to wait for. So frames cannot interleave, and one buffer serves all who are sent the same.
 */
export class Outbox {
  readonly #deps: OutboxDependencies;
  readonly #encoder = new TextEncoder();

  constructor(deps: OutboxDependencies) {
    this.#deps = deps;
  }

  /** Sends frames that others may be sent too. Returns false when the connection is not open. */
  write(connection: Connection, frames: Buffer): boolean {
    if (!connection.isOpen) return false;
    connection.raw.write(frames);
    if (connection.raw.writableLength > this.#deps.limits.maxQueueBytes) this.observePressure(connection);
    return true;
  }

  /** Sends a message of its own to one client; EXT-1: in the extended stream it repeats the client's position. */
  send(connection: Connection, type: ServerMessageType, fields: Record<string, unknown> = {}): void {
    const { clock, metrics, position } = this.#deps;
    const timestamp = new Date(clock.nowMs()).toISOString();
    const place = connection.stream === 'extended' ? { epoch: position.epoch, seq: connection.sentSeq } : undefined;
    const payload = this.#encoder.encode(JSON.stringify({ type, timestamp, ...place, ...fields }));
    const frame = encodeFrames([{ payload, deflated: false }]);
    if (!this.write(connection, frame)) return;
    metrics.messagesSent.inc({ type });
    metrics.bytesSent.inc(frame.length);
  }

  /** The message is the catalogue's; `detail` must be safe to show to the client. */
  sendError(connection: Connection, code: ErrorCode, detail?: string): void {
    this.send(connection, 'error', { message: new BridgeError(code, { detail }).message, code });
  }

  /** Starts the closing handshake; what is queued still goes out before it. */
  close(connection: Connection, reason: CloseReason): void {
    if (connection.state.kind === 'closing') return;
    connection.state = { kind: 'closing', reason };
    // The client's half of the handshake has to be read.
    connection.socket.resume();
    connection.socket.close(WEBSOCKET_CODES[reason], reason);
  }

  /**
   * Looks how the client keeps up. While it does not read, nothing is read from it either: its requests would only add
   * to what it does not read. TCP tells it so.
   */
  observePressure(connection: Connection): void {
    const { state, raw, socket } = connection;
    if (state.kind !== 'streaming') return;
    const { clock, limits } = this.#deps;
    const at = { nowMs: clock.monotonicMs(), maxQueueBytes: limits.maxQueueBytes };
    const pressure = nextPressure(state.pressure, raw.writableLength, at);
    if (pressure.kind === state.pressure.kind) return;
    state.pressure = pressure;
    if (pressure.kind === 'saturated') {
      socket.pause();
      raw.once('drain', () => this.observePressure(connection));
    } else {
      socket.resume();
      this.#deps.onDrained(connection);
    }
  }
}
