import { diff, type ServerMessage, type Snapshot } from '@topdeck/protocol';
import { isoAt } from './snapshots.ts';

/** How many states the model can still resume from. */
const STATES_KEPT = 3;

interface Held {
  readonly seq: number;
  readonly snapshot: Snapshot;
}

/** Server's end of a connection, with what it has written and the client has not read. */
export interface ModelConnection {
  awaitsResume: boolean;
  /** undefined: the next state is full. */
  stateSeq: number | undefined;
  eventSeq: number;
  joinSeq: number;
  replayAfterSeq: number | undefined;
  owesState: boolean;
  owesFull: boolean;
  readonly out: ServerMessage[];
}

/** The bridge as SPEC.md describes it, without sockets, threads or time. */
export class ModelBridge {
  epoch = 'e0';
  seq = 0;
  readonly states: Held[] = [];
  /** All states of all epochs, to check what a client holds. */
  readonly truth = new Map<string, Snapshot>();
  events: number[] = [];
  connection: ModelConnection | undefined;
  #epochs = 0;

  get newest(): Held | undefined {
    return this.states.at(-1);
  }

  tick(snapshot: Snapshot, eventCount: number): void {
    for (let i = 0; i < eventCount; i += 1) this.events.push((this.seq += 1));
    this.seq += 1;
    this.states.push({ seq: this.seq, snapshot });
    if (this.states.length > STATES_KEPT) this.states.shift();
    this.truth.set(`${this.epoch}#${this.seq}`, snapshot);
    const { connection } = this;
    if (connection !== undefined && !connection.awaitsResume) connection.owesState = true;
  }

  /** The diagnosing thread begins anew while connections stay. */
  restartPipeline(): void {
    this.epoch = `e${(this.#epochs += 1)}`;
    this.seq = 0;
    this.states.length = 0;
    this.events = [];
    if (this.connection)
      Object.assign(this.connection, { stateSeq: undefined, eventSeq: 0, joinSeq: 0, replayAfterSeq: undefined });
  }

  connect(): ModelConnection {
    this.connection = {
      awaitsResume: true,
      stateSeq: undefined,
      eventSeq: this.seq,
      joinSeq: this.seq,
      replayAfterSeq: undefined,
      owesState: false,
      owesFull: false,
      out: [this.#message({ type: 'connected', message: 'hello', update_interval: 5 }, 0)],
    };
    return this.connection;
  }

  /** EXT-8: the wait for a resume is over. */
  stopAwaiting(): void {
    const { connection } = this;
    if (connection === undefined || !connection.awaitsResume) return;
    connection.awaitsResume = false;
    connection.owesState = true;
  }

  receive(message: { readonly type: string } & Readonly<Record<string, unknown>>): void {
    const { connection } = this;
    if (connection === undefined) return;
    if (message.type === 'resume')
      return this.#resume(connection, message as unknown as { epoch: string; seq: number; state_seq?: number });
    this.stopAwaiting();
    if (message.type === 'ping') connection.out.push(this.#message({ type: 'pong' }, connection.eventSeq));
    if (message.type === 'get_snapshot') connection.owesFull = true;
  }

  /** Writes what is owed: events first, then the state. */
  serve(withState = true): void {
    const { connection: to, newest } = this;
    if (to === undefined || to.awaitsResume) return;
    const afterSeq = to.replayAfterSeq ?? to.eventSeq;
    const isKnown = (seq: number): boolean => to.replayAfterSeq !== undefined && seq > to.joinSeq && seq <= to.eventSeq;
    for (const seq of this.events) if (seq > afterSeq && !isKnown(seq)) to.out.push(this.#event(seq));
    to.eventSeq = Math.max(to.eventSeq, this.seq);
    if (to.replayAfterSeq !== undefined) to.joinSeq = to.replayAfterSeq;
    to.replayAfterSeq = undefined;
    if (newest === undefined || !(to.owesFull || (to.owesState && withState))) return;
    const base = to.owesFull ? undefined : this.states.find(({ seq }) => seq === to.stateSeq);
    if (base === undefined) to.out.push(this.#message({ type: 'snapshot_update', data: newest.snapshot }, newest.seq));
    else {
      const data = diff(base.snapshot, newest.snapshot) as never;
      to.out.push(this.#message({ type: 'snapshot_delta', base_seq: base.seq, data }, newest.seq));
    }
    Object.assign(to, { stateSeq: newest.seq, owesState: false, owesFull: false });
  }

  #resume(
    to: ModelConnection,
    { epoch, seq, state_seq: stateSeq = seq }: { epoch: string; seq: number; state_seq?: number },
  ): void {
    const isKnown = epoch === this.epoch && seq <= this.seq;
    if (to.awaitsResume) {
      to.awaitsResume = false;
      if (isKnown) Object.assign(to, { eventSeq: seq, joinSeq: seq });
      to.stateSeq = isKnown && stateSeq <= seq ? stateSeq : undefined;
    } else {
      if (!isKnown || stateSeq !== to.stateSeq) to.stateSeq = undefined;
      if (isKnown && seq < to.joinSeq) to.replayAfterSeq = seq;
    }
    to.owesState = true;
  }

  #event(seq: number): ServerMessage {
    const data = { resource_id: 'a', old_status: 'healthy' as const, new_status: 'failed' as const, health_score: 0 };
    return this.#message({ type: 'health_change', data }, seq);
  }

  #message(rest: object, seq: number): ServerMessage {
    return { timestamp: isoAt(seq * 1000), epoch: this.epoch, seq, ...rest } as ServerMessage;
  }
}
