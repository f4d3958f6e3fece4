import type { MetricSpec } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { DetectorStore, HistoryStore } from '../history/history-store.ts';
import type { MetricsSource } from '../sources/metrics-source.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import type { LayOut } from './layouts.ts';

export interface PublisherConfig {
  readonly collectIntervalS: number;
  readonly listenerGraceS: number;
  readonly backfillS: number;
  /** Absent: none. */
  readonly seasonBackfillDays?: number;
  readonly resumeWindowS: number;
  readonly deltaResolution: number;
  readonly historyRetentionDays: number;
  /** Span over which the metrics source counts the requests that a value stands for. */
  readonly ratioWindowMs: number;
}

export interface PublisherParts {
  readonly topologySource: TopologySource;
  readonly metricsSource: MetricsSource;
  readonly createEngine: (metrics: readonly MetricSpec[]) => Engine;
  readonly history: HistoryStore;
  /** Undefined: what detectors learn ends with the process. */
  readonly detectorStore?: DetectorStore | undefined;
  readonly layOut: LayOut;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PipelineMetrics;
  readonly config: PublisherConfig;
}
