import { DIST } from '../paths.ts';
import type { Target } from '../targets.ts';
import { BuildError, paint, step, table } from '../terminal.ts';
import { readBuildInfo } from '../version.ts';
import { openBuiltPlugin, type BuiltPlugin } from './built-plugin.ts';
import type { Check, Expected } from './check.ts';
import { CHECKS, EXCEPTIONS } from './checks.ts';

export interface Verdict {
  readonly check: Check;
  readonly problems: readonly string[];
}

/** A check that falls over has not passed. */
export const judge = (plugin: BuiltPlugin, expected: Expected): readonly Verdict[] =>
  CHECKS.map((check) => {
    try {
      return { check, problems: check.problems(plugin, expected) };
    } catch (error) {
      return { check, problems: [`could not be carried out: ${(error as Error).message}`] };
    }
  });

const LIMITS = { moduleBytes: 400_000, archivedBytes: 1_000_000_000 };

const mark = ({ check, problems }: Verdict): 'ok' | 'warning' | 'FAILED' => {
  if (problems.length === 0) return 'ok';
  return check.severity ?? 'FAILED';
};

const SHOWN = 12;
const shown = (problems: readonly string[]): readonly string[] =>
  problems.length <= SHOWN ? problems : [...problems.slice(0, SHOWN), `and ${problems.length - SHOWN} more`];

/** One row a check, one more for each breach. */
export const verdictTable = (verdicts: readonly Verdict[]): string =>
  table([
    ...verdicts.flatMap((verdict) => [
      [mark(verdict), verdict.check.name],
      ...shown(verdict.problems).map((problem) => ['', `  ${problem}`]),
    ]),
    ...EXCEPTIONS.flatMap(({ name, reason }) => [
      ['exception', name],
      ['', `  ${reason}`],
    ]),
  ]);

/** Prints what each check finds in dist/. Throws when one fails. */
export async function validateDist(targets: readonly Target[]): Promise<void> {
  const { version } = readBuildInfo();
  const verdicts = await step(
    'validate',
    async () => judge(await openBuiltPlugin(DIST), { version, targets, limits: LIMITS }),
    (all) => `${all.length} checks, ${all.filter((verdict) => mark(verdict) === 'FAILED').length} failed`,
  );
  console.log(verdictTable(verdicts));
  const failed = verdicts.filter((verdict) => mark(verdict) === 'FAILED');
  if (failed.length > 0) throw new BuildError(`dist/ breaks ${failed.length} of ${verdicts.length} rules`);
  console.log(paint('green', `dist/ keeps every rule that can be kept; ${EXCEPTIONS.length} known exceptions`));
}
