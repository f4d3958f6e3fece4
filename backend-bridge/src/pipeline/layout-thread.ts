import { Worker } from 'node:worker_threads';
import { layOut } from '../layout/continued-layout.ts';
import type { Layout } from '../layout/layout.ts';
import type { LayOut } from '../publisher/layouts.ts';
import type { LayoutWorkerData } from './layout-worker.ts';

/** Nodes and edges of a graph that takes a few milliseconds, less than a thread takes to start. */
const IN_PLACE_SIZE = 80;

function inThread(workerData: LayoutWorkerData): Promise<Layout> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { workerData, name: 'layout' });
    // Whoever closes the pipeline does not wait for a layout that nobody will see.
    worker.unref();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the layout thread ended with exit code ${code}`)));
  });
}

/** Small graphs at once, others in a short-lived thread of their own, beside the one that diagnoses. */
export const layOutInThread: LayOut = async (graph, previous) =>
  graph.ids.length + graph.edgeSource.length <= IN_PLACE_SIZE ? layOut(graph, previous) : inThread({ graph, previous });
