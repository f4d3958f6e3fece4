/**
 * The connections part of the bridge on a feed that makes the same delta at each tick. Started by fork, with the garbage
 * collector exposed; ends with its parent.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { deflateRawSync, constants } from 'node:zlib';
import { systemClock, type Clock } from '../../backend-bridge/src/clock.ts';
import { ConnectionManager } from '../../backend-bridge/src/connections/connection-manager.ts';
import type { ClientSocket } from '../../backend-bridge/src/connections/connection.ts';
import { WebSocketRoute } from '../../backend-bridge/src/connections/websocket-route.ts';
import { BridgeError } from '../../backend-bridge/src/errors.ts';
import type { Feed, Rendered, RenderRequest, TickNotice } from '../../backend-bridge/src/publisher/feed.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { createServerMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';

export type ServerOrder =
  | { readonly order: 'listen' | 'where' }
  /** One fan-out by the connection manager, or one loop of ws.send with the same bytes. */
  | { readonly order: 'fan-out' | 'bare'; readonly deflate: boolean }
  /** `rounds` ticks, one a second, with the event loop watched. */
  | { readonly order: 'tick'; readonly rounds: number }
  | { readonly order: 'memory' };

export interface ServerReport {
  readonly port: number;
  readonly connections: number;
  /** User and system time of the process from the start of the fan-out until every socket had drained. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Monotonic time of the system, nanoseconds, of each tick. */
  readonly tickedNs: readonly string[];
  /** From the tick to the last write, by the bridge's own metric. */
  readonly lastWrittenMs: readonly number[];
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
}

const PAYLOAD_BYTES = 10_000;
/** Looking whether all is written costs time of the process that is measured. */
const POLL_MS = 10;
const SOURCE = { source: 'load', state: 'fresh' } as const;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** About as compressible as real deltas: keys repeat, numbers do not. */
function deltaText(head: object): Buffer {
  const upsert: [string, object][] = [];
  let text = '';
  for (let i = 0; text.length < PAYLOAD_BYTES; i += 1) {
    upsert.push([
      `service-${i}`,
      { health_score: (i * 7919) % 101, metrics: { latency_p95: ((i * 104729) % 997) / 1009 } },
    ]);
    text = JSON.stringify({ ...head, data: { services: { upsert } } });
  }
  return Buffer.from(text);
}

class LoadFeed implements Feed {
  seq = 1;
  #notify: ((notice: TickNotice) => void) | undefined;

  tick(): void {
    this.seq += 1;
    this.#notify?.({ epoch: 'load', seq: this.seq, atMs: Date.now(), eventCount: 0 });
  }

  listen(onTick: (notice: TickNotice) => void): () => void {
    this.#notify = onTick;
    return () => (this.#notify = undefined);
  }

  async render(request: RenderRequest): Promise<Rendered> {
    const head = { type: 'snapshot_update', timestamp: new Date().toISOString(), epoch: 'load', seq: this.seq };
    // First states are small: what is measured of idle connections is the connection, not what it was once sent.
    const isLarge = request.form === 'delta' && request.fromSeq < this.seq;
    const text = isLarge ? deltaText(head) : Buffer.from(JSON.stringify(head));
    const deflated = request.deflate
      ? deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)
      : undefined;
    return { form: request.form === 'delta' ? 'delta' : request.form, seq: this.seq, text, deflated };
  }

  async status() {
    return { running: true, epoch: 'load', seq: this.seq, atMs: Date.now(), topology: SOURCE, metrics: SOURCE };
  }

  renderEvents = async () => ({ messages: [], complete: true });
  read = (): Promise<undefined> => Promise.resolve(undefined);
  refresh = (): Promise<never> => Promise.reject(new BridgeError('NOT_READY'));
  events = async () => [];
  healthHistory = (): Promise<never> => Promise.reject(new BridgeError('NOT_READY'));
  metricRange = (): Promise<never> => Promise.reject(new BridgeError('NOT_READY'));
  reportChange = (): Promise<never> => Promise.reject(new BridgeError('NOT_READY'));
  comparison = (): Promise<never> => Promise.reject(new BridgeError('NOT_READY'));
  metricsText = (): Promise<string> => Promise.resolve('');
  close = (): Promise<void> => Promise.resolve();
}

/** Real time, which a driven run can push on so that everybody is due, and without the beat that would serve between. */
class DrivenClock implements Clock {
  isDriven = false;
  #aheadMs = 0;
  nowMs = (): number => systemClock.nowMs();
  monotonicMs = (): number => systemClock.monotonicMs() + this.#aheadMs;

  skip(ms: number): void {
    this.#aheadMs += ms;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const run = (): void => {
      if (this.isDriven && delayMs >= 1000) this.schedule(delayMs, task);
      else task();
    };
    return systemClock.schedule(delayMs, run);
  }
}

