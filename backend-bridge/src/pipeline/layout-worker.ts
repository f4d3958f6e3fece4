/** Entry of the thread that lays one graph out and ends. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { layOut } from '../layout/continued-layout.ts';
import type { Layout, LayoutGraph } from '../layout/layout.ts';

export interface LayoutWorkerData {
  readonly graph: LayoutGraph;
  readonly previous: Layout | undefined;
}

const { graph, previous } = workerData as LayoutWorkerData;
(parentPort as MessagePort).postMessage(layOut(graph, previous));
