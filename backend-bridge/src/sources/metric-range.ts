import type { MetricSpec, Topology } from '@topdeck/protocol';
import type { MetricRange, RangeRequest } from './metrics-source.ts';

/** More points than a panel has pixels for are of no use to anyone. */
const MAX_TIMES = 1_000;
/** Values of all series in one answer: about 6 MB of JSON. */
const MAX_VALUES = 400_000;

export interface RangePlan {
  readonly stepMs: number;
  readonly times: readonly number[];
}

interface PlanRequest extends Pick<RangeRequest, 'fromMs' | 'toMs' | 'stepMs'> {
  /** Series that the answer is to have. */
  readonly wanted: number;
  /** Values that have to be read or computed for each time, wanted or not. */
  readonly readPerTime: number;
  readonly maxRead: number;
}

/**
 * The times to ask for: multiples of the step, so that a range that moves on asks for the same times again. Where there
 * would be too many, the step grows to the next multiple of itself that fits.
 */
export function planRange({ fromMs, toMs, stepMs, wanted, readPerTime, maxRead }: PlanRequest): RangePlan {
  if (toMs < fromMs) return { stepMs, times: [] };
  const most = Math.min(MAX_TIMES, MAX_VALUES / Math.max(1, wanted), maxRead / Math.max(1, readPerTime));
  const limit = Math.max(1, Math.floor(most));
  const asked = Math.floor((toMs - fromMs) / stepMs) + 1;
  const widened = stepMs * Math.ceil(asked / limit);
  const first = Math.ceil(fromMs / widened);
  const count = Math.max(0, Math.floor(toMs / widened) - first + 1);
  return { stepMs: widened, times: Array.from({ length: count }, (_, k) => (first + k) * widened) };
}

export const entityCount = ({ resources, dependencies }: Topology, { scope }: MetricSpec): number =>
  scope === 'service' ? resources.length : dependencies.length;

/** Those asked for. */
export const entitiesOf = ({ topology, metric, entities }: RangeRequest): readonly number[] =>
  entities ?? Array.from({ length: entityCount(topology, metric) }, (_, index) => index);

/** The answer to whoever asks for no entity, or for a range without a time in it. */
export const emptyRange = ({ stepMs, times }: RangePlan, entities: readonly number[]): MetricRange => ({
  stepMs,
  times,
  entities,
  columns: times.map(() => new Float64Array(entities.length).fill(Number.NaN)),
});