const feed = new LoadFeed();
const clock = new DrivenClock();
const metrics = createServerMetrics();
const sockets = new Set<ClientSocket>();
const limits = {
  maxConnections: 100_000,
  maxConnectionsPerAddress: 100_000,
  connectionRatePerAddress: 100_000,
  maxMessageBytes: 65_536,
  messageRate: 20,
  maxSubscriptions: 1000,
  idleTimeoutMs: 300_000,
  slowClientTimeoutMs: 30_000,
  maxQueueBytes: 1_048_576,
};
const manager = new ConnectionManager({ feed, clock, log: silentLog, metrics, limits, collectIntervalMs: 1000 });
const accept = manager.accept.bind(manager);
manager.accept = (init) => {
  sockets.add(init.socket);
  init.socket.once('close', () => sockets.delete(init.socket));
  accept(init);
};
const server = createServer();
new WebSocketRoute({
  manager,
  limits,
  log: silentLog,
  metrics,
  authenticate: () => Promise.resolve({ ok: true }),
  isAllowedOrigin: () => true,
  isAllowedHost: () => true,
  addressOf: (request) => request.socket.remoteAddress ?? '',
}).attach(server);

const loopDelay = createHistogram();

/** How much later than asked for timers fire, until the returned function is called. */
function watchLoop(): () => void {
  let isOn = true;
  const sample = (): void => {
    const dueMs = performance.now() + 1;
    setTimeout(() => {
      loopDelay.record(Math.max(1, Math.round((performance.now() - dueMs) * 1e6)));
      if (isOn) sample();
    }, 1);
  };
  sample();
  return () => (isOn = false);
}

async function drained(): Promise<void> {
  do await sleep(POLL_MS);
  while ([...sockets].some((socket) => socket.bufferedAmount > 0));
}

const lastWritten = async (): Promise<{ sum: number; count: number }> => {
  const { values } = await metrics.fanOutSeconds.get();
  const of = (suffix: string): number => values.find(({ metricName }) => metricName?.endsWith(suffix))?.value ?? 0;
  return { sum: of('_sum'), count: of('_count') };
};

async function fanOut(): Promise<void> {
  const before = await lastWritten();
  clock.skip(1000);
  feed.tick();
  do await sleep(POLL_MS);
  while ((await lastWritten()).count === before.count);
}

/** What a server does that knows nothing of sharing but has the bytes at hand. */
async function bareSend(deflate: boolean): Promise<void> {
  feed.seq += 1;
  const { text, deflated } = await feed.render({ form: 'delta', fromSeq: 0, view: { kind: 'all' }, deflate });
  const bytes = deflated ?? text;
  for (const socket of sockets) socket.send(bytes, { binary: false, compress: false });
}

async function measureCpu(order: 'fan-out' | 'bare', deflate: boolean): Promise<number> {
  clock.isDriven = true;
  globalThis.gc?.();
  await sleep(20);
  const before = process.cpuUsage();
  await (order === 'fan-out' ? fanOut() : bareSend(deflate));
  await drained();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function tickEachSecond(rounds: number): Promise<Partial<ServerReport>> {
  clock.isDriven = false;
  loopDelay.reset();
  const tickedNs: string[] = [];
  const lastWrittenMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await lastWritten();
    const dueMs = performance.now() + 1000;
    const stopWatching = watchLoop();
    tickedNs.push(String(process.hrtime.bigint()));
    feed.tick();
    let after = before;
    // Nobody is told of a tick while nobody is connected.
    while (after.count === before.count && manager.connectionCount() > 0) {
      await sleep(POLL_MS);
      after = await lastWritten();
    }
    await drained();
    stopWatching();
    lastWrittenMs.push((after.sum - before.sum) * 1000);
    await sleep(Math.max(0, dueMs - performance.now()));
  }
  return {
    tickedNs,
    lastWrittenMs,
    loopDelayP99Ms: loopDelay.percentile(99) / 1e6,
    loopDelayMaxMs: loopDelay.max / 1e6,
  };
}

/**
 * Gives memory back too: what V8 keeps in reserve after a burst of handshakes says how fast they came, not what a
 * connection needs.
 */
async function collectGarbage(): Promise<void> {
  await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
}

async function carryOut(order: ServerOrder): Promise<Partial<ServerReport>> {
  if (order.order === 'listen') await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  if (order.order === 'fan-out' || order.order === 'bare')
    return { cpuMs: await measureCpu(order.order, order.deflate) };
  if (order.order === 'tick') return tickEachSecond(order.rounds);
  if (order.order !== 'memory') return {};
  for (let i = 0; i < 4; i += 1) {
    await collectGarbage();
    await sleep(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed };
}

process.on('message', (order: ServerOrder) => {
  void carryOut(order).then((report) => {
    const { port } = server.address() as AddressInfo;
    process.send?.({ ...report, port, connections: manager.connectionCount() });
  });
});
process.on('disconnect', () => process.exit());
