import type { Detector } from './detector.ts';
import { createRobustDetector } from './robust.ts';
import { createStaticDetector } from './static.ts';
import { createSurpriseDetector, type Cadence } from './surprise.ts';

/** Every detector that a configuration may name. */
export const DETECTORS: ReadonlyMap<string, (cadence: Cadence) => Detector> = new Map([
  ['robust', createRobustDetector],
  ['static', createStaticDetector],
  ['surprise', createSurpriseDetector],
]);
export const DETECTOR_NAMES: readonly string[] = [...DETECTORS.keys()];

/** Throws a RangeError for a name that is not in the table. */
export function createDetectors(names: readonly string[], cadence: Cadence): Detector[] {
  return [...new Set(names)].map((name) => {
    const create = DETECTORS.get(name);
    if (create === undefined) throw new RangeError(`no detector ${name}; there are ${DETECTOR_NAMES.join(', ')}`);
    return create(cadence);
  });
}
