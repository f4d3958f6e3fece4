import { Baseline, baselineTimes, type BaselineCount, type BaselineInput, type BaselineState } from './baseline.ts';
import type { Verdicts } from './gate.ts';
import { Surprise, type SurpriseState } from './surprise/surprise.ts';

/** Reused for every column of every tick; as long as the longest. */
export interface ColumnScratch {
  readonly z: Float64Array;
  readonly effect: Float64Array;
  readonly y: Float64Array;
  readonly elapsedS: Float64Array;
  readonly season: Float64Array;
  readonly evidence: Float64Array;
  readonly onset: Uint8Array;
  readonly verdicts: Verdicts;
}

export function allocateScratch(length: number): ColumnScratch {
  const numbers = (): Float64Array => new Float64Array(length);
  return {
    z: numbers(),
    effect: numbers(),
    y: numbers(),
    elapsedS: numbers(),
    season: numbers(),
    evidence: numbers(),
    onset: new Uint8Array(length),
    verdicts: { judgement: new Uint8Array(length), score: numbers() },
  };
}

/** What is remembered of one column. */
export interface LearntColumn {
  readonly baseline: BaselineState;
  readonly surprise: SurpriseState | undefined;
}

interface Expected {
  readonly expected: Float64Array;
  readonly scale: Float64Array;
}

export interface Expectation extends BaselineCount, Expected {
  readonly z: Float64Array;
  readonly effect: Float64Array;
  readonly evidence: Float64Array | undefined;
}

type ColumnInput = Omit<BaselineInput, 'season'> & { readonly atMs: number };

/** What a column is expected to be, and how far off it is: the baseline, on which the season lies, and the surprise. */
export class Expectations {
  readonly #baseline: Baseline;
  readonly #surprise: Surprise;

  constructor(stepMs: number) {
    this.#baseline = new Baseline(baselineTimes(stepMs));
    this.#surprise = new Surprise(stepMs);
  }

  /** Judges the values against what was learnt before them, then learns them. Arrays besides expected and scale are scratch. */
  step({ baseline, surprise }: LearntColumn, input: ColumnInput, scratch: ColumnScratch): Expectation {
    const { length } = input.values;
    const [y, elapsedS] = [scratch.y.subarray(0, length), scratch.elapsedS.subarray(0, length)];
    const { z, effect, evidence, onset } = scratch;
    const residuals = { z, effect, expected: new Float64Array(length), scale: new Float64Array(length) };
    const season = this.#season(surprise, input.atMs, scratch.season.subarray(0, length));
    const taken = surprise === undefined ? {} : { taken: { y, elapsedS } };
    const count = this.#baseline.step(baseline, { ...input, season }, { ...residuals, ...taken });
    if (surprise === undefined) return { ...count, ...residuals, evidence: undefined };
    this.#surprise.step(surprise, { values: y, elapsedS, atMs: input.atMs }, { evidence, onset });
    return { ...count, ...residuals, evidence };
  }

  /** What is expected now, without judging or learning anything. */
  look(
    { baseline, surprise }: LearntColumn,
    { spec, atMs }: Pick<ColumnInput, 'spec' | 'atMs'>,
    length: number,
  ): Expected {
    const out = { expected: new Float64Array(length), scale: new Float64Array(length) };
    const season = this.#season(surprise, atMs, new Float64Array(length));
    this.#baseline.look(baseline, { spec, season }, out);
    return out;
  }

  #season(surprise: SurpriseState | undefined, atMs: number, offsets: Float64Array): Float64Array | undefined {
    if (surprise === undefined) return undefined;
    this.#surprise.offsets(surprise, atMs, offsets);
    return offsets;
  }
}
