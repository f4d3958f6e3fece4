import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Feed } from '../publisher/feed.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import { revealConfig } from './config-transfer.ts';
import type { PipelineWorkerData } from './pipeline-worker.ts';
import { WorkerFeed } from './worker-feed.ts';

export interface PipelineConnection {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<ServerMetrics, 'pipelineRestarts'>;
}

function startWorker(config: Config): Worker {
  const isTerminal = config.LOG_FORMAT === 'auto' && process.stdout.isTTY;
  const workerData: PipelineWorkerData = {
    config: revealConfig(config),
    prettyLog: config.LOG_FORMAT === 'pretty' || isTerminal,
  };
  return new Worker(new URL('./pipeline-worker.ts', import.meta.url), { workerData, name: 'pipeline' });
}

/** Starts the diagnosing thread. Rejects with the fault that keeps it from starting; later crashes are mended by restarts. */
export async function connectPipeline({ config, clock, log, metrics }: PipelineConnection): Promise<Feed> {
  const feed = new WorkerFeed({
    startWorker: () => startWorker(config),
    onRestart: () => metrics.pipelineRestarts.inc(),
    clock,
    log,
  });
  await feed.start();
  return feed;
}
