/**
 * Clients that come and go, subscribe, resume, stop reading and break off, against a bridge that ticks all the while:
 * `node tests/load/soak.ts [seconds]`. One JSON line; fails when connections or memory stay behind.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WS_PATH } from '@topdeck/protocol';
import { WebSocket } from 'ws';
import type { ServerOrder, ServerReport } from './fan-out-server.ts';

const CONCURRENT = 400;
const MAX_LIFE_MS = 4000;
const WARM_UP_S = 8;
const MAX_GROWTH_MB = 16;
const MAX_SECONDS = 60;

function ask(server: ChildProcess, order: ServerOrder): Promise<ServerReport> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error('the bridge ended'));
    server.once('exit', onExit);
    server.once('message', (report) => {
      server.off('exit', onExit);
      resolve(report as ServerReport);
    });
    server.send(order);
  });
}

const chance = (probability: number): boolean => Math.random() < probability;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function talk(socket: WebSocket): void {
  const id = `service-${Math.floor(Math.random() * 50)}`;
  const messages = [
    { type: 'resume', epoch: 'load', seq: 1 },
    { type: 'subscribe', resource_ids: [id, 'b'], depth: 1 },
    { type: 'get_snapshot' },
    { type: 'ping' },
    { type: 'nonsense', padding: 'x'.repeat(2000) },
    { type: 'unsubscribe' },
  ];
  for (const message of messages) if (chance(0.5)) socket.send(JSON.stringify(message));
}

/** One life of a client: orderly, silent, deaf or broken off. */
async function live(port: number): Promise<void> {
  const query = `?update_interval=1&delta=${chance(0.7) ? 1 : 0}`;
  const perMessageDeflate = chance(0.4) && { threshold: 0 };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${WS_PATH}${query}`, { perMessageDeflate });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  talk(socket);
  if (chance(0.1)) socket.pause();
  await sleep(Math.random() * MAX_LIFE_MS);
  if (socket.readyState === WebSocket.OPEN && chance(0.5)) talk(socket);
  if (chance(0.5)) socket.terminate();
  else {
    socket.resume();
    socket.close();
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  }
}

async function livesUntil(port: number, endMs: number): Promise<number> {
  let lives = 0;
  const one = async (): Promise<void> => {
    while (performance.now() < endMs) {
      await live(port);
      lives += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, one));
  return lives;
}

if (import.meta.main) {
  const seconds = Math.min(MAX_SECONDS, Number(process.argv[2] ?? 30));
  const server = fork(join(import.meta.dirname, 'fan-out-server.ts'), {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  });
  const run = async (forS: number): Promise<{ lives: number; report: ServerReport }> => {
    const { port } = await ask(server, { order: 'where' });
    const lives = livesUntil(port, performance.now() + forS * 1000);
    await ask(server, { order: 'tick', rounds: forS });
    const count = await lives;
    await sleep(1000);
    return { lives: count, report: await ask(server, { order: 'memory' }) };
  };
  await ask(server, { order: 'listen' });
  const { report: before } = await run(WARM_UP_S);
  const { lives, report: after } = await run(seconds);
  server.kill('SIGKILL');
  const growthMb = (after.rssBytes - before.rssBytes) / 2 ** 20;
  const heapGrowthMb = (after.heapBytes - before.heapBytes) / 2 ** 20;
  console.log(
    JSON.stringify({
      bench: 'soak',
      seconds,
      lives,
      connections_left: after.connections,
      rss_growth_mb: Number(growthMb.toFixed(2)),
      heap_growth_mb: Number(heapGrowthMb.toFixed(2)),
      must_mb: MAX_GROWTH_MB,
    }),
  );
  if (after.connections > 0 || growthMb > MAX_GROWTH_MB) process.exitCode = 1;
}
