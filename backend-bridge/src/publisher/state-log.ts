import type { StreamEvent } from '@topdeck/protocol';
import type { StreamState } from './settle.ts';

export interface LoggedState {
  readonly seq: number;
  readonly state: StreamState;
}

export interface LoggedEvent {
  readonly seq: number;
  readonly event: StreamEvent;
}

export interface StateLogOptions {
  /** How long states and events are held. */
  readonly windowMs: number;
  /** References to entities that the states may hold in all; lists shared with the state before count nothing. */
  readonly maxReferences?: number;
  readonly maxEvents?: number;
}

const MAX_REFERENCES = 2_000_000;
const MAX_EVENTS = 100_000;
/** However short the window and however large the states: what a reader was sent a tick ago must serve for a delta. */
const LEAST_STATES = 2;

interface HeldState extends LoggedState {
  readonly takenMs: number;
  readonly references: number;
}
interface HeldEvent extends LoggedEvent {
  readonly takenMs: number;
}

type Lists = readonly (readonly unknown[])[];
const listsOf = ({ snapshot, traffic }: StreamState): Lists => [
  snapshot.services,
  snapshot.anomalies,
  snapshot.traffic_patterns,
  snapshot.failing_dependencies,
  snapshot.dependencies,
  snapshot.incidents ?? [],
  traffic,
];

function referencesOf(state: StreamState, before: StreamState | undefined): number {
  const shared = new Set(before && listsOf(before));
  return [...new Set(listsOf(state))].reduce((sum, list) => sum + (shared.has(list) ? 0 : list.length), 0);
}

/**
 * The newest states and events by number: what a reader can be brought up to date from. States share the entities that
 * did not change between them.
 */
export class StateLog {
  readonly #options: Required<StateLogOptions>;
  readonly #states: HeldState[] = [];
  readonly #bySeq = new Map<number, HeldState>();
  #events: HeldEvent[] = [];
  #references = 0;
  /** Number of the newest event that has left the log. */
  #droppedSeq = 0;

  constructor(options: StateLogOptions) {
    this.#options = { maxReferences: MAX_REFERENCES, maxEvents: MAX_EVENTS, ...options };
  }

  get newest(): LoggedState | undefined {
    return this.#states.at(-1);
  }

  state(seq: number): LoggedState | undefined {
    return this.#bySeq.get(seq);
  }

  /** Takes what a tick found; the numbers of its events are below that of its state. `nowMs` is monotonic. */
  append(state: LoggedState, events: readonly LoggedEvent[], nowMs: number): void {
    const references = referencesOf(state.state, this.newest?.state);
    const held: HeldState = { ...state, takenMs: nowMs, references };
    this.#states.push(held);
    this.#bySeq.set(held.seq, held);
    this.#references += references;
    for (const event of events) this.#events.push({ ...event, takenMs: nowMs });
    this.#dropStates(nowMs);
    this.#dropEvents(nowMs);
  }

  /** The events numbered above `seq`; not `isComplete` when some of them have left the log. */
  eventsAfter(seq: number): { readonly events: readonly LoggedEvent[]; readonly isComplete: boolean } {
    const first = this.#events.findLastIndex((held) => held.seq <= seq) + 1;
    return { events: this.#events.slice(first), isComplete: seq >= this.#droppedSeq };
  }

  #dropStates(nowMs: number): void {
    const { windowMs, maxReferences } = this.#options;
    let count = 0;
    while (this.#states.length - count > LEAST_STATES) {
      const oldest = this.#states[count];
      if (nowMs - oldest.takenMs <= windowMs && this.#references <= maxReferences) break;
      this.#references -= oldest.references;
      this.#bySeq.delete(oldest.seq);
      count += 1;
    }
    this.#states.splice(0, count);
  }

  #dropEvents(nowMs: number): void {
    const { windowMs, maxEvents } = this.#options;
    const tooMany = this.#events.length - maxEvents;
    const count = this.#events.findIndex((held, k) => k >= tooMany && nowMs - held.takenMs <= windowMs);
    const dropped = count === -1 ? this.#events.length : count;
    if (dropped === 0) return;
    this.#droppedSeq = this.#events[dropped - 1].seq;
    this.#events = this.#events.slice(dropped);
  }
}
