import {
  EVENT_TYPES,
  type EventMessage,
  type ServerMessage,
  type Snapshot,
  type SnapshotDelta,
} from '@topdeck/protocol';
import type { Received } from './bridge.ts';
import { applyChecked } from './state-check.ts';

/** Events with numbers in (fromSeq, toSeq] were passed on. */
interface Run {
  readonly fromSeq: number;
  readonly toSeq: number;
}

/** How far one epoch of the stream has been read. Outlives connections, so that the next one can resume. */
export interface Cursor {
  readonly epoch: string;
  /** Every event up to this number is done with. */
  readonly doneSeq: number;
  /** Above doneSeq; a new one begins with each connection and wherever the numbers fall (EXT-10). */
  readonly runs: readonly Run[];
  /** The state that deltas apply to; absent before the first of the epoch, and when it is not to be trusted. */
  readonly held: { readonly seq: number; readonly snapshot: Snapshot } | undefined;
}

/** What one connection has brought so far. */
export interface Intake {
  readonly cursor: Cursor | undefined;
  /**
   * Until `resume` is known to be answered, no state proves that the events before it have come: where it reaches the
   * bridge late, a full snapshot comes first and the missed events after it (EXT-8, EXT-10). `sent`: no pong yet to the
   * ping behind it. `taken`: the next state is or follows the answer. `settled`: answered, or never sent.
   */
  readonly resume: 'sent' | 'taken' | 'settled';
  readonly hasEvent: boolean;
  readonly hasState: boolean;
  /** Deltas mean nothing until a full snapshot has come. */
  readonly awaitsFull: boolean;
  /** An epoch that ended on this connection: what still bears its name is a repeat. */
  readonly endedEpoch: string | undefined;
}

export type Taken =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'event'; readonly event: EventMessage }
  | { readonly kind: 'state'; readonly received: Omit<Received, 'receivedAtMs'> }
  | { readonly kind: 'broken'; readonly detail: string };

export interface Step {
  readonly intake: Intake;
  readonly taken: Taken;
}

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;
type Positioned<M> = M & { readonly epoch: string; readonly seq: number };

const EVENTS: ReadonlySet<string> = new Set(EVENT_TYPES);
/** No state has this number, so that a resume from it is answered with a full snapshot. */
const NO_STATE_SEQ = 0;

export const beginIntake = (cursor: Cursor | undefined): Intake => ({
  cursor,
  resume: cursor === undefined ? 'settled' : 'sent',
  hasEvent: false,
  hasState: false,
  awaitsFull: false,
  endedEpoch: undefined,
});

/** EXT-6. Events after the state are asked for again and then told apart by their numbers. */
export function resumeFrom({ epoch, doneSeq, held }: Cursor): object {
  const stateSeq = held?.seq ?? NO_STATE_SEQ;
  return { type: 'resume', epoch, seq: doneSeq, ...(stateSeq !== doneSeq && { state_seq: stateSeq }) };
}

/** A cursor whose state is not to be built on any more; its events stay done with. */
export const withoutState = (cursor: Cursor | undefined): Cursor | undefined =>
  cursor && { ...cursor, held: undefined };

const nothing = (intake: Intake): Step => ({ intake, taken: { kind: 'nothing' } });
const broken = (intake: Intake, detail: string): Step => ({ intake, taken: { kind: 'broken', detail } });

function takeEvent(intake: Intake, event: Positioned<EventMessage>): Step {
  const { epoch, seq } = event;
  const { cursor } = intake;
  const taken = { kind: 'event', event } as const;
  const first = { fromSeq: seq - 1, toSeq: seq };
  if (cursor?.epoch !== epoch) {
    const next: Cursor = { epoch, doneSeq: seq - 1, runs: [first], held: undefined };
    return { intake: { ...intake, cursor: next, resume: 'settled', hasEvent: true, endedEpoch: cursor?.epoch }, taken };
  }
  const { doneSeq, runs } = cursor;
  if (seq <= doneSeq || runs.some(({ fromSeq, toSeq }) => seq > fromSeq && seq <= toSeq)) return nothing(intake);
  const last = runs.at(-1);
  const goesOn = intake.hasEvent && last !== undefined && seq > last.toSeq;
  const grown = goesOn ? [...runs.slice(0, -1), { fromSeq: last.fromSeq, toSeq: seq }] : [...runs, first];
  return { intake: { ...intake, cursor: { ...cursor, runs: grown }, hasEvent: true }, taken };
}

