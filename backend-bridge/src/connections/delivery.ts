import type { Clock } from '../clock.ts';
import { toBridgeError, type BridgeError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import type { Connection, Streaming } from './connection.ts';
import type { Outbox } from './outbox.ts';
import { keyOf, lacksSomething, shareOf, type Renderer, type Rendering, type Share } from './rendering.ts';
import { NO_SEQ, type StreamPosition } from './stream-position.ts';
import type { TurnBudget } from './turn-budget.ts';

interface Group {
  readonly share: Share;
  readonly members: Connection[];
}

export interface DeliveryDependencies {
  readonly renderer: Renderer;
  readonly outbox: Outbox;
  readonly position: StreamPosition;
  readonly budget: TurnBudget;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings clients from their cursors to the newest state: groups those who lack the same, renders once, writes to all. */
export class Delivery {
  readonly #deps: DeliveryDependencies;
  #queue: Connection[] = [];
  #isFlushSet = false;
  #isFeedFailing = false;

  constructor(deps: DeliveryDependencies) {
    this.#deps = deps;
  }

  /** Serves the connection before the next turn of the event loop, with all others that ask until then. */
  enqueue(connection: Connection): void {
    const { state } = connection;
    if (state.kind !== 'streaming' || state.delivery !== 'idle' || state.pressure.kind !== 'flowing') return;
    if (!lacksSomething(state, this.#deps.position)) return;
    state.delivery = 'queued';
    this.#queue.push(connection);
    if (this.#isFlushSet) return;
    this.#isFlushSet = true;
    setImmediate(() => {
      this.flush().catch((error: unknown) =>
        this.#deps.log.error({ event: 'connections.delivery_failed', err: error }),
      );
    });
  }

  /** Serves all who wait; resolves when the last of them was written to. */
  async flush(): Promise<void> {
    this.#isFlushSet = false;
    const groups = this.#takeGroups();
    await Promise.all(groups.map((group) => this.#serve(group)));
  }

  #takeGroups(): Group[] {
    const connections = this.#queue;
    this.#queue = [];
    const byKey = new Map<string, Group>();
    let last: Group | undefined;
    for (const connection of connections) {
      const { state } = connection;
      if (state.kind !== 'streaming' || state.delivery !== 'queued') continue;
      state.delivery = 'idle';
      if (state.pressure.kind !== 'flowing' || !lacksSomething(state, this.#deps.position)) continue;
      state.delivery = 'rendering';
      const share = shareOf(connection, state, this.#deps.position);
      // Nearly all clients are in one or two groups; a key need not be built for each.
      if (last === undefined || !isSameShare(last.share, share)) last = groupFor(byKey, share);
      last.members.push(connection);
    }
    return [...byKey.values()];
  }

  async #serve({ share, members }: Group): Promise<void> {
    let rendering: Rendering;
    try {
      rendering = await this.#deps.renderer.render(
        share,
        members.some((member) => member.deflate),
      );
    } catch (error) {
      this.#fail(members, toBridgeError(error));
      return;
    }
    this.#tellRecovered();
    let sent = 0;
    let bytes = 0;
    for (const member of members) {
      while (this.#deps.budget.isSpent) await this.#deps.budget.nextTurn();
      const written = this.#deliver(member, share, rendering);
      if (written === 0) continue;
      this.#deps.budget.spend(written);
      sent += 1;
      bytes += written;
    }
    this.#count(rendering, sent, bytes);
  }

  /** Returns the bytes written. */
  #deliver(member: Connection, share: Share, rendering: Rendering): number {
    const { state } = member;
    if (state.kind !== 'streaming') return 0;
    const isOvertaken = state.delivery === 'overtaken';
    state.delivery = 'idle';
    // What it is owed stays owed: it is served anew from where its cursor is now, or when it has drained.
    if (isOvertaken) this.enqueue(member);
    if (isOvertaken || state.pressure.kind !== 'flowing') return 0;
    if (!rendering.isComplete && share.form !== 'full') {
      state.stateSeq = NO_SEQ;
      state.isStateOwed = true;
      this.enqueue(member);
      return 0;
    }
    // EXT-1. A feed that answers with a state older than events it has told of is asked again at the next beat.
    if (rendering.state !== undefined && rendering.state.seq < member.sentSeq && state.replayAfterSeq === NO_SEQ)
      return 0;
    const frames = rendering.frames(member.deflate);
    advance(member, state, { share, rendering });
    if (frames.length > 0 && !this.#deps.outbox.write(member, frames)) return 0;
    this.enqueue(member);
    return frames.length;
  }

  #fail(members: readonly Connection[], error: BridgeError): void {
    const { log, outbox } = this.#deps;
    if (!this.#isFeedFailing && error.code !== 'NOT_READY') {
      this.#isFeedFailing = true;
      log.warn({ event: 'connections.feed_failed', code: error.code, err: error, clients: members.length });
    }
    for (const member of members) {
      const { state } = member;
      if (state.kind !== 'streaming') continue;
      const isOvertaken = state.delivery === 'overtaken';
      state.delivery = 'idle';
      if (isOvertaken) {
        this.enqueue(member);
      } else if (state.isAnswerAwaited || state.snapshotsOwed > 0) {
        state.isAnswerAwaited = false;
        state.snapshotsOwed = 0;
        // SEC-5: the details of a fault on this side of the wire stay in the log.
        outbox.sendError(member, error.code);
      }
    }
  }

  #tellRecovered(): void {
    if (!this.#isFeedFailing) return;
    this.#isFeedFailing = false;
    this.#deps.log.info({ event: 'connections.feed_recovered' });
  }

  #count({ state, eventCount }: Rendering, sent: number, bytes: number): void {
    const { metrics } = this.#deps;
    metrics.bytesSent.inc(bytes);
    if (eventCount > 0) metrics.messagesSent.inc({ type: 'event' }, eventCount * sent);
    if (state === undefined) return;
    metrics.messagesSent.inc({ type: state.form === 'delta' ? 'snapshot_delta' : 'snapshot_update' }, sent);
  }
}

function advance(member: Connection, state: Streaming, sent: { share: Share; rendering: Rendering }): void {
  const { share, rendering } = sent;
  state.eventSeq = Math.max(state.eventSeq, rendering.coveredSeq);
  if (state.replayAfterSeq !== NO_SEQ) {
    state.joinSeq = state.replayAfterSeq;
    state.replayAfterSeq = NO_SEQ;
  }
  member.sentSeq = Math.max(member.sentSeq, rendering.lastSeq);
  if (rendering.state === undefined) return;
  state.stateSeq = rendering.state.seq;
  state.isStateOwed = false;
  state.isAnswerAwaited = false;
  if (share.isAnswer) state.snapshotsOwed -= 1;
}

const isSameShare = (a: Share, b: Share): boolean =>
  a.view === b.view &&
  a.stream === b.stream &&
  a.hearsIncidents === b.hearsIncidents &&
  a.form === b.form &&
  a.baseSeq === b.baseSeq &&
  a.eventsAfterSeq === b.eventsAfterSeq &&
  a.knownAfterSeq === b.knownAfterSeq &&
  a.knownUntilSeq === b.knownUntilSeq &&
  a.isAnswer === b.isAnswer;

function groupFor(byKey: Map<string, Group>, share: Share): Group {
  const key = `${keyOf(share)},${share.isAnswer}`;
  let group = byKey.get(key);
  if (group === undefined) {
    group = { share, members: [] };
    byKey.set(key, group);
  }
  return group;
}
