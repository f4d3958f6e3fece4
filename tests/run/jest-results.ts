import { relative } from 'node:path';
import { ROOT } from './paths.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
export interface FileResult extends Tally {
  /** From the repository's root. */
  readonly file: string;
  /** Full titles of what failed. */
  readonly failures: readonly string[];
}

/** The part of jest's `--json` output that is read. */
export interface JestOutput {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** A suite that failed without a failed test did not start (or fell over outside of its tests): one failure. */
export function tallyFiles(output: JestOutput): FileResult[] {
  return output.testResults.map(({ name, status, assertionResults }) => {
    const titles = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => [...test.ancestorTitles, test.title].join(' › '));
    const failures = status === 'failed' && titles.length === 0 ? ['the suite did not start'] : titles;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    const skipped = assertionResults.length - passed - titles.length;
    return { file: relative(ROOT, name), passed, failed: failures.length, skipped, failures };
  });
}
