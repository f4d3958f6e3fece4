import { join } from 'node:path';
import { SUITE_FOLDERS, type SpecsFolder } from './components.ts';
import type { FileResult } from './jest-results.ts';

interface Suite {
  readonly title: string;
  /** From the folder of the specs. */
  readonly file: string;
  readonly specs: readonly { readonly title: string; readonly tests: readonly { readonly status: string }[] }[];
  readonly suites?: readonly Suite[];
}

/** The part of the output of Playwright's JSON reporter that is read. */
export interface PlaywrightOutput {
  readonly suites: readonly Suite[];
  /** What went wrong outside of tests. */
  readonly errors: readonly { readonly message?: string }[];
}

interface Outcome {
  readonly title: string;
  readonly status: string;
}

function outcomesOf({ specs, suites = [] }: Suite, titles: readonly string[]): Outcome[] {
  const own = specs.flatMap(({ title, tests }) =>
    tests.map(({ status }) => ({ title: [...titles, title].join(' › '), status })),
  );
  return [...own, ...suites.flatMap((suite) => outcomesOf(suite, [...titles, suite.title]))];
}

/** One entry a spec file, and one for what went wrong outside of them. */
export function tallySpecs({ suites, errors }: PlaywrightOutput, name: SpecsFolder): FileResult[] {
  const { folder } = SUITE_FOLDERS[name];
  const files = suites.map((suite) => {
    const outcomes = outcomesOf(suite, []);
    const failures = outcomes.filter(({ status }) => status === 'unexpected').map(({ title }) => title);
    const skipped = outcomes.filter(({ status }) => status === 'skipped').length;
    const passed = outcomes.length - failures.length - skipped;
    return { file: join(folder, suite.file), passed, failed: failures.length, skipped, failures };
  });
  if (errors.length === 0) return files;
  const failures = errors.map(({ message = 'an error without words' }) => message.split('\n')[0]);
  return [...files, { file: folder, passed: 0, failed: failures.length, skipped: 0, failures }];
}
