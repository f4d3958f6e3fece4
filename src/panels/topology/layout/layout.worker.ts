import { relaxInSteps } from './relax-in-steps.ts';
import type { LayoutTask } from './relaxation.ts';

// One task a worker: whoever does not want the rest of it ends the worker.
self.onmessage = ({ data }: MessageEvent<LayoutTask>) => {
  for (const progress of relaxInSteps(data)) self.postMessage(progress);
};
