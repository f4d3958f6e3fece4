import type { MetricsBatch, MetricSpec } from '@topdeck/protocol';
import type { BaselineState } from '../baseline.ts';
import { fromDomain, measureOf, toDomain, type Measure } from '../measures.ts';
import { referenceOf, type Reference } from './reference.ts';
import { ROOT_CAUSE } from './tuning.ts';

/** What one series did of late, against what was expected before. */
export interface Signal {
  readonly value: number;
  readonly expected: number;
  /** Standard deviations, signed, in the domain of the measure. */
  readonly z: number;
}

interface Column extends Reference {
  readonly values: Float64Array;
}
interface Tick {
  readonly atMs: number;
  readonly columns: readonly Column[];
}

/** The last ticks, each with what was expected before it was learnt. */
export class EvidenceWindow {
  readonly #specs: readonly MetricSpec[];
  readonly #measures: readonly Measure[];
  #ticks: Tick[] = [];

  constructor(specs: readonly MetricSpec[]) {
    this.#specs = specs;
    this.#measures = specs.map(measureOf);
  }

  /** To be called before the batch is learnt. */
  push(batch: MetricsBatch, baselines: readonly BaselineState[], seasons?: readonly (Float64Array | undefined)[]): void {
    const columns = batch.columns.map(({ values }, position): Column => {
      return { values, ...referenceOf(baselines[position], this.#measures[position], seasons?.[position]) };
    });
    this.#ticks.push({ atMs: batch.atMs, columns });
    if (this.#ticks.length > ROOT_CAUSE.windowTicks) this.#ticks.shift();
  }

  clear(): void {
    this.#ticks = [];
  }

  /** Mean over the ticks since then (at least the newest) against what was expected at the first of them. */
  signal(position: number, index: number, sinceMs: number): Signal {
    if (position < 0) return UNKNOWN;
    let [sum, count] = [0, 0];
    let [level, spread] = [Number.NaN, Number.NaN];
    for (const [t, { atMs, columns }] of this.#ticks.entries()) {
      if (atMs < sinceMs && t < this.#ticks.length - 1) continue;
      const column = columns[position];
      if (Number.isNaN(level)) [level, spread] = [column.level[index], column.spread[index]];
      const value = column.values[index];
      if (!Number.isFinite(value)) continue;
      sum += value;
      count += 1;
    }
    if (count === 0) return { ...UNKNOWN, expected: fromDomain(this.#measures[position], level) };
    const measure = this.#measures[position];
    const value = sum / count;
    return { value, expected: fromDomain(measure, level), z: (toDomain(measure, value) - level) / spread };
  }

  get specs(): readonly MetricSpec[] {
    return this.#specs;
  }
}

const UNKNOWN: Signal = { value: Number.NaN, expected: Number.NaN, z: Number.NaN };
