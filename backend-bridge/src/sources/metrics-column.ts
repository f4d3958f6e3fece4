import type { MetricReport } from '@topdeck/protocol';
import type { CombineRule } from './metrics-well-known.ts';

/** What is said of an answer beside its values. */
export interface AnswerNotes {
  readonly partial: boolean;
  readonly warnings: readonly string[];
}

/**
 * Collects the values of one metric at one or several times into columns, by the rule that combines several series of
 * one entity. NaN and ±Inf are unknown and take no part.
 */
export class ColumnBuilder {
  readonly size: number;
  readonly steps: number;
  /** `steps` columns one after another. */
  readonly #values: Float64Array;
  readonly #matched: Uint32Array;
  readonly #rule: CombineRule;
  /** Series so far of each value; only an average needs to know. */
  readonly #counts: Uint32Array | undefined;
  unmatchedSeries = 0;

  constructor(size: number, steps: number, rule: CombineRule) {
    this.size = size;
    this.steps = steps;
    this.#values = new Float64Array(size * steps).fill(Number.NaN);
    this.#matched = new Uint32Array(steps);
    this.#rule = rule;
    this.#counts = rule === 'avg' ? new Uint32Array(size * steps) : undefined;
  }

  reset(): void {
    this.#values.fill(Number.NaN);
    this.#matched.fill(0);
    this.#counts?.fill(0);
    this.unmatchedSeries = 0;
  }

  add(entity: number, step: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const at = step * this.size + entity;
    const before = this.#values[at];
    this.#matched[step] = this.#matched[step] + 1;
    this.#values[at] = Number.isNaN(before) ? value : this.#combine(at, before, value);
  }

  #combine(at: number, before: number, value: number): number {
    if (this.#rule === 'sum') return before + value;
    if (this.#rule === 'max') return Math.max(before, value);
    if (this.#rule === 'min') return Math.min(before, value);
    const counts = this.#counts as Uint32Array;
    const count = counts[at] + 1;
    counts[at] = count;
    return before + (value - before) / (count + 1);
  }

  /** The column of one step; it shares no values with other steps. */
  values(step: number): Float64Array {
    return this.#values.subarray(step * this.size, (step + 1) * this.size);
  }

  report(step: number, { partial, warnings }: AnswerNotes): MetricReport {
    const seriesMatched = this.#matched[step];
    const seriesUnmatched = this.unmatchedSeries;
    return seriesMatched === 0
      ? { outcome: 'missing', seriesUnmatched, warnings }
      : { outcome: partial ? 'partial' : 'ok', seriesMatched, seriesUnmatched, warnings };
  }
}
