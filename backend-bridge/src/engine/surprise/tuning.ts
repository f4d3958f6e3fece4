/**
 * Every constant of the surprise detector. Steps are intervals between values. docs/quality.md tells how each was chosen
 * and how little the score depends on it.
 */
export const TUNING = {
  /** Share of a channel's values that count as its tail. */
  tailShare: 0.02,
  /** A new channel's normal tail weighs as much as so many values. */
  tailPrior: 30,
  /** Least weight of one value in the quantile, of one excess in the tail's moments. */
  quantileGain: 0.0002,
  excessGain: 0.003,
  /** Excesses beyond so many mean ones are learnt as so many. */
  clipExcesses: 5,
  levelHalfLifeDays: 0.5,
  /** Residuals beyond so many mean ones move the level as so many. */
  clipResiduals: 6,
  scaleHalfLifeDays: 2,
  shortHalfLifeSteps: 6,
  longHalfLifeSteps: 48,
  restlessHalfLifeSteps: 12,
  usualRestlessHalfLifeDays: 3,
  /** An hour's usual value is the mean of about so many of its last visits. */
  hourVisits: 5,
  /** Nothing surprises before so many values. */
  silentValues: 200,
  /** −log10 p from which a value is an onset. */
  onset: 2.5,
  /** Each onset raises the bar for the next ones by so much, which fades. */
  habit: 0.25,
  habitHalfLifeSteps: 1000,
  /** Onsets closer than this belong to the one before. */
  cooldownSteps: 150,
  /** So long after an onset tails learn no excesses: an event must not speak for itself. */
  eventSteps: 10,
  /** What crossed `onset` in the same hour on so many of the last days recurs, and surprises nobody. */
  recurringDays: 2,
  ofLastDays: 3,
  /** After a longer gap the next value has nothing to be compared with. */
  gapSteps: 10,
} as const;
