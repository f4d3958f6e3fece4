import type { Clock } from '../clock.ts';
import type { Feed, TickNotice } from '../publisher/feed.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import { Admission, type Refusal } from './admission.ts';
import { ClientMessages } from './client-messages.ts';
import { Connection, streamingFrom, type ConnectionInit, type ConnectionState } from './connection.ts';
import { Delivery } from './delivery.ts';
import { FeedAttachment } from './feed-attachment.ts';
import type { ConnectionLimits } from './limits.ts';
import { attachListeners, type ConnectionOwner } from './listeners.ts';
import { Outbox } from './outbox.ts';
import { Renderer } from './rendering.ts';
import { ResumeWait } from './resume-wait.ts';
import { Rounds } from './rounds.ts';
import { NO_SEQ, StreamPosition } from './stream-position.ts';
import { TurnBudget } from './turn-budget.ts';
import { ViewRegistry } from './view-registry.ts';

const BEAT_MS = 1000;
const CLOSE_GRACE_MS = 2000;

export interface ConnectionManagerDependencies {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ServerMetrics;
  readonly limits: ConnectionLimits;
  readonly collectIntervalMs: number;
}

/** All open connections, from the end of the handshake to the end of the socket. */
export class ConnectionManager implements ConnectionOwner {
  readonly #admission: Admission;
  readonly #deps: ConnectionManagerDependencies;
  readonly #connections = new Set<Connection>();
  readonly #position = new StreamPosition();
  readonly #views = new ViewRegistry();
  readonly #budget = new TurnBudget();
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #messages: ClientMessages;
  readonly #resumeWait: ResumeWait;
  readonly #rounds: Rounds;
  readonly #attachment: FeedAttachment;
  #cancelBeat: (() => void) | undefined;
  #arriving = 0;
  #isClosing = false;
  #onEmpty: (() => void) | undefined;

