import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { table } from '../../../build/terminal.ts';
import { ONSET_SCORE } from '../../../backend-bridge/src/engine/surprise/surprise.ts';
import type { QualitySet, SetOutcome } from '../quality-set.ts';
import { detectNab } from './detect-nab.ts';
import { readNab, type NabSeries } from './read-nab.ts';
import { bestThreshold, PROFILES, scoreCases, totalScore, worthOf, type CaseScore, type Worth } from './score-nab.ts';

const two = (value: number): string => value.toFixed(2);

/** One row a series, by the standard profile. */
function caseTable(cases: readonly CaseScore[]): string {
  return table([
    ['series', 'windows (1 best, −1 missed)', 'false alarms', 'their cost'],
    ...cases.map(({ name, windows, falseAlarms, falseAlarmCost }) => [
      name,
      windows.map(two).join(' ') || '–',
      String(falseAlarms),
      two(falseAlarmCost),
    ]),
  ]);
}

interface Detected {
  readonly series: readonly NabSeries[];
  readonly scores: readonly Float64Array[];
  readonly usPerPoint: number;
}

function judge({ series, scores, usPerPoint }: Detected): SetOutcome {
  const worths: readonly Worth[] = series.map(worthOf);
  const profiles = PROFILES.map((profile) => {
    const cases = scoreCases(worths, scores, { threshold: ONSET_SCORE, profile });
    return { profile, cases, score: totalScore(cases, profile), best: bestThreshold(worths, scores, profile) };
  });
  const rows = profiles.map(({ profile, score, best }) => [
    profile.name,
    two(score),
    ONSET_SCORE.toFixed(4),
    `${two(best.score)} at ${best.threshold.toFixed(4)}`,
  ]);
  const figures = Object.fromEntries(profiles.map(({ profile, score }) => [profile.name, Number(two(score))]));
  return {
    figures: { ...figures, threshold: Number(ONSET_SCORE.toFixed(4)) },
    report: [
      table([['profile', 'score', 'threshold, fixed beforehand', 'best afterwards'], ...rows]),
      '',
      caseTable(profiles[0].cases),
      '',
      `${series.length} series, ${usPerPoint.toFixed(2)} µs a value`,
    ],
  };
}

export const NAB: QualitySet = {
  name: 'nab',
  gates: [{ figure: 'standard', atLeast: 56 }],
  find: (datasets) => {
    const folder = join(datasets, 'nab');
    return existsSync(join(folder, 'data')) && existsSync(join(folder, 'labels')) ? [folder] : [];
  },
  run: async (folders, progress) => {
    const series = folders.flatMap(readNab);
    const scores: Float64Array[] = [];
    const startMs = performance.now();
    for (const [s, one] of series.entries()) {
      scores.push(detectNab(one));
      progress(s + 1, series.length);
      await nextTurn();
    }
    const points = series.reduce((sum, { values }) => sum + values.length, 0);
    return judge({ series, scores, usPerPoint: ((performance.now() - startMs) * 1000) / points });
  },
};
