import type { Places } from '../model/places.ts';
import { Relaxation, type LayoutTask } from './relaxation.ts';

export interface Progress {
  readonly places: Places;
  readonly isLast: boolean;
}

/** Pictures of one layout, which are as many as the eye wants to follow it. */
const STEPS = 12;

export function* relaxInSteps(task: LayoutTask): Generator<Progress> {
  const relaxation = new Relaxation(task);
  const batch = Math.max(1, Math.ceil(task.ticks / STEPS));
  for (let done = 0; done < task.ticks;) {
    const steps = Math.min(batch, task.ticks - done);
    relaxation.tick(steps);
    done += steps;
    yield { places: relaxation.places(), isLast: done >= task.ticks };
  }
}
