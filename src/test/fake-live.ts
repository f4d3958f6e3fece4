import {
  LiveChannelConnectionState,
  LiveChannelEventType,
  type DataFrameJSON,
  type LiveChannelAddress,
  type LiveChannelEvent,
} from '@grafana/data';
import { BehaviorSubject, Observable, Subject } from 'rxjs';
import type { LiveServer } from '../datasource/live/live-server.ts';

type Event = LiveChannelEvent<DataFrameJSON>;

const status = (state: LiveChannelConnectionState, more: { message?: DataFrameJSON; error?: string } = {}): Event => ({
  type: LiveChannelEventType.Status,
  id: 'channel',
  timestamp: 0,
  state,
  ...more,
});

/** One channel as the browser side of Grafana Live keeps it: state, last message with a schema, subscribers. */
export class FakeChannel {
  readonly events = new Subject<Event>();
  readonly address: LiveChannelAddress;
  subscribers = 0;
  #state = LiveChannelConnectionState.Pending;
  #lastWithSchema: DataFrameJSON | undefined;

  constructor(address: LiveChannelAddress) {
    this.address = address;
  }

  stream(): Observable<Event> {
    return new Observable((subscriber) => {
      this.subscribers++;
      subscriber.next(status(this.#state, { message: this.#lastWithSchema }));
      const subscription = this.events.subscribe(subscriber);
      return () => {
        this.subscribers--;
        subscription.unsubscribe();
      };
    });
  }

  /** The server accepts the subscription, with the channel's first frame. */
  join(message: DataFrameJSON): void {
    this.#state = LiveChannelConnectionState.Connected;
    this.#lastWithSchema = message;
    this.events.next(status(this.#state, { message }));
  }

  send(message: DataFrameJSON): void {
    if (message.schema) this.#lastWithSchema = message;
    this.events.next({ type: LiveChannelEventType.Message, message });
  }

  fail(error: string): void {
    this.events.next(status(this.#state, { error }));
  }

  end(): void {
    this.#state = LiveChannelConnectionState.Disconnected;
    this.events.next(status(this.#state));
  }
}

export class FakeLive implements LiveServer {
  readonly connection = new BehaviorSubject(true);
  /** Every channel opened, in order; one that was left by all is opened anew. */
  readonly opened: FakeChannel[] = [];

  getConnectionState(): Observable<boolean> {
    return this.connection;
  }

  getStream<T>(address: LiveChannelAddress): Observable<LiveChannelEvent<T>> {
    return new Observable((subscriber) => {
      let channel = this.opened.findLast((one) => one.address.path === address.path && one.subscribers > 0);
      if (channel === undefined) {
        channel = new FakeChannel(address);
        this.opened.push(channel);
      }
      return (channel.stream() as Observable<LiveChannelEvent<T>>).subscribe(subscriber);
    });
  }

  /** The newest channel of a path. */
  channel(path: string): FakeChannel {
    const channel = this.opened.findLast((one) => one.address.path === path);
    if (channel === undefined) throw new Error(`Nobody has subscribed to ${path}`);
    return channel;
  }
}
