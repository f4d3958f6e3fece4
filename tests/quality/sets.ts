import { NAB } from './nab/nab-set.ts';
import { NEZHA } from './nezha/nezha-set.ts';
import { PETSHOP } from './petshop/petshop-set.ts';
import type { QualitySet } from './quality-set.ts';

/** Every set that can be measured, in the order of the report. */
export const SETS: readonly QualitySet[] = [NAB, PETSHOP, NEZHA];
