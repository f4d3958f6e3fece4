import {
  isLiveChannelMessageEvent,
  isLiveChannelStatusEvent,
  LiveChannelConnectionState,
  type DataFrame,
  type LiveChannelAddress,
  type LiveChannelEvent,
} from '@grafana/data';
import { Observable, throwError, timeout, timer, type Subscription } from 'rxjs';
import { applyMessage, schemaOf, type Followed, type StreamRule } from './apply-message.ts';
import type { LiveMessage, LiveServer } from './live-server.ts';

/**
 * Why a stream cannot be followed further. `gap`: something may have been missed, and asking anew mends it. `silent`: it is
 * there, but nothing comes. `ended`: it is no more.
 */
export class StreamFault extends Error {
  override readonly name = 'StreamFault';
  readonly kind: 'gap' | 'silent' | 'ended';

  constructor(kind: StreamFault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

function textOf(error: unknown): string {
  if (typeof error === 'string') return error;
  return error instanceof Error ? error.message : JSON.stringify(error);
}

/** A panel that is refreshed leaves its channel and comes back; meanwhile the stream goes on. */
const LINGER_MS = 5_000;

const ENDED: ReadonlySet<LiveChannelConnectionState> = new Set([
  LiveChannelConnectionState.Disconnected,
  LiveChannelConnectionState.Shutdown,
  LiveChannelConnectionState.Invalid,
]);

export interface ChannelOptions {
  readonly server: LiveServer;
  readonly address: LiveChannelAddress;
  /** The query's own answer, with which the stream goes on. */
  readonly frame: DataFrame;
  readonly rule: StreamRule;
  /** How long the first sign of life may take, and between two messages of `replace`, which come at each interval. */
  readonly patienceMs: { readonly first: number; readonly next: number };
}

/**
 * One subscriber's view of a channel: each event gives the next frame, or nothing, or throws a {@link StreamFault}. To have
 * joined is a sign of life of a stream of added rows, which may have none for long; the others prove it by the next table.
 */
class Follower {
  #followed: Followed;
  #isJoined = false;
  readonly #rule: StreamRule;

  constructor({ frame, rule }: ChannelOptions) {
    this.#followed = { frame, schema: schemaOf(frame) };
    this.#rule = rule;
  }

  /**
   * What the channel tells at once is its state and the last message that had a schema, which can be long past: only the
   * schema is news.
   */
  greet(event: LiveChannelEvent<LiveMessage>): DataFrame | undefined {
    if (!isLiveChannelStatusEvent(event)) return undefined;
    this.#check(event.state, event.error);
    this.#isJoined = event.state === LiveChannelConnectionState.Connected;
    const { schema } = (event.message ?? {}) as LiveMessage;
    if (schema) this.#followed = { ...this.#followed, schema };
    return this.#isJoined ? this.#joined() : undefined;
  }

  next(event: LiveChannelEvent<LiveMessage>): DataFrame | undefined {
    if (isLiveChannelMessageEvent(event)) return this.#apply(event.message);
    if (!isLiveChannelStatusEvent(event)) return undefined;
    this.#check(event.state, event.error);
    if (event.state !== LiveChannelConnectionState.Connected) return undefined;
    const isBack = this.#isJoined;
    this.#isJoined = true;
    if (isBack && this.#rule.action === 'append' && event.message !== undefined) {
      throw new StreamFault('gap', 'The stream was joined again, and rows may have been missed');
    }
    const next = event.message === undefined ? undefined : this.#apply(event.message as LiveMessage);
    return next ?? (isBack ? undefined : this.#joined());
  }

  #joined(): DataFrame | undefined {
    return this.#rule.action === 'append' ? this.#followed.frame : undefined;
  }

  #check(state: LiveChannelConnectionState, error: unknown): void {
    if (error !== undefined) {
      throw new StreamFault('ended', textOf(error));
    }
    if (ENDED.has(state)) throw new StreamFault('ended', 'the stream was ended');
  }

  #apply(message: LiveMessage): DataFrame | undefined {
    const followed = applyMessage(this.#followed, message, this.#rule);
    if (followed === undefined) throw new StreamFault('gap', 'The columns of the stream have changed');
    const hasChanged = followed.frame !== this.#followed.frame;
    this.#followed = followed;
    return hasChanged ? followed.frame : undefined;
  }
}

function watch(options: ChannelOptions): Observable<DataFrame> {
  return new Observable((subscriber) => {
    const follower = new Follower(options);
    let isGreeting = true;
    let isSound = true;
    const fail = (error: unknown): void => {
      isSound = error instanceof StreamFault && error.kind === 'gap';
      subscriber.error(error);
    };
    const raw: Subscription = options.server.getStream<LiveMessage>(options.address).subscribe({
      next: (event) => {
        if (subscriber.closed) return;
        try {
          const frame = isGreeting ? follower.greet(event) : follower.next(event);
          if (frame) subscriber.next(frame);
        } catch (error) {
          fail(error);
        }
      },
      error: (error: unknown) => {
        fail(new StreamFault('ended', textOf(error)));
      },
      complete: () => {
        fail(new StreamFault('ended', 'the stream was ended'));
      },
    });
    isGreeting = false;
    return () => {
      // A channel that failed is made anew only after all have left it.
      if (isSound) timer(LINGER_MS).subscribe({ complete: () => raw.unsubscribe() });
      else raw.unsubscribe();
    };
  });
}

/** Frames of one channel as they come. Errors with a {@link StreamFault}, and never completes. */
export function followChannel(options: ChannelOptions): Observable<DataFrame> {
  const { first, next } = options.patienceMs;
  const silent = (): Observable<never> => throwError(() => new StreamFault('silent', 'nothing came for some time'));
  const limits = options.rule.action === 'replace' ? { first, each: next } : { first };
  return watch(options).pipe(timeout({ ...limits, with: silent }));
}
