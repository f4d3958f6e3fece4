import type { Clock } from '../clock.ts';
import type { TickNotice } from '../publisher/feed.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import { verdict } from './backpressure.ts';
import { checkup } from './checkup.ts';
import type { Connection, Streaming } from './connection.ts';
import type { Delivery } from './delivery.ts';
import type { ConnectionLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import { isDueAtTick, isDueBetweenTicks } from './schedule.ts';
import { NO_SEQ, type StreamPosition } from './stream-position.ts';

/** Ten thousand connections that came together would otherwise all be pinged in the same moment for ever after. */
const MAX_PINGS_A_BEAT = 512;

export interface RoundsDependencies {
  readonly connections: ReadonlySet<Connection>;
  readonly position: StreamPosition;
  readonly delivery: Delivery;
  readonly outbox: Outbox;
  readonly limits: ConnectionLimits;
  readonly collectIntervalMs: number;
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
}

/** Goes round all connections: at each tick, and each second for what is due between ticks. */
export class Rounds {
  readonly #deps: RoundsDependencies;
  #lastTickMs = 0;

  constructor(deps: RoundsDependencies) {
    this.#deps = deps;
  }

  /** Resolves when the last client was written to. */
  async tick(notice: TickNotice): Promise<void> {
    const { connections, position, delivery, collectIntervalMs, clock, metrics } = this.#deps;
    const nowMs = clock.monotonicMs();
    this.#lastTickMs = nowMs;
    const epochStartSeq = position.advance(notice);
    let queuedBytes = 0;
    for (const connection of connections) {
      queuedBytes += connection.raw.writableLength;
      if (epochStartSeq !== undefined) enterEpoch(connection, epochStartSeq);
      const { state, intervalMs } = connection;
      if (state.kind !== 'streaming') continue;
      const isDue = isDueAtTick({ intervalMs, collectIntervalMs }, nowMs - state.lastServedMs);
      if (isDue) this.#owe(state, nowMs);
      delivery.enqueue(connection);
    }
    metrics.queuedBytes.set(queuedBytes);
    await delivery.flush();
    metrics.fanOutSeconds.observe((clock.monotonicMs() - nowMs) / 1000);
  }

  /** To be called once a second. */
  beat(): void {
    const { connections, clock } = this.#deps;
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    let pings = 0;
    for (const connection of connections) {
      if (connection.state.kind === 'closing') continue;
      if (this.#examine(connection, now, pings < MAX_PINGS_A_BEAT)) pings += 1;
      this.#serveBetweenTicks(connection, now.monotonicMs);
    }
  }

  /** Closes the connection if there is a reason to. Returns whether it was pinged. */
  #examine(connection: Connection, now: { monotonicMs: number; wallMs: number }, mayPing: boolean): boolean {
    const { outbox, limits } = this.#deps;
    outbox.observePressure(connection);
    const { state } = connection;
    const pressure = state.kind === 'streaming' ? verdict(state.pressure, now.monotonicMs, limits) : 'send';
    if (pressure === 'close') outbox.close(connection, 'SLOW_CLIENT');
    const vital = checkup(connection, now, limits);
    if (vital === 'AUTH_EXPIRED') outbox.close(connection, vital);
    // Nothing is read from one that does not keep up, so its silence tells nothing.
    else if (vital === 'IDLE_TIMEOUT' && pressure === 'send') outbox.close(connection, vital);
    else if (vital === 'ping' && mayPing && pressure === 'send' && connection.isOpen) {
      connection.pingedMs = now.monotonicMs;
      connection.socket.ping();
      return true;
    }
    return false;
  }

  #serveBetweenTicks(connection: Connection, nowMs: number): void {
    const { position, delivery, collectIntervalMs } = this.#deps;
    const { state, intervalMs } = connection;
    if (state.kind !== 'streaming') return;
    const cadence = { intervalMs, collectIntervalMs };
    const isDue = isDueBetweenTicks(cadence, nowMs - state.lastServedMs, nowMs - this.#lastTickMs);
    if (isDue && position.hasState) this.#owe(state, nowMs);
    delivery.enqueue(connection);
  }

  #owe(state: Streaming, nowMs: number): void {
    state.isStateOwed = true;
    state.lastServedMs = nowMs;
    if (state.pressure.kind === 'saturated') this.#deps.metrics.statesSkipped.inc();
  }
}

/** Numbers of two epochs do not compare: whoever holds a state holds one of another stream. */
function enterEpoch(connection: Connection, startSeq: number): void {
  const { state, stream } = connection;
  connection.sentSeq = 0;
  if (state.kind === 'awaiting-resume') state.joinSeq = startSeq;
  if (state.kind !== 'streaming') return;
  state.stateSeq = NO_SEQ;
  state.eventSeq = startSeq;
  state.joinSeq = startSeq;
  state.replayAfterSeq = NO_SEQ;
  if (stream === 'extended') state.isStateOwed = true;
  if (state.delivery === 'rendering') state.delivery = 'overtaken';
}
