import type { MetricSpec } from '@topdeck/protocol';
import { fromDomain, measureOf, scaleInUnit, toDomain, type Measure } from '../measures.ts';
import type { Reference } from './reference.ts';
import { ROOT_CAUSE } from './tuning.ts';

/** What one series did of late, against what was expected before. Unknown numbers are NaN. */
export interface Signal {
  readonly value: number;
  readonly expected: number;
  /** Standard deviations, signed, in the domain of the measure. */
  readonly z: number;
  /** Standard deviation as a share of what is expected. */
  readonly noise: number;
  /** Ticks that it is the mean of. */
  readonly count: number;
  /** Begin of the first tick that was off by halfTrustZ. */
  readonly onsetMs: number;
}
const UNKNOWN: Signal = {
  value: Number.NaN,
  expected: Number.NaN,
  z: Number.NaN,
  noise: Number.NaN,
  count: 0,
  onsetMs: Number.NaN,
};

export interface EvidenceTick {
  readonly atMs: number;
  readonly columns: readonly {
    readonly values: Float64Array;
    /** Of the detectors, with the season; NaN before they are warm, when the reference stands in. */
    readonly expected: Float64Array;
  }[];
  /** By column, from before the tick was learnt. */
  readonly references: readonly Reference[];
}

/** The last ticks. Immutable: `with` gives the next one, so that a search may outlive the tick it was made for. */
export class EvidenceWindow {
  readonly specs: readonly MetricSpec[];
  readonly #measures: readonly Measure[];
  readonly #ticks: readonly EvidenceTick[];

  constructor(specs: readonly MetricSpec[], ticks: readonly EvidenceTick[] = []) {
    this.specs = specs;
    this.#measures = specs.map(measureOf);
    this.#ticks = ticks;
  }

  with({ atMs, columns, references }: EvidenceTick): EvidenceWindow {
    const tick = { atMs, references, columns: columns.map(({ values, expected }) => ({ values, expected })) };
    return new EvidenceWindow(this.specs, [...this.#ticks, tick].slice(-ROOT_CAUSE.windowTicks));
  }

  get atMs(): number {
    return this.#ticks.at(-1)?.atMs ?? Number.NaN;
  }

  /** Time of the first tick since then; of the newest where there is none. */
  firstSince(sinceMs: number): number {
    return this.#ticks.find(({ atMs }) => atMs >= sinceMs)?.atMs ?? this.atMs;
  }

  /** Mean over the ticks since then (at least the newest) against what was expected at the first of them. */
  signal(position: number, index: number, sinceMs: number): Signal {
    if (position < 0) return UNKNOWN;
    const measure = this.#measures[position];
    let [sum, count, level, spread, onsetMs] = [0, 0, Number.NaN, Number.NaN, Number.NaN];
    for (const [t, { atMs, columns, references }] of this.#ticks.entries()) {
      if (atMs < sinceMs && t < this.#ticks.length - 1) continue;
      const column = columns[position];
      const expected = column.expected[index];
      if (Number.isNaN(level)) {
        const reference = references[position];
        level = Number.isNaN(expected) ? reference.level[index] : toDomain(measure, expected);
        spread = reference.spread[index];
      }
      const value = column.values[index];
      if (!Number.isFinite(value)) continue;
      sum += value;
      count += 1;
      const isOff = Math.abs(toDomain(measure, value) - level) >= ROOT_CAUSE.halfTrustZ * spread;
      if (isOff && Number.isNaN(onsetMs)) onsetMs = atMs;
    }
    const expected = fromDomain(measure, level);
    if (count === 0) return { ...UNKNOWN, expected };
    const value = sum / count;
    const noise = scaleInUnit(measure, expected, spread) / Math.abs(expected);
    return { value, expected, z: (toDomain(measure, value) - level) / spread, noise, count, onsetMs };
  }
}
