import type { MetricSpec } from '@topdeck/protocol';
import type { Hysteresis, Verdicts } from '../gate.ts';

/** One column at one tick, as a detector sees it. Arrays are aligned with the values. */
export interface ColumnView {
  readonly spec: MetricSpec;
  readonly values: Float64Array;
  /** Standard deviations from the expected value; NaN where unknown or not warm. */
  readonly z: Float64Array;
  /** Multiples of the least effect that matters. */
  readonly effect: Float64Array;
  readonly expected: Float64Array;
  /** −log10 of the probability of each value (surprise/); undefined where no detector needs it. */
  readonly evidence: Float64Array | undefined;
  /** Number of requests behind each value, where known. */
  readonly requests: Float64Array | undefined;
  /** The configured floor of this metric per series, where it has one. */
  readonly floors: Float64Array | undefined;
}

/** One way to tell that a value is wrong. Stateless: what must be remembered is in the baseline and in the gates. */
export interface Detector {
  readonly name: string;
  readonly hysteresis: Hysteresis;
  /** true where it can say nothing of a series before the baseline is warm. */
  readonly needsWarmUp: boolean;
  /** true where it judges by `evidence`. */
  readonly needsEvidence?: boolean;
  watches(spec: MetricSpec): boolean;
  /** Fills judgement (and score, where deviating) for every series of the column. */
  judge(view: ColumnView, verdicts: Verdicts): void;
  /** What the value is held against, in the metric's unit. */
  reference(view: ColumnView, index: number): number;
  /** The reference in words, for example `expected 0.05 s`. */
  explain(reference: string): string;
}
