import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { table } from '../../../build/terminal.ts';
import type { QualitySet } from '../quality-set.ts';
import { judgeIssue, judgeNormal, type IssueOutcome, type Specificity } from './judge-petshop.ts';
import { readPetShop } from './read-petshop.ts';

const share = (part: number, of: number): number => Math.round((1000 * part) / of) / 1000;

function caseTable(outcomes: readonly IssueOutcome[]): string {
  return table([
    ['issue', 'alarm', 'cause', 'place', 'first suspect', 'score', 'confidence'],
    ...outcomes.map(({ name, metric, cause, place, answer }) => {
      const first = answer.suspects[0];
      const told =
        first === undefined ? [answer.verdict, '', ''] : [first.resource_name, `${first.score}`, `${first.confidence}`];
      return [name, metric, cause, place === 0 ? '–' : String(place), ...told];
    }),
  ]);
}

export const PETSHOP: QualitySet = {
  name: 'petshop',
  gates: [
    { figure: 'top1', atLeast: 0.8 },
    { figure: 'top3', atLeast: 0.96 },
    { figure: 'specificity', atLeast: 0.8 },
  ],
  /** One folder a kind of traffic. */
  find: (datasets) => {
    const folder = join(datasets, 'petshop');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((traffic) => join(folder, traffic))
      .filter((path) => existsSync(join(path, 'graph.csv')) && existsSync(join(path, 'noissue', 'metrics.csv')));
  },
  run: async (folders, progress) => {
    const outcomes: IssueOutcome[] = [];
    const normal: Specificity[] = [];
    for (const folder of folders) {
      const set = readPetShop(folder);
      for (const issue of set.issues) {
        outcomes.push(judgeIssue(set, issue));
        progress(outcomes.length, set.issues.length * folders.length);
        await nextTurn();
      }
      normal.push(judgeNormal(set));
    }
    const placed = (most: number): number => outcomes.filter(({ place }) => place > 0 && place <= most).length;
    const asked = normal.reduce((sum, one) => sum + one.asked, 0);
    const wrong = normal.reduce((sum, one) => sum + one.wrong, 0);
    const figures = {
      top1: share(placed(1), outcomes.length),
      top3: share(placed(3), outcomes.length),
      specificity: share(asked - wrong, asked),
    };
    return {
      figures,
      report: [
        `top-1 ${figures.top1}, top-3 ${figures.top3} of ${outcomes.length} issues`,
        `specificity ${figures.specificity}: a cause was named for ${wrong} of ${asked} alarms put to normal time`,
        '',
        caseTable(outcomes),
      ],
    };
  },
};
