import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { MetricsBatch, Topology } from '@topdeck/protocol';
import { systemClock } from '../../backend-bridge/src/clock.ts';
import { DEFAULT_EDGES_QUERY, DEFAULT_NODES_QUERY } from '../../backend-bridge/src/config-schema.ts';
import { Secret } from '@topdeck/protocol/secret';
import { generateTopology } from '../../backend-bridge/src/simulator/generate-topology.ts';
import { parseTopologyFile } from '../../backend-bridge/src/sources/file-topology-format.ts';
import { createNeo4jTopology } from '../../backend-bridge/src/sources/neo4j-topology.ts';
import { loadPreset } from '../../backend-bridge/src/sources/presets.ts';
import { PrometheusMetrics } from '../../backend-bridge/src/sources/prometheus-metrics.ts';
import { SimulatedMetrics } from '../../backend-bridge/src/sources/simulated-metrics.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { createPipelineMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';
import { Neo4jServer, prepareNeo4j } from '../fixtures/neo4j-server.ts';
import { detectPrometheus, PrometheusServer } from '../fixtures/prometheus-server.ts';
import type { Env } from '../fixtures/node-process.ts';
import { SimulatorProcess } from '../fixtures/simulator-process.ts';

jest.setTimeout(60_000);
const LABELS = ['namespace', 'environment', 'team', 'tier', 'region', 'cluster'];
const LIMITS = { labels: LABELS, maxNodes: 100_000, maxEdges: 500_000 };
const DEMO_FILE = new URL('../../backend-bridge/topologies/demo.yaml', import.meta.url);
const DEMO = parseTopologyFile(readFileSync(DEMO_FILE, 'utf8'), { format: 'yaml', ...LIMITS });

const running: SimulatorProcess[] = [];
/** On a free port, unless `args` name one. */
function simulate(args = '', env: Env = {}): SimulatorProcess {
  const started = new SimulatorProcess(args.split(' ').filter(Boolean), env);
  running.push(started);
  return started;
}
const stopAll = async (): Promise<void> => {
  for (const simulator of running.splice(0)) await simulator.stop();
};
const pause = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

describe('npm run simulate', () => {
  afterEach(stopAll);

  test('serves until it is told to stop, and ends with 0', async () => {
    const simulator = simulate('--services 50 --edges 120 --seed 9');
    const url = await simulator.url();
    const topology = (await (await fetch(`${url}/topology`)).json()) as Topology;
    expect([topology.resources.length, topology.dependencies.length]).toEqual([50, 120]);
    expect(await simulator.stop()).toBe(0);
  });

  test('a port in use, a missing file, a wrong flag: one clear message each, and exit code 1', async () => {
    const { port } = new URL(await simulate().url());
    const cases: [string, string][] = [
      [`--port ${port}`, `PORT_IN_USE: The address is already in use: 127.0.0.1:${port}\n  → Stop the other process`],
      ['--topology /nowhere.yaml', 'TOPOLOGY_FILE_UNREADABLE: TOPOLOGY_FILE cannot be read: /nowhere.yaml (ENOENT)\n'],
      ['--prot 9400', 'CONFIG_INVALID: The configuration is invalid: \n  --prot: unknown flag'],
    ];
    for (const [args, message] of cases) {
      const failing = simulate(args);
      expect(await failing.exited).toBe(1);
      expect(failing.output).toContain(message);
      expect(failing.output).not.toMatch(/^\s+at /m);
    }
  });
});

const prometheus = await detectPrometheus();
const describePrometheus = prometheus.available ? describe : describe.skip;
const prometheusTitle = prometheus.available
  ? `a real Prometheus ${prometheus.version}`
  : `a real Prometheus: absent, ${prometheus.reason}`;
if (!prometheus.available) process.stdout.write(`skipped: ${prometheusTitle}\n`);