/** Takes over a state; where it is `proof`, all events up to it are done with (EVT-2). */
function hold(
  intake: Intake,
  message: Positioned<Of<'snapshot_update' | 'snapshot_delta'>>,
  held: { snapshot: Snapshot; proof: boolean },
): Step {
  const { epoch, seq, timestamp } = message;
  const { snapshot, proof } = held;
  const before = intake.cursor?.epoch === epoch && !proof ? intake.cursor : { doneSeq: seq, runs: [] };
  const { doneSeq, runs } = before;
  const isNewEpoch = intake.cursor?.epoch !== epoch;
  const next: Intake = {
    cursor: { epoch, doneSeq, runs, held: { seq, snapshot } },
    resume: proof ? 'settled' : intake.resume,
    hasEvent: intake.hasEvent,
    hasState: true,
    awaitsFull: false,
    endedEpoch: isNewEpoch ? intake.cursor?.epoch : intake.endedEpoch,
  };
  const received = { snapshot, position: { epoch, seq }, sentAtMs: Date.parse(timestamp) };
  return { intake: next, taken: { kind: 'state', received } };
}

function takeFull(intake: Intake, message: Positioned<Of<'snapshot_update'>>): Step {
  const { cursor } = intake;
  const isNewEpoch = cursor?.epoch !== message.epoch;
  const heldSeq = isNewEpoch ? undefined : cursor.held?.seq;
  const mayFall = intake.awaitsFull || !intake.hasState;
  if (heldSeq !== undefined && message.seq < heldSeq && !mayFall) {
    return broken(intake, `seq fell from ${heldSeq} to ${message.seq}`);
  }
  return hold(intake, message, { snapshot: message.data, proof: isNewEpoch || intake.resume !== 'sent' });
}

function takeDelta(intake: Intake, message: Positioned<Of<'snapshot_delta'>>): Step {
  const { cursor } = intake;
  const { epoch, seq, base_seq: baseSeq } = message;
  if (intake.awaitsFull) return nothing(intake);
  const held = cursor?.epoch === epoch ? cursor.held : undefined;
  if (held === undefined) return broken(intake, `a change of state ${baseSeq} came before any state`);
  if (baseSeq === held.seq && seq >= held.seq) {
    const applied = applyChecked(held.snapshot, message.data as unknown as SnapshotDelta);
    if (!applied.ok) return broken(intake, applied.detail);
    // A late resume is never answered with a change first.
    return hold(intake, message, { snapshot: applied.value, proof: intake.resume !== 'sent' || !intake.hasState });
  }
  if (seq === held.seq) return nothing(intake);
  return broken(intake, `a change of state ${baseSeq} came while ${held.seq} was held`);
}

const isEvent = (message: ServerMessage): message is EventMessage => EVENTS.has(message.type);

const hasPosition = <M extends ServerMessage>(message: M): message is Positioned<M> =>
  message.epoch !== undefined && message.seq !== undefined;

/** Takes one message of a connection. Answers of the bridge to what the plugin sent bring neither state nor event. */
export function takeMessage(intake: Intake, message: ServerMessage): Step {
  if (message.type === 'pong') return nothing(intake.resume === 'sent' ? { ...intake, resume: 'taken' } : intake);
  const isState = message.type === 'snapshot_update' || message.type === 'snapshot_delta';
  if (!isState && !isEvent(message)) return nothing(intake);
  if (!hasPosition(message)) return broken(intake, `${message.type} came without epoch and seq`);
  if (message.epoch === intake.endedEpoch) return nothing(intake);
  if (message.type === 'snapshot_update') return takeFull(intake, message);
  if (message.type === 'snapshot_delta') return takeDelta(intake, message);
  return takeEvent(intake, message);
}
