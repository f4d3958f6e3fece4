import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { createEngine, DEFAULT_RATIO_WINDOW_MS, type Engine, type EngineOptions } from '../engine/engine.ts';
import { DETECTOR_NAMES } from '../engine/detectors/table.ts';
import { BridgeError } from '../errors.ts';
import { openDetectorStore, openHistory } from '../history/open-history.ts';
import type { Feed } from '../publisher/feed.ts';
import { Publisher, type PublisherConfig } from '../publisher/publisher.ts';
import { createFileTopology } from '../sources/file-topology.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';
import { createNeo4jTopology } from '../sources/neo4j-topology.ts';
import { loadPreset } from '../sources/presets.ts';
import { PrometheusMetrics } from '../sources/prometheus-metrics.ts';
import { SimulatedMetrics } from '../sources/simulated-metrics.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import type { Log } from '../telemetry/log.ts';
import { createPipelineMetrics, type PipelineMetrics } from '../telemetry/metrics.ts';
import { layOutInThread } from './layout-thread.ts';

const DEMO_TOPOLOGY = fileURLToPath(new URL('../../topologies/demo.yaml', import.meta.url));

export interface PipelineDependencies {
  readonly clock: Clock;
  readonly log: Log;
}

/** The diagnosing side, put together. */
export interface Pipeline {
  readonly feed: Feed;
  /** Opens the sources. Rejects with the faults that trying again cannot mend. */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface SourceDependencies extends PipelineDependencies {
  readonly metrics: PipelineMetrics;
}

function createTopologySource(config: Config, deps: SourceDependencies): TopologySource {
  const limits = {
    labels: config.TOPOLOGY_LABELS,
    maxNodes: config.TOPOLOGY_MAX_NODES,
    maxEdges: config.TOPOLOGY_MAX_EDGES,
  };
  if (config.NEO4J_URI === undefined) {
    return createFileTopology({ path: config.TOPOLOGY_FILE ?? DEMO_TOPOLOGY, ...limits }, deps);
  }
  return createNeo4jTopology(
    {
      ...limits,
      uri: config.NEO4J_URI,
      username: config.NEO4J_USERNAME,
      password: config.NEO4J_PASSWORD,
      database: config.NEO4J_DATABASE,
      nodesQuery: config.NEO4J_NODES_QUERY,
      edgesQuery: config.NEO4J_EDGES_QUERY,
      timeoutS: config.NEO4J_TIMEOUT_S,
      refreshS: config.TOPOLOGY_REFRESH_S,
    },
    deps,
  );
}

interface Metrics {
  readonly source: MetricsSource;
  /** Rejects when the upstream refuses the credentials. */
  readonly check: () => Promise<unknown>;
  /** Span over which requests are counted. */
  readonly ratioWindowMs: number;
}

function createMetrics(config: Config, deps: SourceDependencies): Metrics {
  if (config.PROMETHEUS_URL === undefined) {
    const source = new SimulatedMetrics({ seed: config.SIMULATOR_SEED, demo: true });
    return { source, check: async () => undefined, ratioWindowMs: DEFAULT_RATIO_WINDOW_MS };
  }
  const source = new PrometheusMetrics(
    {
      url: config.PROMETHEUS_URL,
      username: config.PROMETHEUS_USERNAME,
      password: config.PROMETHEUS_PASSWORD,
      token: config.PROMETHEUS_TOKEN,
      headers: config.PROMETHEUS_HEADERS,
      caFile: config.PROMETHEUS_CA_FILE,
      preset: loadPreset(config.METRICS_PRESET),
      rateWindow: config.PROMETHEUS_RATE_WINDOW,
      timeoutMs: config.PROMETHEUS_TIMEOUT_S * 1000,
    },
    deps,
  );
  return { source, check: () => source.checkAtStart(), ratioWindowMs: durationMs(config.PROMETHEUS_RATE_WINDOW) };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
function durationMs(promqlDuration: string): number {
  const amount = Number.parseInt(promqlDuration, 10);
  return amount * UNIT_MS[promqlDuration.replace(/^\d+/, '')];
}

function checkDetectors({ DETECTORS }: Config): void {
  const unknown = DETECTORS.filter((name) => !DETECTOR_NAMES.includes(name));
  if (unknown.length === 0) return;
  const detail = `\n  DETECTORS: no ${unknown.join(', ')}; there are ${DETECTOR_NAMES.join(', ')}`;
  throw new BridgeError('CONFIG_INVALID', { detail });
}

const publisherConfig = (config: Config, ratioWindowMs: number): PublisherConfig => ({
  collectIntervalS: config.COLLECT_INTERVAL_S,
  listenerGraceS: config.LISTENER_GRACE_S,
  backfillS: config.BACKFILL_S,
  seasonBackfillDays: config.SEASON_BACKFILL_DAYS,
  resumeWindowS: config.RESUME_WINDOW_S,
  deltaResolution: config.DELTA_RESOLUTION,
  historyRetentionDays: config.HISTORY_RETENTION_DAYS,
  ratioWindowMs,
});

/**
 * The composition root of the diagnosing thread. Throws the faults of the configuration: CONFIG_INVALID,
 * METRICS_PRESET_INVALID, HISTORY_UNAVAILABLE.
 */
export function buildPipeline(config: Config, { clock, log }: PipelineDependencies): Pipeline {
  checkDetectors(config);
  const metrics = createPipelineMetrics();
  const deps = { clock, log, metrics };
  const { source, check, ratioWindowMs } = createMetrics(config, deps);
  const engineOptions: Omit<EngineOptions, 'metrics'> = {
    stepMs: config.COLLECT_INTERVAL_S * 1000,
    thresholds: { defaults: config.THRESHOLDS, overrides: config.THRESHOLD_OVERRIDES },
    detectors: config.DETECTORS,
    ratioWindowMs,
  };
  const publisher = new Publisher({
    topologySource: createTopologySource(config, deps),
    metricsSource: source,
    createEngine: (specs): Engine => createEngine({ ...engineOptions, metrics: specs }),
    history: openHistory(config.HISTORY_FILE),
    detectorStore: openDetectorStore(config.HISTORY_FILE),
    layOut: layOutInThread,
    ...deps,
    config: publisherConfig(config, ratioWindowMs),
  });
  return {
    feed: publisher,
    close: () => publisher.close(),
    async start() {
      await Promise.all([check(), publisher.start()]).catch(async (error: unknown) => {
        await publisher.close();
        throw error;
      });
    },
  };
}