describePrometheus(`the simulator scraped by ${prometheusTitle}`, () => {
  /** Rates are taken over so long; the simulator must have been scraped for longer. */
  const WINDOW_S = 10;
  let server: PrometheusServer;
  let simulator: SimulatorProcess;
  const signal = new AbortController().signal;
  const deps = { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() };

  beforeAll(async () => {
    simulator = simulate('--seed 4 --service-graph');
    const url = await simulator.url();
    server = await PrometheusServer.start({ target: new URL(url).host, scrapeIntervalS: 1 });
    await pause((WINDOW_S + 5) * 1000);
  }, 90_000);
  afterAll(async () => {
    await stopAll();
    await server?.stop();
  });

  async function collect(preset: string): Promise<MetricsBatch> {
    const source = new PrometheusMetrics(
      {
        url: server.url,
        username: undefined,
        password: undefined,
        token: undefined,
        headers: {},
        caFile: undefined,
        preset: loadPreset(preset),
        rateWindow: `${WINDOW_S}s`,
        timeoutMs: 10_000,
      },
      deps,
    );
    try {
      return await source.collect({ topology: DEMO, atMs: Date.now(), signal });
    } finally {
      await source.close();
    }
  }
  const valueOf = (batch: MetricsBatch, key: string, id: string): number => {
    const column = batch.columns.find(({ spec }) => `${spec.scope}.${spec.name}` === key);
    return column?.values[DEMO.indexOf.get(id) as number] ?? Number.NaN;
  };

  test('the page passes promtool', async () => {
    const page = await (await fetch(`${await simulator.url()}/metrics`)).text();
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
    // promtool exits with 3 where it has advice on names; those are given by the conventions of others.
    expect({ parsed: status === 0 || status === 3, errors: stderr.match(/error while/g) }).toEqual({
      parsed: true,
      errors: null,
    });
  });

  test('Prometheus gives back what was simulated: every metric, every service and edge', async () => {
    const seen = await collect('topdeck');
    const halfWindowMs = (WINDOW_S * 1000) / 2;
    const simulated = await new SimulatedMetrics({ seed: 4, demo: false }).collect({
      topology: DEMO,
      atMs: seen.atMs - halfWindowMs,
      signal,
    });
    const tolerance: Record<string, number> = { latency_p95: 0.35, error_rate: 0.3 };
    const off: string[] = [];
    for (const [c, { spec, values, report }] of seen.columns.entries()) {
      expect([spec.name, report.outcome]).toEqual([spec.name, 'ok']);
      simulated.columns[c].values.forEach((value, i) => {
        const near = Math.abs(values[i] / value - 1) <= (tolerance[spec.name] ?? 0.1);
        if (!near && !(Number.isNaN(value) && Number.isNaN(values[i])))
          off.push(`${spec.scope}.${spec.name}[${i}]: ${values[i]} for ${value}`);
      });
    }
    expect(off).toEqual([]);
  });

  test('the service graph tells the same', async () => {
    const [http, traces] = [await collect('topdeck'), await collect('otel-servicegraph')];
    for (const key of ['service.request_rate', 'service.latency_p95'])
      expect(valueOf(traces, key, 'checkout') / valueOf(http, key, 'checkout')).toBeCloseTo(1, 1);
  });

  test('a fault started over HTTP is seen through Prometheus at its target and its callers, and goes when ended', async () => {
    const id = await simulator.startFault({ kind: 'down', target: 'payment-provider', magnitude: 1 });
    await pause((WINDOW_S + 2) * 1000);
    const during = await collect('topdeck');
    expect(valueOf(during, 'service.error_rate', 'payment-provider')).toBeGreaterThan(0.9);
    expect(valueOf(during, 'service.error_rate', 'payments')).toBeGreaterThan(0.2);
    expect(valueOf(during, 'service.error_rate', 'catalog')).toBeLessThan(0.02);
    await simulator.endFault(id);
    await pause((WINDOW_S + 4) * 1000);
    expect(valueOf(await collect('topdeck'), 'service.error_rate', 'payment-provider')).toBeLessThan(0.05);
  });
});

const neo4j = await prepareNeo4j();
const describeNeo4j = neo4j.available ? describe : describe.skip;
const neo4jTitle = neo4j.available ? `a real Neo4j (${neo4j.how})` : `a real Neo4j: absent, ${neo4j.reason}`;
if (!neo4j.available) process.stdout.write(`skipped: ${neo4jTitle}\n`);
/** What only a server of our own lets us do: kill it. */
const testOwned = process.env['NEO4J_TEST_URL'] === undefined ? test : test.skip;

