import { MAX_DEVIATION_PERCENT, SEVERITIES, SEVERITY_BY_SCORE, type Severity } from '@topdeck/protocol';

/** A severity is left downwards only when the score is this far below its bound, so that text does not flicker. */
const SEVERITY_MARGIN = 0.05;

/** By SEVERITY_BY_SCORE; `previous` makes the way down sticky. */
export function severityOf(score: number, previous: Severity = 'low'): Severity {
  const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
  const reached = SEVERITY_BY_SCORE.find(
    ({ atLeast, severity }) => score >= (rank(severity) <= rank(previous) ? atLeast - SEVERITY_MARGIN : atLeast),
  );
  return reached?.severity ?? 'low';
}

/** Percent above (+) or below (−) the expected value, finite: capped, and at the cap where the expected value is 0. */
export function deviationPercent(value: number, expected: number): number {
  if (value === expected) return 0;
  const percent = (value / Math.abs(expected) - Math.sign(expected)) * 100;
  return Math.min(Math.max(percent, -MAX_DEVIATION_PERCENT), MAX_DEVIATION_PERCENT);
}
