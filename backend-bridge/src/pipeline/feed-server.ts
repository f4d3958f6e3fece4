import type { MessagePort } from 'node:worker_threads';
import { BridgeError } from '../errors.ts';
import type { Feed } from '../publisher/feed.ts';
import type { Log } from '../telemetry/log.ts';
import { toFault, type CallName, type Reply, type Request } from './feed-messages.ts';

type Call = Extract<Request, { kind: 'call' }>;

/**
 * The value with a copy of every byte array in it, whose buffers are added to `buffers`. The arrays themselves are shared
 * by all who ask for the same message and must not be taken away from here.
 */
function copyBytes(value: unknown, buffers: ArrayBuffer[]): unknown {
  if (value instanceof Uint8Array) {
    const copy = new Uint8Array(value);
    buffers.push(copy.buffer);
    return copy;
  }
  if (Array.isArray(value)) return value.map((item) => copyBytes(item, buffers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyBytes(member, buffers)]));
}

type Methods = Readonly<Record<CallName, (...args: readonly unknown[]) => Promise<unknown>>>;
const invoke = (feed: Feed, { name, args }: Call): Promise<unknown> => (feed as Methods)[name](...args);

/** Serves a feed over a port, until the other side asks to close; then the feed and the port are closed. */
export class FeedServer {
  readonly #port: MessagePort;
  readonly #feed: Feed;
  readonly #log: Log;
  #stopListening: (() => void) | undefined;

  constructor(port: MessagePort, feed: Feed, log: Log) {
    this.#port = port;
    this.#feed = feed;
    this.#log = log;
    port.on('message', (request: Request) => this.#receive(request));
  }

  #receive(request: Request): void {
    switch (request.kind) {
      case 'call':
        void this.#answer(request);
        return;
      case 'listen':
        this.#listen(request.on);
        return;
      case 'close':
        void this.#close();
        return;
    }
  }

  async #answer(call: Call): Promise<void> {
    const { id } = call;
    try {
      const buffers: ArrayBuffer[] = [];
      const value = copyBytes(await invoke(this.#feed, call), buffers);
      this.#send({ kind: 'result', id, value }, buffers);
    } catch (error) {
      if (!(error instanceof BridgeError))
        this.#log.error({ event: 'pipeline.call_failed', call: call.name, err: error });
      this.#send({ kind: 'fault', id, fault: toFault(error) });
    }
  }

  #listen(on: boolean): void {
    this.#stopListening?.();
    this.#stopListening = on ? this.#feed.listen((notice) => this.#send({ kind: 'tick', notice })) : undefined;
  }

  async #close(): Promise<void> {
    this.#stopListening?.();
    try {
      await this.#feed.close();
    } catch (error) {
      this.#log.error({ event: 'pipeline.close_failed', err: error });
    }
    this.#port.close();
  }

  #send(reply: Reply, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(reply, transfer);
  }
}
