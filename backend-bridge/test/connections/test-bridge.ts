import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseServerMessage } from '@topdeck/protocol/validate';
import { WS_PATH, type ServerMessage } from '@topdeck/protocol';
import { WebSocket, type ClientOptions } from 'ws';
import { ConnectionManager } from '../../src/connections/connection-manager.ts';
import type { ConnectionLimits } from '../../src/connections/limits.ts';
import { WebSocketRoute, type WebSocketRouteDependencies } from '../../src/connections/websocket-route.ts';
import { createServerMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { StubFeed } from '../stub-feed.ts';

export const GENEROUS: ConnectionLimits = {
  maxConnections: 1000,
  maxConnectionsPerAddress: 1000,
  connectionRatePerAddress: 100_000,
  maxMessageBytes: 65_536,
  messageRate: 100_000,
  maxSubscriptions: 1000,
  idleTimeoutMs: 300_000,
  slowClientTimeoutMs: 30_000,
  maxQueueBytes: 1_048_576,
};

/** Waits in real time until `condition` gives something; sockets know nothing of a fake clock. */
export async function until<T>(what: string, condition: () => T | undefined | false, timeoutMs = 4000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Long enough for anything that is on its way over loopback to arrive. */
export const quiet = (ms = 60): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>;

/** A real client that checks each message it gets against the protocol's schema. */
export class TestClient {
  readonly socket: WebSocket;
  readonly received: ServerMessage[] = [];
  readonly texts: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  #taken = 0;

  constructor(url: string, options: ClientOptions = {}, protocols: string[] = []) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data: Buffer) => {
      const parsed = parseServerMessage(data.toString());
      if (!parsed.ok) throw new Error(`not of the protocol: ${parsed.detail} in ${data.toString().slice(0, 200)}`);
      this.texts.push(data.toString());
      this.received.push(parsed.value);
    });
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
    this.socket.on('error', () => undefined);
  }

  get types(): string[] {
    return this.received.map((message) => message.type);
  }

  ofType<T extends ServerMessage['type']>(type: T): Of<T>[] {
    return this.received.filter((message): message is Of<T> => message.type === type);
  }

  /** The next message that this was not asked for yet. */
  async next<T extends ServerMessage['type']>(type: T): Promise<Of<T>> {
    const message = await until(
      `next message (${type}) after ${this.types.join(' ')}`,
      () => this.received[this.#taken],
    );
    if (message.type !== type) throw new Error(`expected ${type}, got ${JSON.stringify(message).slice(0, 300)}`);
    this.#taken += 1;
    return message as Of<T>;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' || message instanceof Buffer ? message : JSON.stringify(message));
  }

  async isOpen(): Promise<this> {
    await until('open', () => this.socket.readyState === WebSocket.OPEN);
    return this;
  }

  isClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    return until('closed', () => this.closed);
  }
}

export interface TestBridgeOptions {
  readonly limits?: Partial<ConnectionLimits>;
  readonly collectIntervalMs?: number;
  readonly route?: Partial<WebSocketRouteDependencies>;
}

/** The connections part on a real HTTP server, with a stub feed and a clock that stands still. */
export class TestBridge {
  readonly clock = new FakeClock();
  readonly feed = new StubFeed(() => this.clock.nowMs());
  readonly metrics = createServerMetrics();
  readonly manager: ConnectionManager;
  readonly logged = captureLog();
  readonly #server: Server = createServer();
  readonly #clients: TestClient[] = [];
  #port = 0;

  private constructor({ limits, collectIntervalMs = 5000, route }: TestBridgeOptions) {
    const all = { ...GENEROUS, ...limits };
    const { feed, clock, metrics } = this;
    const log = this.logged.log;
    this.manager = new ConnectionManager({ feed, clock, log, metrics, limits: all, collectIntervalMs });
    new WebSocketRoute({
      manager: this.manager,
      limits: all,
      log,
      metrics,
      authenticate: () => Promise.resolve({ ok: true }),
      isAllowedOrigin: () => true,
      isAllowedHost: () => true,
      addressOf: (request) => request.socket.remoteAddress ?? '',
      ...route,
    }).attach(this.#server);
  }

  static async start(options: TestBridgeOptions = {}): Promise<TestBridge> {
    const bridge = new TestBridge(options);
    await new Promise<void>((resolve) => bridge.#server.listen(0, '127.0.0.1', resolve));
    bridge.#port = (bridge.#server.address() as AddressInfo).port;
    return bridge;
  }

  get origin(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  client(query = '', options: ClientOptions = {}, protocols: string[] = []): TestClient {
    const url = `ws://${this.origin}${WS_PATH}${query}`;
    const client = new TestClient(url, { perMessageDeflate: false, ...options }, protocols);
    this.#clients.push(client);
    return client;
  }

  /** An original client that has been greeted and, if the feed has a state, has had its first snapshot. */
  async joined(query = '', options: ClientOptions = {}): Promise<TestClient> {
    const client = await this.client(query, options).isOpen();
    await client.next('connected');
    if (query.includes('delta=1')) await this.clock.advance(300);
    if (this.feed.atMs !== undefined) await client.next('snapshot_update');
    return client;
  }

  metric(name: 'clients' | 'connectionsRefused' | 'connectionsClosed' | 'messagesReceived' | 'messagesSent') {
    return this.metrics[name]
      .get()
      .then(({ values }) =>
        Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(), value])),
      );
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.socket.terminate();
    await until('all gone', () => this.manager.connectionCount() === 0 || undefined);
    await this.manager.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
