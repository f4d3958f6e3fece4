import type { NabSeries } from './read-nab.ts';

/**
 * The benchmark's own scoring (Lavin and Ahmad 2015; its code is the reference): the earliest detection in a window earns
 * up to 1 by a scaled sigmoid of its place, a missed window costs, and each detection outside costs, less so shortly
 * after a window. Detections in the probation stretch count for nothing. The sum is put on a scale on which the detector
 * that never detects anything has 0, and a perfect one 100.
 */
export interface CostProfile {
  readonly name: 'standard' | 'low_fp' | 'low_fn';
  readonly truePositive: number;
  readonly falseNegative: number;
  readonly falsePositive: number;
}
/** profiles.json of the benchmark. */
export const PROFILES: readonly CostProfile[] = [
  { name: 'standard', truePositive: 1, falseNegative: 1, falsePositive: 0.11 },
  { name: 'low_fp', truePositive: 1, falseNegative: 1, falsePositive: 0.22 },
  { name: 'low_fn', truePositive: 1, falseNegative: 2, falsePositive: 0.11 },
];

const PROBATION_SHARE = 0.15;
const PROBATION_OF_AT_MOST = 5000;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** Of a place relative to a window: −1 at its start, 0 at its end, 1 one window further. */
const scaledSigmoid = (place: number): number => (place > 3 ? -1 : 2 * sigmoid(-5 * place) - 1);
const MOST = scaledSigmoid(-1);

/** What a detection at each row is worth. */
export interface Worth {
  readonly name: string;
  /** Rows before this one are not scored. */
  readonly firstRow: number;
  /** In a window: its share of a true positive; outside: minus its share of a false positive. */
  readonly worth: Float64Array;
  /** The window that each row is in, or −1. */
  readonly windowOf: Int32Array;
  readonly windowCount: number;
}

export function worthOf({ name, times, windows }: NabSeries): Worth {
  const count = times.length;
  const worth = new Float64Array(count);
  const windowOf = new Int32Array(count).fill(-1);
  let before: { end: number; width: number } | undefined;
  let next = 0;
  for (let row = 0; row < count; row += 1) {
    if (next < windows.length && times[row] === windows[next][0]) {
      const end = times.lastIndexOf(windows[next][1]);
      const width = end - row + 1;
      for (let k = row; k <= end; k += 1) {
        worth[k] = scaledSigmoid(-(end - k + 1) / width) / MOST;
        windowOf[k] = next;
      }
      before = { end, width };
      next += 1;
      row = end;
      continue;
    }
    worth[row] = before === undefined ? -1 : scaledSigmoid((row - before.end) / (before.width - 1));
  }
  if (next < windows.length) throw new Error(`${name}: window ${next + 1} does not begin at a row`);
  const firstRow = Math.floor(PROBATION_SHARE * Math.min(count, PROBATION_OF_AT_MOST));
  return { name, firstRow, worth, windowOf, windowCount: windows.length };
}

export interface CaseScore {
  readonly name: string;
  /** Per window; the cost of a miss where it was not detected. */
  readonly windows: readonly number[];
  readonly falseAlarms: number;
  /** Negative. */
  readonly falseAlarmCost: number;
}

/** Score of each series where rows scored at least `threshold` are detections. */
export function scoreCases(
  worths: readonly Worth[],
  scores: readonly Float64Array[],
  { threshold, profile }: { threshold: number; profile: CostProfile },
): CaseScore[] {
  return worths.map(({ name, firstRow, worth, windowOf, windowCount }, s) => {
    const windows = new Array<number>(windowCount).fill(-profile.falseNegative);
    let [falseAlarms, falseAlarmCost] = [0, 0];
    for (let row = firstRow; row < worth.length; row += 1) {
      if (!(scores[s][row] >= threshold)) continue;
      const window = windowOf[row];
      if (window >= 0) windows[window] = Math.max(windows[window], worth[row] * profile.truePositive);
      else {
        falseAlarms += 1;
        falseAlarmCost += worth[row] * profile.falsePositive;
      }
    }
    return { name, windows, falseAlarms, falseAlarmCost };
  });
}

/** 0 for no detection at all, 100 for a perfect one. */
export function totalScore(cases: readonly CaseScore[], profile: CostProfile): number {
  const windowCount = cases.reduce((sum, { windows }) => sum + windows.length, 0);
  const sum = cases.reduce(
    (all, { windows, falseAlarmCost }) => all + windows.reduce((a, b) => a + b, falseAlarmCost),
    0,
  );
  const none = -profile.falseNegative * windowCount;
  return (100 * (sum - none)) / (profile.truePositive * windowCount - none);
}

export interface Optimum {
  readonly score: number;
  readonly threshold: number;
}

/** The one threshold for all series that would have scored best: known only afterwards, and so only printed. */
export function bestThreshold(
  worths: readonly Worth[],
  scores: readonly Float64Array[],
  profile: CostProfile,
): Optimum {
  const points = worths.flatMap(({ firstRow }, s) =>
    Array.from(scores[s].subarray(firstRow), (score, k) => ({ score, series: s, row: firstRow + k })),
  );
  points.sort((a, b) => b.score - a.score);
  const windows = worths.map(({ windowCount }) => new Array<number>(windowCount).fill(-profile.falseNegative));
  const windowCount = windows.flat().length;
  const none = -profile.falseNegative * windowCount;
  const perfect = profile.truePositive * windowCount;
  let sum = none;
  let best: Optimum = { score: 0, threshold: Infinity };
  for (const [k, { score, series, row }] of points.entries()) {
    const { worth, windowOf } = worths[series];
    const window = windowOf[row];
    if (window < 0) sum += worth[row] * profile.falsePositive;
    else {
      const gained = Math.max(0, worth[row] * profile.truePositive - windows[series][window]);
      windows[series][window] += gained;
      sum += gained;
    }
    const isLast = points[k + 1]?.score !== score;
    const total = (100 * (sum - none)) / (perfect - none);
    if (isLast && total > best.score) best = { score: total, threshold: score };
  }
  return best;
}
