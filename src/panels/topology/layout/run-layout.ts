import type { Progress } from './relax-in-steps.ts';
import { Relaxation, type LayoutTask } from './relaxation.ts';
import { startWorker } from './start-worker.ts';

export interface LayoutRun {
  /** Nothing is told afterwards. */
  stop(): void;
}

type OnProgress = (progress: Progress) => void;

/** After this long the layout is good enough as it is, in ms. */
const WORKER_LIMIT_MS = 15_000;
/** More than these would stop the page for longer than a picture with each step; where they begin is good enough then. */
const MAX_NODES_ON_MAIN = 1_500;

/** One step a picture, by the simulation's own timer. */
function runOnMain(task: LayoutTask, onProgress: OnProgress): LayoutRun {
  const relaxation = new Relaxation(task);
  const { simulation } = relaxation;
  const stop = (): void => {
    simulation.on('tick', null).stop();
  };
  let done = 0;
  simulation
    .on('tick', () => {
      done += 1;
      const isLast = done >= task.ticks;
      if (isLast) stop();
      onProgress({ places: relaxation.places(), isLast });
    })
    .restart();
  return { stop };
}

/** Throws where no worker starts. `onLost` is called when the one that started breaks down, with nothing told after it. */
function runInWorker(task: LayoutTask, onProgress: OnProgress, onLost: () => void): LayoutRun {
  const worker = startWorker();
  let beginMs: number | undefined;
  worker.onmessage = ({ data, timeStamp }: MessageEvent<Progress>) => {
    beginMs ??= timeStamp;
    const isLast = data.isLast || timeStamp - beginMs > WORKER_LIMIT_MS;
    if (isLast) worker.terminate();
    onProgress({ places: data.places, isLast });
  };
  worker.onerror = (event) => {
    // It is dealt with here; unhandled, the browser would print it.
    event.preventDefault();
    worker.terminate();
    onLost();
  };
  worker.postMessage(task);
  return {
    stop: () => {
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
    },
  };
}

/** The places that a task begins with, for where no more can be done. */
const asItIs = ({ places }: LayoutTask): Progress => ({ places, isLast: true });

/**
 * Runs a layout off the main thread, and in steps on it where no worker starts. Never calls back before it returns.
 */
export function runLayout(task: LayoutTask, onProgress: OnProgress, thread: 'worker' | 'main' = 'worker'): LayoutRun {
  let run: LayoutRun | undefined;
  let isStopped = false;
  const tell: OnProgress = (progress) => {
    if (!isStopped) onProgress(progress);
  };
  const onMain = (): void => {
    if (isStopped) return;
    if (task.graph.count <= MAX_NODES_ON_MAIN) run = runOnMain(task, tell);
    else queueMicrotask(() => tell(asItIs(task)));
  };
  if (thread === 'main' || typeof Worker === 'undefined') onMain();
  else {
    try {
      run = runInWorker(task, tell, onMain);
    } catch {
      onMain();
    }
  }
  return {
    stop: () => {
      isStopped = true;
      run?.stop();
    },
  };
}
