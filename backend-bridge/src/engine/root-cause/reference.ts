import type { MetricsBatch } from '@topdeck/protocol';
import type { BaselineState } from '../baseline.ts';
import { measureOf, type Measure } from '../measures.ts';
import { ROOT_CAUSE } from './tuning.ts';

/** Expected value and standard deviation in the domain of the measure; NaN where nothing was learnt yet. */
export interface Reference {
  readonly level: Float32Array;
  readonly spread: Float32Array;
}

/** Of the least change that matters, the share that is taken for noise where values may lie around 0. */
const NOISE_SHARE = 0.25;

/**
 * What is expected of every series now. Unlike the detectors, which stay silent until they are warm, a ranking is better
 * off with few values than with none: the fewer there are, the wider the spread.
 */
function referenceOf(state: BaselineState, measure: Measure): Reference {
  const count = state.level.length;
  const [level, spread] = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i += 1) {
    level[i] = state.level[i];
    const share = measure.scaleFloor * (measure.domain === 'linear' ? Math.abs(level[i]) : 1);
    const floor = measure.domain === 'linear' ? Math.max(share, NOISE_SHARE * measure.minAbsolute) : share;
    const young = 1 + ROOT_CAUSE.youngSamples / Math.max(state.samples[i], 1);
    spread[i] = young * Math.max(state.scale[i], floor, Number.MIN_VALUE);
  }
  return { level, spread };
}

/** What is expected of every column, to be taken before the batch is learnt. */
export const referencesOf = (batch: MetricsBatch, baselines: readonly BaselineState[]): readonly Reference[] =>
  batch.columns.map(({ spec }, position) => referenceOf(baselines[position], measureOf(spec)));
