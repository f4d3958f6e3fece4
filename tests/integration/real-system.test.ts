import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HistoryEvent, ServiceHealth, Snapshot } from '@topdeck/protocol';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { prepareNeo4j, Neo4jServer } from '../fixtures/neo4j-server.ts';
import { eventually, getJson } from '../fixtures/node-process.ts';
import { OriginalClient } from '../fixtures/original-client.ts';
import { detectPrometheus, PrometheusServer } from '../fixtures/prometheus-server.ts';
import { SimulatorProcess } from '../fixtures/simulator-process.ts';

const [neo4j, prometheus] = [await prepareNeo4j(), await detectPrometheus()];
const ready = neo4j.available && prometheus.available && process.env['NEO4J_TEST_URL'] === undefined;
if (!ready) process.stdout.write('skipped: the whole system, which needs a Neo4j and a Prometheus of its own\n');

const COLLECT_S = 2;
/** “Within two ticks”, with a tick's own duration and the polling of the test on top. */
const TWO_TICKS_MS = 2 * COLLECT_S * 1000 + 1_500;
const FAULT_TARGET = 'payments';

/** Simulator → Prometheus and Neo4j → bridge → a client of the original protocol: every part a process of its own. */
(ready ? describe : describe.skip)('the whole system on a real Neo4j and a real Prometheus', () => {
  let graph: Neo4jServer;
  let simulator: SimulatorProcess;
  let metrics: PrometheusServer;
  let bridge: BridgeProcess;
  let url: string;
  let client: OriginalClient;
  let env: Record<string, string>;

  const snapshot = (): Promise<Snapshot> => getJson<Snapshot>(`${url}/api/v1/live-diagnostics/snapshot`);
  const when = (what: string, holds: (s: Snapshot) => boolean, timeoutMs: number): Promise<Snapshot> =>
    eventually(
      what,
      async () => {
        const s = await snapshot();
        return holds(s) ? s : undefined;
      },
      timeoutMs,
    );
  const service = (s: Snapshot, id: string): ServiceHealth =>
    s.services.find((one) => one.resource_id === id) as ServiceHealth;
  const counter = async (pattern: RegExp): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
  };
  const everyoneKnown = (s: Snapshot): boolean =>
    s.services.length > 0 && s.services.every((one) => one.status !== 'unknown');
  const allHealthy = (s: Snapshot): boolean =>
    s.services.length > 0 && s.services.every((one) => one.status === 'healthy');

  beforeAll(async () => {
    graph = await Neo4jServer.start();
    simulator = new SimulatorProcess(['--neo4j-uri', graph.boltUri, '--neo4j-password-env', 'SIMULATOR_PASSWORD'], {
      SIMULATOR_PASSWORD: graph.password,
    });
    const target = new URL(await simulator.url()).host;
    await simulator.printed('simulator.neo4j_loaded');
    metrics = await PrometheusServer.start({ target });
    env = {
      NEO4J_URI: graph.boltUri,
      NEO4J_PASSWORD: graph.password,
      PROMETHEUS_URL: metrics.url,
      PROMETHEUS_RATE_WINDOW: '8s',
      PROMETHEUS_TIMEOUT_S: '1',
      TOPOLOGY_REFRESH_S: '2',
      NEO4J_TIMEOUT_S: '2',
      COLLECT_INTERVAL_S: String(COLLECT_S),
      BACKFILL_S: '30',
      HISTORY_FILE: join(mkdtempSync(join(tmpdir(), 'topdeck-history-')), 'history.sqlite'),
    };
    bridge = new BridgeProcess(env);
    url = await bridge.url();
    client = await OriginalClient.connect(url, COLLECT_S);
  }, 120_000);

  afterAll(async () => {
    client.close();
    await Promise.all([bridge.stop(), simulator.stop(), metrics.stop(), graph.stop()]);
  }, 30_000);

  test('the start table says that both are real', () => {
    expect(bridge.output).toMatch(/topology\s+real\s+Neo4j bolt:/);
    expect(bridge.output).toMatch(/metrics\s+real\s+Prometheus http:/);
    expect(bridge.output).not.toContain(graph.password);
  });

  test('SNAP-4 every service of the graph is known and healthy, sources are fresh', async () => {
    const s = await when('all services healthy', allHealthy, 60_000);
    const [row] = await graph.run('MATCH (n) WHERE n.id IS NOT NULL RETURN count(n) AS nodes');
    expect(s.services).toHaveLength(row?.['nodes'] as number);
    expect(s.freshness).toMatchObject({
      topology: { source: 'neo4j', state: 'fresh' },
      metrics: { source: 'prometheus', state: 'fresh' },
    });
    expect(s.traffic_patterns.length).toBeGreaterThan(10);
  }, 70_000);

  test('at most 12 Prometheus queries a tick and 2 Neo4j queries a refresh', async () => {
    const ticks = /topdeck_ticks_total\{outcome="done"\} (\d+)/g;
    const queries = /topdeck_upstream_queries_total\{upstream="prometheus",kind="instant",[^}]*\} (\d+)/g;
    const cypher = /topdeck_upstream_queries_total\{upstream="neo4j",kind="nodes",[^}]*\} (\d+)/g;
    const edges = /topdeck_upstream_queries_total\{upstream="neo4j",kind="edges",[^}]*\} (\d+)/g;
    await eventually('a few ticks', async () => ((await counter(ticks)) > 3 ? true : undefined), 30_000);
    expect((await counter(queries)) / (await counter(ticks))).toBeLessThanOrEqual(12);
    expect(await counter(cypher)).toBeGreaterThan(0);
    expect(Math.abs((await counter(cypher)) - (await counter(edges)))).toBeLessThanOrEqual(1);
  });

  test('EVT-1 SNAP-5 a fault in the simulated system becomes one anomaly, a failing dependency, and goes', async () => {
    const id = await simulator.startFault({ kind: 'errors', target: FAULT_TARGET, magnitude: 0.9 });
    const sick = await when('the target is not healthy', (s) => service(s, FAULT_TARGET).status !== 'healthy', 30_000);
    const callers = sick.dependencies.filter(([, target]) => target === FAULT_TARGET).map(([source]) => source);
    expect(sick.failing_dependencies.filter((f) => f.target_id === FAULT_TARGET).map((f) => f.source_id)).toEqual(
      callers.sort(),
    );
    const event = await client.until(
      () => client.ofType('anomaly_detected').find((m) => (m['data'] as ServiceHealth).resource_id === FAULT_TARGET),
      20_000,
    );
    const { alert_id: alertId } = event['data'] as { alert_id: string };
    await new Promise((later) => setTimeout(later, 3 * COLLECT_S * 1000));
    const again = client
      .ofType('anomaly_detected')
      .filter((m) => (m['data'] as { alert_id: string }).alert_id === alertId);
    expect(again).toHaveLength(1);
    await simulator.endFault(id);
    await when('all healthy again', allHealthy, 120_000);
    await when('the anomaly is resolved', (s) => s.anomalies.every((a) => a.alert_id !== alertId), 60_000);
  }, 240_000);

  test('SNAP-4 Neo4j killed: within two refreshes the topology is stale but served; restarted: fresh by itself', async () => {
    const before = (await snapshot()).services.length;
    await graph.kill();
    const stale = await when(
      'the topology is stale',
      (s) => s.freshness.topology.state === 'stale',
      TWO_TICKS_MS + 4_000,
    );
    expect(stale.services).toHaveLength(before);
    expect(stale.freshness.topology).toMatchObject({
      error_code: 'NEO4J_UNREACHABLE',
      last_success: expect.any(String),
    });
    expect(everyoneKnown(stale)).toBe(true);
    await graph.restart();
    await when('the topology is fresh again', (s) => s.freshness.topology.state === 'fresh', 40_000);
  }, 120_000);

  test.each([
    ['killed', () => metrics.kill(), () => metrics.restart()],
    ['hung', () => metrics.suspend(), () => Promise.resolve(metrics.resume())],
  ])(
    'SNAP-2 Prometheus %s: within two ticks nothing is called healthy; afterwards it recovers',
    async (_how, breakIt, mendIt) => {
      await breakIt();
      const blind = await when(
        'nobody is known',
        (s) => s.services.every((one) => one.status === 'unknown'),
        TWO_TICKS_MS + 1_000,
      );
      expect(blind.overall_health).toBe('unknown');
      expect(blind.services.every((one) => one.health_score === 0)).toBe(true);
      expect(blind.freshness.metrics.state).toBe('stale');
      await mendIt();
      await when('everybody is known again', everyoneKnown, 30_000);
    },
    60_000,
  );

  test('REST-7 the bridge killed: a new one has the history whole, and a dropped client reconnects', async () => {
    const history = (): Promise<HistoryEvent[]> =>
      getJson<HistoryEvent[]>(`${url}/api/v1/live-diagnostics/events?limit=1000`);
    const before = await history();
    expect(before.length).toBeGreaterThan(3);
    await bridge.kill();
    bridge = new BridgeProcess(env);
    url = await bridge.url();
    client = await OriginalClient.connect(url, COLLECT_S);
    await client.until(() => client.ofType('snapshot_update')[0], 10_000);
    const ids = new Set((await history()).map((event) => event.id));
    expect(before.every((event) => ids.has(event.id))).toBe(true);
  }, 60_000);

  test('a wrong password ends the start at once and says so', async () => {
    const refused = new BridgeProcess({ ...env, NEO4J_PASSWORD: 'not-the-password' });
    expect(await refused.exited).not.toBe(0);
    expect(refused.output).toContain('NEO4J_AUTH_FAILED');
    expect(refused.output).not.toContain('not-the-password');
  }, 30_000);
});
