import { TUNING } from './tuning.ts';

const DAY_S = 86_400;
const weightOf = (halfLifeSteps: number): number => 1 - 2 ** (-1 / halfLifeSteps);

/** Weights of a value that stands for so many steps, 1 − 2^(−steps / half-life). */
export interface Weights {
  readonly steps: number;
  readonly level: number;
  readonly scale: number;
  readonly short: number;
  readonly long: number;
  readonly restless: number;
  readonly usualRestless: number;
  /** What is left of a habit. */
  readonly habitLeft: number;
}

/** Turns elapsed seconds into steps and their weights; remembers those that nearly all series of a tick share. */
export class Pace {
  readonly stepsPerDay: number;
  readonly #stepS: number;
  readonly #single: Weights;
  #elapsedS = Number.NaN;
  #weights: Weights;

  constructor(stepMs: number) {
    this.#stepS = stepMs / 1000;
    this.stepsPerDay = Math.max(1, DAY_S / this.#stepS);
    this.#single = this.#of(1);
    this.#weights = this.#single;
  }

  /** `elapsedS` NaN: one step. */
  weights(elapsedS: number): Weights {
    if (elapsedS === this.#elapsedS || Number.isNaN(elapsedS))
      return Number.isNaN(elapsedS) ? this.#single : this.#weights;
    const steps = Math.max(1, Math.round(elapsedS / this.#stepS));
    this.#elapsedS = elapsedS;
    this.#weights = steps === 1 ? this.#single : this.#of(steps);
    return this.#weights;
  }

  #of(steps: number): Weights {
    const grown = (halfLifeSteps: number): number => 1 - (1 - weightOf(halfLifeSteps)) ** steps;
    return {
      steps,
      level: grown(TUNING.levelHalfLifeDays * this.stepsPerDay),
      scale: grown(TUNING.scaleHalfLifeDays * this.stepsPerDay),
      short: grown(TUNING.shortHalfLifeSteps),
      long: grown(TUNING.longHalfLifeSteps),
      restless: grown(TUNING.restlessHalfLifeSteps),
      usualRestless: grown(TUNING.usualRestlessHalfLifeDays * this.stepsPerDay),
      habitLeft: 2 ** (-steps / TUNING.habitHalfLifeSteps),
    };
  }
}
