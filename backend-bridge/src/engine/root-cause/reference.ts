import type { BaselineState } from '../baseline.ts';
import type { Measure } from '../measures.ts';
import { ROOT_CAUSE } from './tuning.ts';

export interface Reference {
  /** Expected value and standard deviation in the domain of the measure; NaN where nothing was learnt yet. */
  readonly level: Float32Array;
  readonly spread: Float32Array;
}

/**
 * What is expected of every series now. Unlike the detectors, which stay silent until they are warm, a ranking is better
 * off with few values than with none: the spread is wider the fewer they are.
 */
export function referenceOf(state: BaselineState, measure: Measure, season: Float64Array | undefined): Reference {
  const count = state.level.length;
  const [level, spread] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i += 1) {
    const learnt = state.level[i];
    level[i] = learnt + (season === undefined ? 0 : season[i]);
    const floor = measure.domain === 'linear' ? measure.scaleFloor * Math.abs(learnt) : measure.scaleFloor;
    const young = 1 + ROOT_CAUSE.youngSamples / Math.max(state.samples[i], 1);
    spread[i] = young * Math.max(state.scale[i], floor, Number.MIN_VALUE);
  }
  return { level, spread };
}
