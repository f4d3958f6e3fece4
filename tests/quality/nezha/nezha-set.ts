import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { table } from '../../../build/terminal.ts';
import type { QualitySet } from '../quality-set.ts';
import { judgeDay, type FaultOutcome } from './judge-nezha.ts';
import { readNezhaDay } from './read-nezha.ts';

const share = (part: number, of: number): number => Math.round((1000 * part) / of) / 1000;

function caseTable(outcomes: readonly FaultOutcome[]): string {
  return table([
    ['fault', 'pod', 'place', 'suspects (score)'],
    ...outcomes.map(({ fault, place, suspects }) => [
      `${new Date(fault.atMs).toISOString().slice(0, 16)} ${fault.type}`,
      fault.pod,
      place === 0 ? '–' : String(place),
      suspects
        .slice(0, 3)
        .map(({ resource_name, score }) => `${resource_name} ${score}`)
        .join(', '),
    ]),
  ]);
}

export const NEZHA: QualitySet = {
  name: 'nezha',
  gates: [
    { figure: 'as1', atLeast: 0.81 },
    { figure: 'as3', atLeast: 0.94 },
  ],
  /** One folder a day. */
  find: (datasets) => {
    const folder = join(datasets, 'nezha-ob');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((day) => join(folder, day))
      .filter((path) => existsSync(join(path, 'metric', 'dependency.csv')));
  },
  run: async (folders, progress) => {
    const outcomes: FaultOutcome[] = [];
    for (const [f, folder] of folders.entries()) {
      outcomes.push(...judgeDay(readNezhaDay(folder)));
      progress(f + 1, folders.length);
      await nextTurn();
    }
    const placed = (most: number): number => outcomes.filter(({ place }) => place > 0 && place <= most).length;
    const figures = { as1: share(placed(1), outcomes.length), as3: share(placed(3), outcomes.length) };
    return {
      figures,
      report: [
        `AS@1 ${figures.as1}, AS@3 ${figures.as3} of ${outcomes.length} faults, from metrics alone`,
        '',
        caseTable(outcomes),
      ],
    };
  },
};
