import { Worker } from 'node:worker_threads';
import { layOut } from '../layout/continued-layout.ts';
import type { Layout, LayoutGraph } from '../layout/layout.ts';
import type { LayOut } from '../publisher/layouts.ts';
import type { LayoutWorkerData } from './layout-worker.ts';

/** Nodes and edges of a graph that takes a few milliseconds, less than a thread takes to start. */
const IN_PLACE_SIZE = 40;

function isQuick({ ids, edgeSource }: LayoutGraph, previous: Layout | undefined): boolean {
  if (ids.length + edgeSource.length <= IN_PLACE_SIZE) return true;
  const known = new Set(previous?.ids);
  return ids.every((id) => known.has(id));
}

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

/** What is small, or has all its places already, at once; the rest in a short-lived thread of their own, beside the one that diagnoses. */
export const layOutInThread: LayOut = async (graph, previous) =>
  isQuick(graph, previous) ? layOut(graph, previous) : inThread({ graph, previous });
