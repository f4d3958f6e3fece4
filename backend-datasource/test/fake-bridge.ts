import type { EventMessage, Snapshot } from '@topdeck/protocol';
import {
  BridgeUnavailable,
  type Bridge,
  type BridgeFault,
  type BridgeListener,
  type BridgeReads,
  type BridgeState,
  type Connection,
} from '../src/bridge/bridge.ts';

export const REFUSED: BridgeFault = {
  code: 'CONNECTION_REFUSED',
  message: 'Nothing listens at http://127.0.0.1:8000',
  action: 'Start the bridge',
};

/** Reads that all fail with what `reason` makes. */
export function failingReads(reason: () => Error): BridgeReads {
  const fail = (): Promise<never> => Promise.reject(reason());
  return {
    events: fail,
    healthHistory: fail,
    metricRange: fail,
    comparison: fail,
    layout: fail,
    sourceHealth: fail,
    refresh: fail,
    raw: fail,
  };
}

/** A bridge whose state a test sets. */
export class FakeBridge implements Bridge {
  readonly reads: BridgeReads;
  closed = false;
  #state: BridgeState = {
    connection: { state: 'connecting', sinceMs: 0 },
    received: undefined,
    reconnects: 0,
    lastFault: undefined,
  };
  readonly #listeners = new Set<BridgeListener>();

  constructor(reads: Partial<BridgeReads> = {}) {
    this.reads = { ...failingReads(() => new BridgeUnavailable(REFUSED)), ...reads };
  }

  state(): BridgeState {
    return this.#state;
  }

  ready(signal: AbortSignal): Promise<BridgeState> {
    const { promise, resolve, reject } = Promise.withResolvers<BridgeState>();
    const look = (): void => {
      if (this.#state.received !== undefined || 'fault' in this.#state.connection) resolve(this.#state);
    };
    const unlisten = this.listen({ onState: look });
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    look();
    return promise.finally(unlisten);
  }

  listen(listener: BridgeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Streams that read from here. */
  get listeners(): number {
    return this.#listeners.size;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  receive(snapshot: Snapshot, nowMs: number, seq = 1): void {
    this.#set({
      connection: { state: 'websocket', sinceMs: nowMs },
      received: { snapshot, position: { epoch: 'e', seq }, sentAtMs: nowMs, receivedAtMs: nowMs },
    });
  }

  lose(connection: Partial<Extract<Connection, { fault: BridgeFault }>> = {}): void {
    const lost = { state: 'disconnected', sinceMs: 0, fault: REFUSED, attempts: 1, nextAttemptAtMs: 0 } as const;
    this.#set({ connection: { ...lost, ...connection }, lastFault: connection.fault ?? REFUSED });
  }

  happen(event: EventMessage): void {
    for (const { onEvent } of this.#listeners) onEvent?.(event);
  }

  #set(change: Partial<BridgeState>): void {
    this.#state = { ...this.#state, ...change };
    for (const { onState } of this.#listeners) onState?.(this.#state);
  }
}