  constructor(deps: ConnectionManagerDependencies) {
    this.#deps = deps;
    this.#admission = new Admission(deps.limits);
    const parts = { ...deps, position: this.#position, views: this.#views, budget: this.#budget };
    const outbox = new Outbox({ ...parts, onDrained: (connection) => this.#catchUp(connection) });
    const delivery = new Delivery({ ...parts, outbox, renderer: new Renderer(deps.feed, this.#position) });
    const messages = new ClientMessages({ ...parts, outbox, delivery });
    this.#outbox = outbox;
    this.#delivery = delivery;
    this.#messages = messages;
    this.#resumeWait = new ResumeWait(deps.clock, (connection) => messages.stopAwaitingResume(connection));
    this.#rounds = new Rounds({ ...parts, outbox, delivery, connections: this.#connections });
    this.#attachment = new FeedAttachment({ ...parts, onTick: (notice) => this.#tick(notice) });
  }

  /** CONN-8. */
  connectionCount(): number {
    return this.#connections.size;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** LIM-3, to be charged for every attempt, whatever becomes of it. */
  chargeAttempt(address: string): Refusal | undefined {
    this.#startBeat();
    return this.#admission.chargeAttempt(address, this.#deps.clock.monotonicMs());
  }

  /** LIM-1 and LIM-2, as of now. */
  refusal(address: string): Refusal | undefined {
    return this.#admission.refusal(address);
  }

  /** Wakes the feed, learns where it stands and then runs `enter`, which may `accept`. */
  async welcome(enter: () => void): Promise<void> {
    this.#arriving += 1;
    try {
      await this.#attachment.ready();
      enter();
    } finally {
      this.#arriving -= 1;
      this.#detachIfUnused();
    }
  }

  /** Takes over a connection whose handshake is done. To be called within `welcome`. */
  accept(init: ConnectionInit): void {
    const { clock, limits, metrics, collectIntervalMs } = this.#deps;
    const nowMs = clock.monotonicMs();
    const start = { view: this.#views.all, state: this.#initialState(init, nowMs), nowMs, limits };
    const connection = new Connection(init, this, start);
    this.#connections.add(connection);
    this.#admission.enter(init.address);
    metrics.clients.inc({ stream: init.stream });
    attachListeners(connection);
    this.#outbox.send(connection, 'connected', {
      message: 'Connected to live diagnostics',
      update_interval: init.intervalMs / 1000,
      collect_interval: collectIntervalMs / 1000,
    });
    if (init.stream === 'extended') this.#resumeWait.add(connection);
    else this.#delivery.enqueue(connection);
  }

  receive(connection: Connection, data: Buffer, isBinary: boolean): void {
    this.#messages.receive(connection, data, isBinary);
  }

  heard(connection: Connection): void {
    connection.lastHeardMs = this.#deps.clock.monotonicMs();
  }

  violated(connection: Connection, error: Error & { readonly code?: string }): void {
    this.#deps.log.debug({ event: 'connections.violation', err: error });
    const isTooLarge = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    this.#settle(connection, { kind: 'closing', reason: isTooLarge ? 'MESSAGE_TOO_LARGE' : 'client' });
  }

  closed(connection: Connection): void {
    this.#settle(connection, { kind: 'closing', reason: 'client' });
    if (!this.#connections.delete(connection)) return;
    this.#admission.leave(connection.address);
    this.#views.release(connection.view);
    const { metrics } = this.#deps;
    metrics.clients.dec({ stream: connection.stream });
    if (connection.state.kind === 'closing') metrics.connectionsClosed.inc({ reason: connection.state.reason });
    this.#detachIfUnused();
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Closes all connections with 1001 and, after `graceMs`, ends those that have not closed. Accepts no more. */
  async close(graceMs = CLOSE_GRACE_MS): Promise<void> {
    this.#isClosing = true;
    this.#cancelBeat?.();
    this.#resumeWait.stop();
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    for (const connection of this.#connections) {
      this.#outbox.close(connection, 'SHUTTING_DOWN');
      this.#budget.spend(0);
      while (this.#budget.isSpent) await this.#budget.nextTurn();
    }
    if (this.#connections.size > 0) {
      const cancel = this.#deps.clock.schedule(graceMs, () => {
        for (const connection of this.#connections) connection.socket.terminate();
      });
      await empty;
      cancel();
    }
    this.#attachment.detach();
  }

  #detachIfUnused(): void {
    if (this.#connections.size === 0 && this.#arriving === 0) this.#attachment.detach();
  }

  #initialState(init: ConnectionInit, nowMs: number): ConnectionState {
    const joinSeq = this.#position.seq;
    if (init.stream === 'extended') return { kind: 'awaiting-resume', joinSeq };
    const state = streamingFrom({ stateSeq: NO_SEQ, eventSeq: joinSeq, joinSeq });
    state.isStateOwed = true;
    state.lastServedMs = nowMs;
    return state;
  }

  /** The first reason to close is the one that counts. */
  #settle(connection: Connection, closing: Extract<ConnectionState, { kind: 'closing' }>): void {
    if (connection.state.kind !== 'closing') connection.state = closing;
  }

  /** LIM-8: an original client cannot tell a late event from a new one, so it goes on with the newest state alone. */
  #catchUp(connection: Connection): void {
    const { state, stream } = connection;
    if (state.kind === 'streaming' && stream === 'original') state.eventSeq = this.#position.seq;
    this.#delivery.enqueue(connection);
  }

  #tick(notice: TickNotice): void {
    this.#rounds
      .tick(notice)
      .catch((error: unknown) => this.#deps.log.error({ event: 'connections.tick_failed', err: error }));
  }

  #startBeat(): void {
    if (this.#cancelBeat !== undefined || this.#isClosing) return;
    const { clock } = this.#deps;
    this.#cancelBeat = clock.schedule(BEAT_MS, () => {
      this.#cancelBeat = undefined;
      this.#admission.sweep(clock.monotonicMs());
      this.#rounds.beat();
      if (this.#connections.size > 0 || this.#admission.size > 0) this.#startBeat();
    });
  }
}
