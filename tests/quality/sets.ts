import { NAB } from './nab/nab-set.ts';
import type { QualitySet } from './quality-set.ts';

/** Every set that can be measured, in the order of the report. */
export const SETS: readonly QualitySet[] = [NAB];
