import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Topology } from '@topdeck/protocol';
import neo4j, { type Config, type Driver } from 'neo4j-driver';
import { systemClock } from './clock.ts';
import { configKeyMeta } from './config-schema.ts';
import { readSecretEnv } from './config.ts';
import { BridgeError, listenFault, startFaultText, type ErrorCode } from './errors.ts';
import { createControlApi } from './simulator/control-api.ts';
import { generateTopology } from './simulator/generate-topology.ts';
import { LiveSystem } from './simulator/live-system.ts';
import { loadIntoNeo4j } from './simulator/neo4j-loader.ts';
import {
  parseSimulateOptions,
  simulateHelp,
  type Neo4jTarget,
  type SimulateOptions,
  type TopologyChoice,
} from './simulator/simulate-options.ts';
import { buildTopology } from './sources/build-topology.ts';
import { parseTopologyFile } from './sources/file-topology-format.ts';
import { neo4jFault } from './sources/neo4j-errors.ts';
import { createLog, type Log } from './telemetry/log.ts';

const DEMO_FILE = new URL('../topologies/demo.yaml', import.meta.url);
/** A topology file is read as the bridge reads one when nothing else is set. */
const FILE_LIMITS = {
  labels: configKeyMeta('TOPOLOGY_LABELS').default as readonly string[],
  maxNodes: configKeyMeta('TOPOLOGY_MAX_NODES').default as number,
  maxEdges: configKeyMeta('TOPOLOGY_MAX_EDGES').default as number,
};
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

function readTopology(choice: TopologyChoice, seed: number): Topology {
  if (choice.kind === 'generated') {
    const { resources, dependencies } = generateTopology({ ...choice, seed });
    return buildTopology(resources, dependencies);
  }
  const path = choice.kind === 'demo' ? DEMO_FILE : choice.path;
  const format = choice.kind === 'file' && extname(choice.path).toLowerCase() === '.json' ? 'json' : 'yaml';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new BridgeError('TOPOLOGY_FILE_UNREADABLE', { detail: `${String(path)} (${reason})`, cause });
  }
  return parseTopologyFile(text, { format, ...FILE_LIMITS });
}

function createDriver({ uri, username, passwordEnv }: Neo4jTarget): Driver {
  const password = readSecretEnv(passwordEnv);
  const auth = password === undefined ? undefined : neo4j.auth.basic(username, password.reveal());
  const limits: Pick<Config, 'connectionTimeout' | 'maxTransactionRetryTime'> = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    maxTransactionRetryTime: CONNECT_TIMEOUT_MS,
  };
  return neo4j.driver(uri, auth, limits);
}

interface LoadContext {
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Tries until Neo4j is up. Rejects when it refuses the credentials or the queries, which waiting does not mend. */
async function loadWhenUp(target: Neo4jTarget, topology: Topology, { log, signal }: LoadContext): Promise<void> {
  const driver = createDriver(target);
  const { database } = target;
  const onProgress = (progress: object): void => log.info({ event: 'simulator.neo4j_loading', ...progress });
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await loadIntoNeo4j(driver, topology, { database, onProgress });
        const size = { nodes: topology.resources.length, edges: topology.dependencies.length };
        log.info({ event: 'simulator.neo4j_loaded', ...size, ...result });
        return;
      } catch (error) {
        const fault = neo4jFault(error);
        if (fault.code !== 'NEO4J_UNREACHABLE') throw fault;
        const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
        log.warn({ event: 'simulator.neo4j_waiting', attempt, retryInMs: delayMs, err: fault });
        await wait(delayMs, undefined, { signal });
      }
    }
  } finally {
    await driver.close();
  }
}

type Neo4jState = 'off' | 'loading' | 'loaded' | 'failed';

async function serve(options: SimulateOptions, topology: Topology, context: LoadContext): Promise<void> {
  const { log, signal } = context;
  const { seed, demo, serviceGraph } = options;
  const system = new LiveSystem({ topology, seed, demo, startMs: systemClock.nowMs() });
  let neo4jState: Neo4jState = options.neo4j === undefined ? 'off' : 'loading';
  const app = createControlApi({
    system,
    clock: systemClock,
    serviceGraph,
    health: () => ({ neo4j: neo4jState }),
    report: (fault) => log.error({ event: 'simulator.request_failed', err: fault }),
  });
  const url = await app.listen({ host: options.host, port: options.port }).catch((error: unknown) => {
    throw listenFault(error, options);
  });
  const size = { resources: topology.resources.length, dependencies: topology.dependencies.length };
  log.info({ event: 'simulator.started', url, ...size, seed, demo });
  try {
    if (options.neo4j !== undefined) {
      await loadWhenUp(options.neo4j, topology, context).catch((error: unknown) => {
        neo4jState = 'failed';
        throw error;
      });
      neo4jState = 'loaded';
    }
    await aborted(signal);
  } finally {
    await app.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function run(args: readonly string[]): Promise<void> {
  const options = parseSimulateOptions(args);
  if (options === 'help') {
    process.stdout.write(simulateHelp());
    return;
  }
  const topology = readTopology(options.topology, options.seed);
  const log = createLog({ level: 'info', pretty: process.stdout.isTTY });
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const context = { log, signal: stopping.signal };
  try {
    if (options.onceLoad && options.neo4j !== undefined) await loadWhenUp(options.neo4j, topology, context);
    else await serve(options, topology, context);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    if (options.onceLoad) process.exitCode = 1;
  }
}

/** The catalogue's advice names the bridge's settings; here they are flags. */
const ACTIONS: Partial<Record<ErrorCode, string>> = {
  CONFIG_INVALID: 'See --help',
  PORT_IN_USE: 'Stop the other process or choose another --port',
  ADDRESS_UNAVAILABLE: 'Set --host to an address of this machine',
  TOPOLOGY_FILE_UNREADABLE: 'Check the path of --topology and its permissions',
  NEO4J_AUTH_FAILED: 'Check --neo4j-username and the variable that --neo4j-password-env names',
};

const tellFault = (error: unknown): void => void process.stderr.write(startFaultText(error, ACTIONS));

try {
  await run(process.argv.slice(2));
} catch (error) {
  tellFault(error);
  process.exitCode = 1;
}
