import type { Logger } from '@topdeck/grafana-plugin-sdk';
import type { Clock } from '../clock.ts';
import { createSession, react } from './bridge-session.ts';
import { BridgeUnavailable, type Bridge, type BridgeFault, type BridgeListener, type BridgeState } from './bridge.ts';
import { fault, isSameFault } from './faults.ts';
import type { Reads } from './rest-reads.ts';
import type { Effect, Input, Session, SessionOptions, Timer } from './session-types.ts';
import type { OpenSocket, Socket } from './transport.ts';

export interface BridgeDependencies {
  readonly log: Logger;
  readonly clock: Clock;
  /** From [0, 1). */
  readonly random: () => number;
  /** Of the session, for tests that cannot wait. */
  readonly retry?: Partial<SessionOptions>;
}

export interface BridgeParts extends BridgeDependencies {
  readonly options: SessionOptions;
  readonly openSocket: OpenSocket;
  readonly reads: Reads;
  /** Aborted when the bridge is closed. */
  readonly lifetime: AbortController;
}

const hasWord = ({ connection, received }: BridgeState): boolean => received !== undefined || 'fault' in connection;

/** Carries out what the session decides, and tells it what comes of it. */
export class BridgeClient implements Bridge {
  readonly reads: Reads;
  readonly #parts: BridgeParts;
  readonly #listeners = new Set<BridgeListener>();
  readonly #timers = new Map<Timer, () => void>();
  readonly #inputs: Input[] = [];
  #isReacting = false;
  #session: Session;
  #socket: Socket | undefined;
  #polling: AbortController | undefined;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.reads = parts.reads;
    this.#session = createSession(parts.options, parts.clock.nowMs());
    this.#dispatch({ kind: 'start' });
  }

  state(): BridgeState {
    return this.#session.bridge;
  }

  async ready(signal: AbortSignal): Promise<BridgeState> {
    signal.throwIfAborted();
    if (hasWord(this.state())) return this.state();
    const word = Promise.withResolvers<BridgeState>();
    const onAbort = (): void => word.reject(signal.reason as Error);
    const unlisten = this.listen({
      onState: (state) => {
        if (hasWord(state)) word.resolve(state);
      },
    });
    signal.addEventListener('abort', onAbort);
    try {
      return await word.promise;
    } finally {
      unlisten();
      signal.removeEventListener('abort', onAbort);
    }
  }

  listen(listener: BridgeListener): () => void {
    // A set of its own objects: the same listener may be given twice.
    const own = { ...listener };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async close(): Promise<void> {
    this.#dispatch({ kind: 'stop' });
    this.#parts.lifetime.abort(new BridgeUnavailable(fault('CLOSED')));
    this.#listeners.clear();
  }

  /** One input after the other: what a listener does while it is told comes after. */
  #dispatch(input: Input): void {
    this.#inputs.push(input);
    if (this.#isReacting) return;
    this.#isReacting = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) this.#react(next);
    } finally {
      this.#isReacting = false;
    }
  }

  #react(input: Input): void {
    const { clock, random } = this.#parts;
    const before = this.#session.bridge;
    const { session, effects } = react(this.#session, input, { nowMs: clock.nowMs(), random: random() });
    this.#session = session;
    for (const effect of effects) this.#carryOut(effect);
    if (session.bridge === before) return;
    if (input.kind !== 'stop') this.#logChange(before, session.bridge);
    this.#tell((listener) => listener.onState?.(session.bridge));
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case 'open':
        this.#open(effect.socket);
        break;
      case 'send':
        this.#socket?.send(JSON.stringify(effect.message));
        break;
      case 'close':
        this.#socket?.end();
        this.#socket = undefined;
        break;
      case 'schedule':
        this.#schedule(effect.timer, effect.delayMs);
        break;
      case 'cancel':
        this.#cancel(effect.timer);
        break;
      case 'poll':
        this.#poll(effect.poll);
        break;
      case 'abort-poll':
        this.#polling?.abort();
        break;
      case 'event':
        this.#tell((listener) => listener.onEvent?.(effect.event));
        break;
      case 'log':
        this.#parts.log.warn(effect.message, { code: effect.fault.code, reason: effect.fault.message });
        break;
    }
  }

  #open(socket: number): void {
    const failed = (told: BridgeFault): void => this.#dispatch({ kind: 'failed', socket, fault: told });
    try {
      this.#socket = this.#parts.openSocket({
        opened: () => this.#dispatch({ kind: 'opened', socket }),
        message: (text) => this.#dispatch({ kind: 'message', socket, text }),
        failed,
      });
    } catch (error) {
      this.#parts.log.error('a socket could not be made', { error });
      failed(fault('PLUGIN_FAILED', { detail: (error as Error).message }));
    }
  }

  #schedule(timer: Timer, delayMs: number): void {
    this.#cancel(timer);
    const cancel = this.#parts.clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      this.#dispatch({ kind: 'due', timer });
    });
    this.#timers.set(timer, cancel);
  }

  #cancel(timer: Timer): void {
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  #poll(poll: number): void {
    const polling = new AbortController();
    this.#polling = polling;
    this.reads.snapshot(polling.signal).then(
      ({ snapshot, sentAtMs }) => this.#dispatch({ kind: 'polled', poll, snapshot, sentAtMs }),
      (error: unknown) => {
        if (polling.signal.aborted) return;
        const failure =
          error instanceof BridgeUnavailable ? error.fault : fault('PLUGIN_FAILED', { detail: String(error) });
        this.#dispatch({ kind: 'poll-failed', poll, fault: failure });
      },
    );
  }

  #tell(tell: (listener: BridgeListener) => void): void {
    for (const listener of [...this.#listeners]) {
      try {
        tell(listener);
      } catch (error) {
        this.#parts.log.error('a listener to the bridge failed', { error });
      }
    }
  }

  #logChange(before: BridgeState, { connection, lastFault }: BridgeState): void {
    const { log } = this.#parts;
    const isNewState = before.connection.state !== connection.state;
    const told = 'fault' in connection ? connection.fault : lastFault;
    const fields = { state: connection.state, ...(told && { code: told.code, reason: told.message }) };
    if (isNewState && connection.state === 'websocket')
      log.info('the stream of the bridge is open', { state: 'websocket' });
    else if (isNewState) log.warn('the bridge is not connected', fields);
    else if (!isSameFault(before.lastFault, lastFault)) log.debug('the bridge is still not connected', fields);
  }
}
