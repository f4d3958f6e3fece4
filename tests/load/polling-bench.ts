/**
 * Deltas at an interval against polling full snapshots at three times that interval, the same number of clients, one
 * after the other in one run: `node tests/load/polling-bench.ts`. One JSON line. The original polls every 30 s and streams
 * every 10 s; here both are ten times as fast, which leaves the ratio as it is. Loopback only; ends what it started.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { generateTopology } from '../../backend-bridge/src/simulator/generate-topology.ts';
import { BridgeProcess } from '../fixtures/bridge-process.ts';

const SIZE = { services: 1000, edges: 5000 };
const CLIENTS = 100;
const DELTA_S = 1;
const POLL_S = 3;
/** One round of the embedded demo each: quiet, a fault that spreads over a third of the services, recovery, quiet. */
const MEASURED_S = 90;
const TICKS_ALONE_S = 15;
const CLOCK_TICKS_PER_S = 100;

/** CPU time of a process so far, all its threads, seconds. */
function cpuS(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S;
}

const pause = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

interface Load {
  /** Bytes of bodies and messages as they crossed the wire, since the last call. */
  takeBytes(): number;
  end(): void;
}

function poll(url: string): Load {
  let bytes = 0;
  const one = (): void => {
    const request = get(
      `${url}/api/v1/live-diagnostics/snapshot`,
      { headers: { 'accept-encoding': 'gzip' } },
      (answer) => {
        if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
        answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      },
    );
    request.on('error', (error) => {
      if (!ended) throw error;
    });
  };
  let ended = false;
  const timers: NodeJS.Timeout[] = [];
  for (let i = 0; i < CLIENTS; i += 1) {
    // Spread evenly, as pollers that started at different times are.
    timers.push(setTimeout(() => timers.push(setInterval(one, POLL_S * 1000)), (i / CLIENTS) * POLL_S * 1000));
  }
  return {
    takeBytes: () => [bytes, (bytes = 0)][0],
    end() {
      ended = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function stream(url: string): Load {
  const address = `${url.replace('http', 'ws')}/api/v1/ws/live-diagnostics?update_interval=${DELTA_S}&delta=1`;
  const sockets = Array.from({ length: CLIENTS }, () => {
    const socket = new WebSocket(address);
    socket.on('error', (error) => {
      throw error;
    });
    return socket;
  });
  let before = 0;
  // What the TCP sockets read: compressed as it came, frame headers and handshakes included.
  const read = (): number =>
    sockets.reduce(
      (sum, s) => sum + ((s as unknown as { _socket?: { bytesRead: number } })._socket?.bytesRead ?? 0),
      0,
    );
  return {
    takeBytes() {
      const now = read();
      const taken = now - before;
      before = now;
      return taken;
    },
    end() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

interface Figures {
  readonly bytes: number;
  readonly cpuS: number;
}

async function measure(pid: number, load: Load): Promise<Figures> {
  await pause(POLL_S * 2000);
  load.takeBytes();
  const cpuBefore = cpuS(pid);
  await pause(MEASURED_S * 1000);
  const figures = { bytes: load.takeBytes(), cpuS: cpuS(pid) - cpuBefore };
  load.end();
  return figures;
}

const folder = mkdtempSync(join(tmpdir(), 'topdeck-polling-'));
const topologyFile = join(folder, 'topology.json');
writeFileSync(topologyFile, JSON.stringify(generateTopology({ ...SIZE, seed: 1 })));
const bridge = new BridgeProcess({
  TOPOLOGY_FILE: topologyFile,
  COLLECT_INTERVAL_S: String(DELTA_S),
  // Detectors are warm, as they are in a bridge that has run for minutes: before that, deltas are coarser and larger.
  BACKFILL_S: '900',
  CONNECTION_RATE_PER_ADDRESS: '1000',
  HTTP_RATE_PER_ADDRESS: '1000000',
});
try {
  const url = await bridge.url();
  const streamed = await measure(bridge.pid, stream(url));
  const polled = await measure(bridge.pid, poll(url));
  // What both pay: the ticks themselves, with one client that asks for next to nothing.
  const idle = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws/live-diagnostics?update_interval=60&delta=1`);
  await pause(2000);
  const before = cpuS(bridge.pid);
  await pause(TICKS_ALONE_S * 1000);
  const ticksCpuS = ((cpuS(bridge.pid) - before) * MEASURED_S) / TICKS_ALONE_S;
  idle.terminate();
  const saved = (a: number, b: number): number => Number((100 * (1 - a / b)).toFixed(1));
  process.stdout.write(
    `${JSON.stringify({
      bench: 'deltas-against-polling',
      ...SIZE,
      clients: CLIENTS,
      polling_mb: Number((polled.bytes / 1e6).toFixed(2)),
      deltas_mb: Number((streamed.bytes / 1e6).toFixed(2)),
      bytes_saved_percent: saved(streamed.bytes, polled.bytes),
      polling_cpu_s: Number(polled.cpuS.toFixed(2)),
      deltas_cpu_s: Number(streamed.cpuS.toFixed(2)),
      ticks_alone_cpu_s: Number(ticksCpuS.toFixed(2)),
      cpu_saved_percent: saved(streamed.cpuS, polled.cpuS),
      must_percent: { bytes: 50, cpu: 60 },
      goal_percent: 90,
    })}\n`,
  );
} finally {
  await bridge.stop();
  rmSync(folder, { recursive: true, force: true });
}
