import type { Status } from '@topdeck/protocol';
import type { Mark } from '../draw/scene.ts';

const GRAVITY: readonly (Status | undefined)[] = [undefined, 'healthy', 'unknown', 'degraded', 'failed'];
const MARK_GRAVITY: readonly Mark[] = ['none', 'impacted', 'first-failure', 'cause'];

/** Orders statuses from harmless to grave; nothing known is graver than healthy, since it may hide anything. */
export const gravity = (status: Status | undefined): number => GRAVITY.indexOf(status);

export function gravest(statuses: Iterable<Status | undefined>): Status | undefined {
  let worst = 0;
  for (const status of statuses) worst = Math.max(worst, gravity(status));
  return GRAVITY[worst];
}

export function gravestMark(marks: Iterable<Mark>): Mark {
  let worst = 0;
  for (const mark of marks) worst = Math.max(worst, MARK_GRAVITY.indexOf(mark));
  return MARK_GRAVITY[worst];
}
