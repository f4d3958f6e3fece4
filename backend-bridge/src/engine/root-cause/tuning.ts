/** Every constant of the search; docs/quality.md tells how each was chosen and how flat the results are around it. */
export const ROOT_CAUSE = {
  /** Ticks whose mean is the evidence: one noisy tick must not turn the ranking. */
  windowTicks: 3,
  /** A deviation of so many standard deviations is believed by half: z² / (z² + this²). From there on it is a symptom. */
  halfTrustZ: 3,
  /** A spread learnt from so many values counts double, from fewer more. */
  youngSamples: 10,
  /** What nobody measured at its own place is believed by half: the caller’s own trouble looks the same. */
  inferredTrust: 0.5,
  /** So is what stays at the symptom for want of an explanation, unless the service shows a cause of its own. */
  unexplainedTrust: 0.5,
  /** Below this score nothing is explained. */
  leastScore: 0.3,
  /** Scores that are equal when rounded to this are ties. */
  scoreGrain: 0.01,
  maxSuspects: 5,
  maxEvidence: 6,
  maxImpacted: 200,
  /** Bounds of one search: calls on the way from the symptom, edges looked at, and the least share of the excess that is followed. */
  maxSteps: 8,
  maxEdges: 5_000,
  leastMass: 0.002,
  /** Edges followed to find services that show something although the excess does not lead to them. */
  maxLooks: 500,
} as const;
