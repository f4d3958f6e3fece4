/**
 * Whole ticks of the running bridge on a real Neo4j and a real Prometheus that scrapes the simulator:
 * `node tests/load/real-tick-bench.ts`. One JSON line. Loopback only; ends what it started.
 */
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { Neo4jServer, prepareNeo4j } from '../fixtures/neo4j-server.ts';
import { eventually, getJson } from '../fixtures/node-process.ts';
import { OriginalClient } from '../fixtures/original-client.ts';
import { PrometheusServer } from '../fixtures/prometheus-server.ts';
import { SimulatorProcess } from '../fixtures/simulator-process.ts';

const SIZE = { services: 100, edges: 280 };
const TICKS = 30;
const SCRAPE_S = 5;
const STAGES = ['collect', 'diagnose', 'publish', 'total'] as const;

type Stage = (typeof STAGES)[number];
interface Reading {
  readonly ticks: number;
  readonly sumS: Readonly<Record<Stage, number>>;
  readonly prometheusQueries: number;
}

const total = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);

async function read(url: string): Promise<Reading> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sum = (stage: Stage): number =>
    total(text, new RegExp(`topdeck_tick_stage_seconds_sum\\{stage="${stage}"\\} (\\S+)`, 'g'));
  return {
    ticks: total(text, /topdeck_tick_stage_seconds_count\{stage="total"\} (\d+)/g),
    sumS: { collect: sum('collect'), diagnose: sum('diagnose'), publish: sum('publish'), total: sum('total') },
    prometheusQueries: total(
      text,
      /topdeck_upstream_queries_total\{upstream="prometheus",kind="instant",[^}]*\} (\d+)/g,
    ),
  };
}

/** Durations of single ticks: the self-metrics are sums, so they are read more often than ticks happen. */
async function watchTicks(url: string): Promise<{ tookMs: Record<Stage, number[]>; queriesPerTick: number }> {
  const tookMs: Record<Stage, number[]> = { collect: [], diagnose: [], publish: [], total: [] };
  const first = await read(url);
  let before = first;
  while (tookMs.total.length < TICKS) {
    await new Promise((later) => setTimeout(later, 200));
    const now = await read(url);
    if (now.ticks === before.ticks + 1) {
      for (const stage of STAGES) tookMs[stage].push((now.sumS[stage] - before.sumS[stage]) * 1000);
    }
    before = now;
  }
  const queries = before.prometheusQueries - first.prometheusQueries;
  return { tookMs, queriesPerTick: queries / (before.ticks - first.ticks) };
}

const median = (values: readonly number[]): number =>
  Number(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(1));

const detection = await prepareNeo4j();
if (!detection.available) throw new Error(`needs a real Neo4j: ${detection.reason}`);
const cleanUp: (() => Promise<unknown>)[] = [];
try {
  const graph = await Neo4jServer.start();
  cleanUp.push(() => graph.stop());
  const flags = ['--services', String(SIZE.services), '--edges', String(SIZE.edges), '--neo4j-uri', graph.boltUri];
  const simulator = new SimulatorProcess([...flags, '--neo4j-password-env', 'P'], { P: graph.password });
  cleanUp.push(() => simulator.stop());
  const target = new URL(await simulator.url()).host;
  await simulator.printed('simulator.neo4j_loaded');
  const prometheus = await PrometheusServer.start({ target, scrapeIntervalS: SCRAPE_S });
  cleanUp.push(() => prometheus.stop());
  const bridge = new BridgeProcess({
    NEO4J_URI: graph.boltUri,
    NEO4J_PASSWORD: graph.password,
    PROMETHEUS_URL: prometheus.url,
    PROMETHEUS_RATE_WINDOW: `${6 * SCRAPE_S}s`,
    COLLECT_INTERVAL_S: '1',
    BACKFILL_S: '0',
  });
  cleanUp.push(() => bridge.stop());
  const url = await bridge.url();
  const client = await OriginalClient.connect(url, 1);
  cleanUp.unshift(async () => client.close());
  await eventually(
    'data for every service',
    async () => {
      const { services } = await getJson<{ services: { status: string }[] }>(`${url}/api/v1/live-diagnostics/snapshot`);
      return services.length === SIZE.services && services.every((s) => s.status !== 'unknown') ? true : undefined;
    },
    120_000,
  );
  const { tookMs, queriesPerTick } = await watchTicks(url);
  const p50 = Object.fromEntries(STAGES.map((stage) => [`${stage}_p50_ms`, median(tookMs[stage])]));
  const figures = {
    ...SIZE,
    scrape_s: SCRAPE_S,
    ticks: TICKS,
    ...p50,
    total_max_ms: Number(Math.max(...tookMs.total).toFixed(1)),
  };
  process.stdout.write(
    `${JSON.stringify({ bench: 'real-tick', ...figures, prometheus_queries_per_tick: queriesPerTick, must_ms: 300, goal_ms: 100 })}\n`,
  );
} finally {
  for (const end of cleanUp.reverse()) await end();
}
