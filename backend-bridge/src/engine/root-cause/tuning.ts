/** Every constant of the ranking; docs/quality.md tells how each was chosen and how flat the scores are around it. */
export const ROOT_CAUSE = {
  /** Ticks whose mean is the evidence: one noisy tick must not turn the ranking. */
  windowTicks: 3,
  /** A deviation of so many standard deviations is believed by half: z / (z + this). */
  halfTrustZ: 5,
  /** With so few values behind it, a spread counts double. */
  youngSamples: 4,
  /** From here on a service’s latency, errors or requests count as a symptom of their own. */
  symptomZ: 3,
  /** What nobody measured themselves is believed by half: the caller’s own trouble looks the same. */
  inferredTrust: 0.5,
  /** What stays unexplained at the place where the trouble was noticed, against what was found elsewhere. */
  unexplainedTrust: 0.5,
  /** Calls on the way from the symptom. */
  maxSteps: 8,
  /** Less of the excess than this is not followed. */
  leastMass: 0.002,
} as const;
