import type { BridgeFault } from './bridge.ts';
import type { SessionOptions } from './session-types.ts';

/** These last until a person changes something; they are looked at again, but not often. */
const NEEDS_A_PERSON: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN_SCOPE',
  'FORBIDDEN_HOST',
  'FORBIDDEN_ORIGIN',
  'AUTH_EXPIRED',
]);

/**
 * Wait before the next try, after so many waits in a row: doubled each time up to the cap, of which chance takes up to
 * half, so that those whom one restart has thrown out do not come back at the same moment.
 */
export function retryDelayMs(
  waits: number,
  fault: BridgeFault,
  { random, options }: { random: number; options: SessionOptions },
): number {
  const { retryBaseMs, retryCapMs } = options;
  if (NEEDS_A_PERSON.has(fault.code)) return retryCapMs;
  return Math.min(retryCapMs, retryBaseMs * 2 ** waits) * (1 - random / 2);
}
