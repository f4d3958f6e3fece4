import { parseClientMessage } from '@topdeck/protocol/validate';
import type { ClientMessage, ClientMessageType } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import { streamingFrom, type Connection, type Streaming } from './connection.ts';
import type { Delivery } from './delivery.ts';
import type { ConnectionLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import { NO_SEQ, type StreamPosition } from './stream-position.ts';
import { createBucket, takeToken } from './token-bucket.ts';
import { choiceOf, type ViewChoice, type ViewRegistry } from './view-registry.ts';

/** LIM-5: a client above the rate by this factor is not mistaken but hostile or broken. */
const FLOOD_FACTOR = 10;

type Message<T extends ClientMessageType> = Extract<ClientMessage, { type: T }>;
type Refusal = Extract<ErrorCode, 'TOO_MANY_SUBSCRIPTIONS' | 'RESUME_NEEDS_DELTA'>;

export interface MessageDependencies {
  readonly outbox: Outbox;
  readonly delivery: Delivery;
  readonly position: StreamPosition;
  readonly views: ViewRegistry;
  readonly limits: ConnectionLimits;
  readonly clock: Clock;
  readonly metrics: ServerMetrics;
  readonly log: Log;
}

const PARSE_CODES = {
  'invalid-json': 'INVALID_JSON',
  'unknown-type': 'UNKNOWN_MESSAGE_TYPE',
  invalid: 'INVALID_MESSAGE',
} as const;

/**
 * Carries out what clients ask. Nothing here waits: each message is finished, and answered if the answer is at hand,
 * before the next one is looked at, which is what makes pong the next message after ping (MSG-1).
 */
export class ClientMessages {
  readonly #deps: MessageDependencies;
  readonly #handlers: {
    readonly [T in ClientMessageType]: (connection: Connection, message: Message<T>) => Refusal | undefined;
  };

  constructor(deps: MessageDependencies) {
    this.#deps = deps;
    this.#handlers = {
      ping: (connection) => {
        deps.outbox.send(connection, 'pong');
        return undefined;
      },
      get_snapshot: (connection) => {
        if (connection.state.kind === 'streaming') connection.state.snapshotsOwed += 1;
        return undefined;
      },
      subscribe: (connection, message) => this.#subscribe(connection, message),
      unsubscribe: (connection, message) => this.#unsubscribe(connection, message),
      resume: (connection, message) => this.#resume(connection, message),
    };
  }

  /** Takes one message as it came off the wire. Answers whatever is wrong with it; never throws. */
  receive(connection: Connection, data: Buffer, isBinary: boolean): void {
    const { clock, metrics, outbox, log } = this.#deps;
    if (connection.state.kind === 'closing') return;
    const nowMs = clock.monotonicMs();
    connection.lastHeardMs = nowMs;
    try {
      const outcome = this.#chargeRate(connection, nowMs) ?? this.#carryOut(connection, data, isBinary);
      metrics.messagesReceived.inc({ type: outcome });
    } catch (error) {
      log.error({ event: 'connections.message_failed', err: error });
      metrics.messagesReceived.inc({ type: 'INTERNAL' });
      outbox.sendError(connection, 'INTERNAL');
    }
  }

  /** LIM-5. Returns the code of the refusal, if any. */
  #chargeRate(connection: Connection, nowMs: number): ErrorCode | undefined {
    const rate = this.#deps.limits.messageRate;
    const isWithin = takeToken(connection.messages, rate, nowMs);
    if (isWithin) return undefined;
    const floodRate = rate * FLOOD_FACTOR;
    connection.flood ??= createBucket(floodRate, nowMs);
    if (takeToken(connection.flood, floodRate, nowMs)) {
      this.#deps.outbox.sendError(connection, 'MESSAGE_RATE_EXCEEDED');
    } else {
      this.#deps.outbox.close(connection, 'MESSAGE_RATE_EXCEEDED');
    }
    return 'MESSAGE_RATE_EXCEEDED';
  }

  #carryOut(connection: Connection, data: Buffer, isBinary: boolean): ClientMessageType | ErrorCode {
    const { outbox, delivery } = this.#deps;
    const parsed = isBinary
      ? ({ ok: false, reason: 'invalid-json', detail: '' } as const)
      : parseClientMessage(data.toString());
    if (!parsed.ok || parsed.value.type !== 'resume') this.stopAwaitingResume(connection);
    if (!parsed.ok) {
      const code = PARSE_CODES[parsed.reason];
      outbox.sendError(connection, code, code === 'INVALID_JSON' ? undefined : parsed.detail);
      return code;
    }
    const { value } = parsed;
    const handle = this.#handlers[value.type] as (
      connection: Connection,
      message: ClientMessage,
    ) => Refusal | undefined;
    const refusal = handle(connection, value);
    if (refusal !== undefined) outbox.sendError(connection, refusal);
    delivery.enqueue(connection);
    return refusal ?? value.type;
  }

  /** EXT-8: the moment in which `resume` saves a full snapshot is over. */
  stopAwaitingResume(connection: Connection): void {
    const { state } = connection;
    if (state.kind !== 'awaiting-resume') return;
    const { joinSeq } = state;
    this.#begin(connection, streamingFrom({ stateSeq: NO_SEQ, eventSeq: joinSeq, joinSeq }));
    this.#deps.delivery.enqueue(connection);
  }

  #begin(connection: Connection, state: Streaming): void {
    state.isStateOwed = true;
    state.lastServedMs = this.#deps.clock.monotonicMs();
    connection.state = state;
  }

  #subscribe(connection: Connection, message: Message<'subscribe'>): Refusal | undefined {
    const held = choiceOf(connection.view);
    const resourceIds = [...new Set([...held.resourceIds, ...message.resource_ids])].sort();
    if (resourceIds.length > this.#deps.limits.maxSubscriptions) return 'TOO_MANY_SUBSCRIPTIONS';
    const depth = message.depth ?? held.depth;
    const answer = { resource_ids: message.resource_ids, ...(connection.stream === 'extended' && { depth }) };
    this.#deps.outbox.send(connection, 'subscribed', answer);
    this.#changeView(connection, { resourceIds, depth });
    return undefined;
  }

  #unsubscribe(connection: Connection, message: Message<'unsubscribe'>): undefined {
    const held = choiceOf(connection.view);
    const removed = new Set(message.resource_ids ?? held.resourceIds);
    this.#deps.outbox.send(connection, 'unsubscribed', { resource_ids: [...removed] });
    const resourceIds = held.resourceIds.filter((id) => !removed.has(id));
    this.#changeView(connection, { resourceIds, depth: held.depth });
  }

  /** SUB-5: the cursor keeps its place among the events, and the next state is full. */
  #changeView(connection: Connection, choice: ViewChoice): void {
    const { views, clock } = this.#deps;
    const previous = connection.view;
    connection.view = views.acquire(choice);
    views.release(previous);
    if (connection.state.kind !== 'streaming') return;
    connection.state.stateSeq = NO_SEQ;
    this.#owe(connection.state, clock.monotonicMs());
  }

  #owe(state: Streaming, nowMs: number): void {
    if (state.delivery === 'rendering') state.delivery = 'overtaken';
    state.isStateOwed = true;
    state.isAnswerAwaited = true;
    state.lastServedMs = nowMs;
  }

  /**
   * EXT-6 to EXT-8. Where nothing was sent yet on this connection, it simply goes on from the cursor of the one before.
   * A late `resume` finds a cursor that is already ahead: the events from before this connection's time are owed too,
   * and are the one case where seq falls, for they can neither be left out nor be sent in time any more.
   */
  #resume(connection: Connection, message: Message<'resume'>): Refusal | undefined {
    const { position, clock } = this.#deps;
    if (connection.stream === 'original') return 'RESUME_NEEDS_DELTA';
    const { state } = connection;
    if (state.kind === 'closing') return undefined;
    const isKnown = message.epoch === position.epoch && message.seq <= position.seq;
    const heldSeq = message.state_seq ?? message.seq;
    if (state.kind === 'awaiting-resume') {
      const { joinSeq } = state;
      const eventSeq = isKnown ? message.seq : joinSeq;
      const stateSeq = isKnown && heldSeq <= message.seq ? heldSeq : NO_SEQ;
      this.#begin(connection, streamingFrom({ stateSeq, eventSeq, joinSeq: eventSeq }));
      if (isKnown) connection.sentSeq = message.seq;
    } else {
      if (!isKnown || heldSeq !== state.stateSeq) state.stateSeq = NO_SEQ;
      if (isKnown && message.seq < state.joinSeq) state.replayAfterSeq = message.seq;
    }
    if (connection.state.kind === 'streaming') this.#owe(connection.state, clock.monotonicMs());
    return undefined;
  }
}
