/** Entry of the diagnosing thread. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ConfigValues } from '../config-schema.ts';
import { systemClock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import { createLog } from '../telemetry/log.ts';
import { buildPipeline } from './build-pipeline.ts';
import { concealConfig } from './config-transfer.ts';
import { toFault, type Reply } from './feed-messages.ts';
import { FeedServer } from './feed-server.ts';

export interface PipelineWorkerData {
  readonly config: ConfigValues;
  readonly prettyLog: boolean;
}

const port = parentPort as MessagePort;
const { config: values, prettyLog } = workerData as PipelineWorkerData;
const config = concealConfig(values);
const log = createLog({ level: config.LOG_LEVEL, pretty: prettyLog });
const tell = (reply: Reply): void => port.postMessage(reply);

try {
  const pipeline = buildPipeline(config, { clock: systemClock, log });
  await pipeline.start();
  new FeedServer(port, pipeline.feed, log);
  tell({ kind: 'started' });
} catch (error) {
  if (!(error instanceof BridgeError)) log.error({ event: 'pipeline.start_failed', err: error });
  tell({ kind: 'start-failed', fault: toFault(error) });
}
