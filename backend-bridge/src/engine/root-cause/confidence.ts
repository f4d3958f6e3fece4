/**
 * How often the first suspect was the cause, by how clearly it leads: its score times its share of all scores. Measured on
 * the development halves of two public benchmarks (docs/quality.md); linear between the points, never falling.
 */
export const CALIBRATION: readonly (readonly [lead: number, confidence: number])[] = [
  [0, 0],
  [0.15, 0.5],
  [0.4, 0.84],
  [0.6, 0.94],
  [0.85, 0.98],
  [1, 0.98],
];

export function leadOf(scores: readonly number[]): number {
  const total = scores.reduce((sum, score) => sum + score, 0);
  return total > 0 ? scores[0] ** 2 / total : 0;
}

/** Confidence in each suspect, in the order of the scores: the first by calibration, the others share what is left. */
export function confidences(scores: readonly number[]): number[] {
  if (scores.length === 0) return [];
  const first = calibrated(leadOf(scores));
  const rest = scores.slice(1).reduce((sum, score) => sum + score, 0);
  const floor = (value: number): number => Math.floor(value * 100) / 100;
  return scores.map((score, place) => floor(place === 0 ? first : ((1 - first) * score) / Math.max(rest, 1)));
}

function calibrated(lead: number): number {
  const above = CALIBRATION.findIndex(([at]) => at >= lead);
  if (above <= 0) return CALIBRATION[Math.max(0, above)][1];
  const [[fromLead, from], [toLead, to]] = [CALIBRATION[above - 1], CALIBRATION[above]];
  return from + ((to - from) * (lead - fromLead)) / (toLead - fromLead);
}
