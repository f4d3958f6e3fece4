import type { ServerMessage } from '@topdeck/protocol';
import type { BridgeState } from '../../src/bridge/bridge.ts';
import { createSession, react } from '../../src/bridge/bridge-session.ts';
import {
  RETRY_DEFAULTS,
  type Effect,
  type Input,
  type Session,
  type SessionOptions,
  type Timer,
} from '../../src/bridge/session-types.ts';
import { START_MS } from './snapshots.ts';

export const OPTIONS: SessionOptions = { ...RETRY_DEFAULTS, pollIntervalMs: 30_000, answerTimeoutMs: 10_000 };

type Sent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A session whose effects are written down instead of carried out. */
export class TestSession {
  session: Session;
  nowMs = START_MS;
  random = 0;
  readonly sent: Sent[] = [];
  readonly events: string[] = [];
  readonly logged: string[] = [];
  readonly timers = new Map<Timer, number>();
  /** Of the last socket and poll; undefined when there is none. */
  socket: number | undefined;
  poll: number | undefined;
  /** Told of each effect, after it has been written down. */
  onEffect: (effect: Effect) => void = () => undefined;

  constructor(options: Partial<SessionOptions> = {}) {
    this.session = createSession({ ...OPTIONS, ...options }, this.nowMs);
  }

  get bridge(): BridgeState {
    return this.session.bridge;
  }

  get state(): string {
    return this.bridge.connection.state;
  }

  input(input: Input): void {
    const { session, effects } = react(this.session, input, { nowMs: this.nowMs, random: this.random });
    this.session = session;
    for (const effect of effects) {
      this.#note(effect);
      this.onEffect(effect);
    }
  }

  start(): this {
    this.input({ kind: 'start' });
    return this;
  }

  opened(): this {
    this.input({ kind: 'opened', socket: this.socket ?? -1 });
    return this;
  }

  message(message: ServerMessage | string): this {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.input({ kind: 'message', socket: this.socket ?? -1, text });
    return this;
  }

  failed(code = 'CONNECTION_REFUSED'): this {
    this.input({ kind: 'failed', socket: this.socket ?? -1, fault: { code, message: code, action: 'none' } });
    return this;
  }

  /** Time goes on to when the timer is due. Throws when it is not set. */
  due(timer: Timer): this {
    const dueMs = this.timers.get(timer);
    if (dueMs === undefined) throw new Error(`${timer} is not scheduled`);
    this.nowMs = Math.max(this.nowMs, dueMs);
    this.timers.delete(timer);
    this.input({ kind: 'due', timer });
    return this;
  }

  /** Milliseconds until the timer is due. */
  until(timer: Timer): number | undefined {
    const dueMs = this.timers.get(timer);
    return dueMs === undefined ? undefined : dueMs - this.nowMs;
  }

  takeSent(): Sent[] {
    return this.sent.splice(0);
  }

  #note(effect: Effect): void {
    switch (effect.kind) {
      case 'open':
        this.socket = effect.socket;
        break;
      case 'send':
        this.sent.push(effect.message as Sent);
        break;
      case 'close':
        this.socket = undefined;
        break;
      case 'schedule':
        this.timers.set(effect.timer, this.nowMs + effect.delayMs);
        break;
      case 'cancel':
        this.timers.delete(effect.timer);
        break;
      case 'poll':
        this.poll = effect.poll;
        break;
      case 'abort-poll':
        this.poll = undefined;
        break;
      case 'event':
        this.events.push(`${String(effect.event.epoch)}#${String(effect.event.seq)}`);
        break;
      case 'log':
        this.logged.push(effect.fault.message);
        break;
    }
  }
}