describeNeo4j(`the simulator loads ${neo4jTitle}`, () => {
  let server: Neo4jServer;
  beforeAll(async () => {
    server = await Neo4jServer.start();
    await server.clear();
  }, 150_000);
  afterEach(stopAll);
  afterAll(async () => {
    // A server of our own takes its data with it; and a failed test may have left it dead.
    if (process.env['NEO4J_TEST_URL'] !== undefined) await server?.clear();
    await server?.stop();
  }, 150_000);

  const flags = (more: string): string =>
    `--neo4j-uri ${server.boltUri} --neo4j-username ${server.username} --neo4j-password-env TEST_PASSWORD ${more}`;
  const load = (more = '--once-load', password = server.password): SimulatorProcess =>
    simulate(flags(more), { TEST_PASSWORD: password });
  async function readBack(): Promise<Topology | undefined> {
    const source = createNeo4jTopology(
      {
        uri: server.boltUri,
        username: server.username,
        password: new Secret(server.password),
        database: undefined,
        nodesQuery: DEFAULT_NODES_QUERY,
        edgesQuery: DEFAULT_EDGES_QUERY,
        timeoutS: 30,
        refreshS: 3600,
        ...LIMITS,
      },
      { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() },
    );
    await source.start();
    const { topology } = source.read();
    await source.close();
    return topology;
  }

  test('the bridge reads the graph that was loaded; loading again changes nothing', async () => {
    for (let round = 0; round < 2; round += 1) {
      const loading = load();
      expect({ code: await loading.exited, output: loading.output }).toMatchObject({
        code: 0,
        output: expect.stringContaining('"event":"simulator.neo4j_loaded","nodes":23,"edges":34,"removedNodes":0'),
      });
      expect(await readBack()).toEqual(DEMO);
    }
    expect(await load().exited).toBe(0);
  });

  test('another graph takes the place of the one before, and what others put there stays', async () => {
    await server.run(
      "CREATE (a:Resource {id: 'catalog', name: 'not ours'})-[:DEPENDS_ON {since: 2020}]->(:Resource {id: 'theirs'})",
    );
    const loading = load('--once-load --services 6000 --edges 8000');
    expect(await loading.exited).toBe(0);
    const { resources } = generateTopology({ services: 6_000, edges: 8_000, seed: 1 });
    const kept = new Set(resources.map(({ id }) => id));
    const gone = DEMO.resources.filter(({ id }) => !kept.has(id)).length;
    expect(loading.output).toContain(`"nodes":6000,"edges":8000,"removedNodes":${gone}`);
    const [counts] = await server.run(
      'MATCH (n) OPTIONAL MATCH (n:Simulated) WITH count(n) AS nodes MATCH (:Simulated)-[r]->() RETURN nodes, count(r) AS edges',
    );
    expect(counts).toEqual({ nodes: 6_002, edges: 8_000 });
    const theirs = await server.run(
      "MATCH (a {name: 'not ours'})-[r]->(b) RETURN a.id AS a, labels(a) AS labels, r.since AS since, b.id AS b",
    );
    expect(theirs).toEqual([{ a: 'catalog', labels: ['Resource'], since: 2020, b: 'theirs' }]);
    await server.clear();
  });

  test('a wrong password ends it at once, without telling the password', async () => {
    const refused = load('', 'not-the-password');
    expect(await refused.exited).toBe(1);
    expect(refused.output).toContain('NEO4J_AUTH_FAILED: ');
    expect(refused.output).toContain('→ Check --neo4j-username and the variable that --neo4j-password-env names');
    expect(refused.output).not.toContain('not-the-password');
  });

  testOwned(
    'waits for a Neo4j that is not up yet, serving meanwhile, and loads it then',
    async () => {
      await server.kill();
      const waiting = load('');
      await waiting.printed('simulator.neo4j_waiting');
      const health = async (): Promise<unknown> => (await fetch(`${await waiting.url()}/healthz`)).json();
      expect(await health()).toMatchObject({ status: 'ok', neo4j: 'loading' });
      await server.restart();
      await waiting.printed('simulator.neo4j_loaded', 60_000);
      expect(await health()).toMatchObject({ neo4j: 'loaded' });
      expect(await readBack()).toEqual(DEMO);
    },
    150_000,
  );
});
