/**
 * What it costs to serve many WebSocket clients: `node tests/load/fan-out.ts [clients]`. One JSON line a case. Loopback
 * only; three processes of its own, which end with it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { ClientsOrder, ClientsReport } from './clients.ts';
import type { ServerOrder, ServerReport } from './fan-out-server.ts';

const DEADLINE_MS = 85_000;
const CLIENT_PROCESSES = 2;
const CPU_PAIRS = 7;
const TICKS = 7;

export type FanOutFigures = { readonly bench: string } & Readonly<Record<string, number | string | boolean>>;

class Child<Order extends object, Report> {
  readonly #process: ChildProcess;

  constructor(file: string) {
    this.#process = fork(join(import.meta.dirname, file), {
      execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    });
  }

  ask(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`ended during ${JSON.stringify(order)}`));
      this.#process.once('exit', onExit);
      this.#process.once('message', (report) => {
        this.#process.off('exit', onExit);
        resolve(report as Report);
      });
      this.#process.send(order);
    });
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}

type Server = Child<ServerOrder, ServerReport>;
type Clients = Child<ClientsOrder, ClientsReport>;

interface Field {
  readonly server: Server;
  readonly clients: readonly Clients[];
  readonly port: number;
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const quantile = (values: readonly number[], q: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;

const running: { end(): void }[] = [];

async function startField(): Promise<Field> {
  const server: Server = new Child('fan-out-server.ts');
  const clients = Array.from({ length: CLIENT_PROCESSES }, (): Clients => new Child('clients.ts'));
  running.push(server, ...clients);
  const { port } = await server.ask({ order: 'listen' });
  return { server, clients, port };
}

function endField({ server, clients }: Field): void {
  for (const child of [server, ...clients]) child.end();
}

async function open(field: Field, count: number, kind: { query: string; deflate: boolean }): Promise<void> {
  await Promise.all(
    field.clients.map((client, i) =>
      client.ask({
        order: 'open',
        port: field.port,
        count: count / CLIENT_PROCESSES,
        localAddress: `127.0.0.${2 + i}`,
        ...kind,
      }),
    ),
  );
  // The first state comes after the moment in which `resume` is waited for.
  await new Promise((resolve) => setTimeout(resolve, 1500));
}

/** RSS at two sizes of the same process, so that what the process needs anyway falls out. */
async function measureMemory(deflate: boolean): Promise<FanOutFigures> {
  const field = await startField();
  const [few, more] = [2000, 4000];
  await open(field, few, { query: '?delta=1&update_interval=60', deflate });
  const before = await field.server.ask({ order: 'memory' });
  await open(field, more, { query: '?delta=1&update_interval=60', deflate });
  const after = await field.server.ask({ order: 'memory' });
  endField(field);
  return {
    bench: 'memory-per-idle-connection',
    permessage_deflate: deflate,
    connections: after.connections,
    rss_kb: round((after.rssBytes - before.rssBytes) / more / 1024),
    heap_kb: round((after.heapBytes - before.heapBytes) / more / 1024),
    must_kb: 20,
    goal_kb: 10,
  };
}

/** Alternating in one run on the same sockets, so that whatever else the machine does falls on both alike. */
async function measureCpu(field: Field, deflate: boolean): Promise<FanOutFigures> {
  const { server } = field;
  const took = { fanOut: [] as number[], bare: [] as number[] };
  for (let i = -1; i < CPU_PAIRS; i += 1) {
    const bare = (await server.ask({ order: 'bare', deflate })).cpuMs;
    const { cpuMs, connections } = await server.ask({ order: 'fan-out', deflate });
    // The first pair warms the compiler.
    if (i < 0 || connections === 0) continue;
    took.bare.push(bare);
    took.fanOut.push(cpuMs);
  }
  const [fanOut, bare] = [quantile(took.fanOut, 0.5), quantile(took.bare, 0.5)];
  const ratios = took.fanOut.map((one, i) => one / (took.bare[i] ?? NaN));
  const { connections } = await server.ask({ order: 'memory' });
  return {
    bench: 'fan-out-cpu',
    permessage_deflate: deflate,
    connections,
    cpu_ms: round(fanOut),
    bare_ws_send_cpu_ms: round(bare),
    ratio: round(fanOut / bare),
    ratio_median_of_pairs: round(quantile(ratios, 0.5)),
    must_ratio: 1.5,
    goal_ratio: 1.1,
  };
}

async function measureLatency({ server, clients }: Field): Promise<FanOutFigures> {
  // A client that joined just before a tick is not due at it; from the second on all are in step.
  await server.ask({ order: 'tick', rounds: 2 });
  await Promise.all(clients.map((client) => client.ask({ order: 'mark' })));
  const report = await server.ask({ order: 'tick', rounds: TICKS });
  const reports = await Promise.all(clients.map((client) => client.ask({ order: 'report' })));
  const rounds = Math.min(...reports.map(({ completedNs }) => completedNs.length));
  const lastReceivedMs = report.tickedNs.slice(0, rounds).map((ticked, i) => {
    const times = reports.map(({ completedNs }) => Number(BigInt(completedNs[i] ?? 0) - BigInt(ticked)) / 1e6);
    return Math.max(...times);
  });
  return {
    bench: 'fan-out-latency',
    connections: report.connections,
    ticks: rounds,
    last_written_ms_p50: round(quantile(report.lastWrittenMs, 0.5), 1),
    last_received_ms_p50: round(quantile(lastReceivedMs, 0.5), 1),
    last_received_ms_max: round(Math.max(...lastReceivedMs), 1),
    event_loop_delay_p99_ms: round(report.loopDelayP99Ms, 1),
    event_loop_delay_max_ms: round(report.loopDelayMaxMs, 1),
    must_ms: 400,
    goal_ms: 200,
  };
}

async function openField(clients: number, deflate: boolean): Promise<Field> {
  const field = await startField();
  await open(field, clients, { query: '?delta=1&update_interval=1', deflate });
  return field;
}

export async function* benchFanOut(clients = 10_000): AsyncGenerator<FanOutFigures> {
  try {
    for (const deflate of [false, true]) yield await measureMemory(deflate);
    const plain = await openField(clients, false);
    yield await measureLatency(plain);
    yield await measureCpu(plain, false);
    endField(plain);
    const compressed = await openField(clients / 4, true);
    yield await measureCpu(compressed, true);
    endField(compressed);
  } finally {
    for (const child of running.splice(0)) child.end();
  }
}

if (import.meta.main) {
  const deadline = setTimeout(() => {
    for (const child of running.splice(0)) child.end();
    console.error(`not done within ${DEADLINE_MS} ms`);
    process.exitCode = 1;
  }, DEADLINE_MS);
  console.log(JSON.stringify({ machine: { cores: availableParallelism(), load: loadavg().map((one) => round(one)) } }));
  for await (const figures of benchFanOut(Number(process.argv[2] ?? 10_000))) console.log(JSON.stringify(figures));
  clearTimeout(deadline);
}
