/**
 * How late the serving thread's event loop comes while the bridge ticks and serves both streams:
 * `node tests/load/event-loop-bench.ts`. One JSON line a case. The bridge runs in this process, clients in another one.
 * Loopback only; ends what it started.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import WebSocket from 'ws';
import { createApp } from '../../backend-bridge/src/app.ts';
import { systemClock } from '../../backend-bridge/src/clock.ts';
import { loadConfig } from '../../backend-bridge/src/config.ts';
import { generateTopology } from '../../backend-bridge/src/simulator/generate-topology.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';

const CASES = [
  { services: 1_000, edges: 5_000, collectS: 1, mustMs: 50, goalMs: 10 },
  { services: 10_000, edges: 50_000, collectS: 3, mustMs: 150, goalMs: 30 },
];
const CLIENTS_PER_STREAM = 10;
const TICKS = 10;
const RESOLUTION_MS = 1;

const pause = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

/** The other process: clients of both streams that read and forget. */
function runClients(url: string): void {
  const address = `${url.replace('http', 'ws')}/api/v1/ws/live-diagnostics?update_interval=1`;
  let received = 0;
  for (let i = 0; i < 2 * CLIENTS_PER_STREAM; i += 1) {
    const socket = new WebSocket(`${address}&delta=${i % 2}`, { maxPayload: 0 });
    socket.on('message', () => (received += 1));
    socket.on('error', (error) => {
      throw error;
    });
  }
  process.on('message', () => process.send?.(received));
}

async function measure({ services, edges, collectS, mustMs, goalMs }: (typeof CASES)[number]): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'topdeck-event-loop-'));
  const file = join(folder, 'topology.json');
  writeFileSync(file, JSON.stringify(generateTopology({ services, edges, seed: 1 })));
  const config = loadConfig({
    PORT: '0',
    TOPOLOGY_FILE: file,
    HISTORY_FILE: 'memory',
    COLLECT_INTERVAL_S: String(collectS),
    BACKFILL_S: '60',
    CONNECTION_RATE_PER_ADDRESS: '1000',
    MAX_QUEUE_BYTES: String(1024 ** 3),
  });
  const app = await createApp(config, { clock: systemClock, log: silentLog });
  const { url } = await app.listen();
  const clients = fork(import.meta.filename, [url], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  try {
    await pause(5_000 + 2_000 * collectS);
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    await pause(TICKS * collectS * 1000);
    delay.disable();
    const received = await new Promise<number>((resolve) => {
      clients.once('message', (count) => resolve(count as number));
      clients.send('report');
    });
    // The histogram holds the time between two beats of its timer, so an idle loop shows the resolution itself.
    const ms = (ns: number): number => Number((ns / 1e6 - RESOLUTION_MS).toFixed(1));
    const figures = { p50_ms: ms(delay.percentile(50)), p99_ms: ms(delay.percentile(99)), max_ms: ms(delay.max) };
    const load = { clients_original: CLIENTS_PER_STREAM, clients_extended: CLIENTS_PER_STREAM, messages: received };
    return { bench: 'event-loop-delay', services, edges, ...load, ...figures, must_ms: mustMs, goal_ms: goalMs };
  } finally {
    clients.kill('SIGKILL');
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [url] = process.argv.slice(2);
if (url !== undefined) runClients(url);
else for (const one of CASES) process.stdout.write(`${JSON.stringify(await measure(one))}\n`);
