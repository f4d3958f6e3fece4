import type { SpecsFolder, SuitesFolder } from './components.ts';
import { UsageError } from './usage-error.ts';

/** What `npm test` does, in this order. A step that fails does not stop the others. */
export type Step =
  /** A script of package.json that passes or fails as a whole: counts as one test. */
  | { readonly kind: 'check'; readonly name: string; readonly script: string; readonly limitS: number }
  /** The suites of one project of jest.config.js. */
  | {
      readonly kind: 'suites';
      readonly name: string;
      readonly limitS: number;
      readonly jestArgs: readonly string[];
      /** Those that run against real components are left out where these are absent. */
      readonly suites?: SuitesFolder;
    }
  /** Figures of public data sets by a script of package.json: one test a set, skipped where its data is not there. */
  | { readonly kind: 'gates'; readonly name: string; readonly script: string; readonly limitS: number }
  /** The specs of Playwright, by a script of package.json. */
  | { readonly kind: 'specs'; readonly name: SpecsFolder; readonly script: string; readonly limitS: number };

export const STEPS: readonly Step[] = [
  { kind: 'check', name: 'lint', script: 'lint', limitS: 300 },
  { kind: 'check', name: 'format', script: 'format:check', limitS: 120 },
  { kind: 'check', name: 'typecheck', script: 'typecheck', limitS: 300 },
  { kind: 'check', name: 'docs', script: 'docs:check', limitS: 120 },
  { kind: 'suites', name: 'repo', limitS: 300, jestArgs: ['--maxWorkers=2'] },
  { kind: 'suites', name: 'unit', limitS: 900, jestArgs: ['--maxWorkers=2'] },
  { kind: 'gates', name: 'quality', script: 'quality', limitS: 900 },
  { kind: 'suites', name: 'browser', limitS: 600, jestArgs: ['--maxWorkers=2'] },
  // One after the other: each starts servers, and two cores measure only one of them honestly.
  { kind: 'suites', name: 'integration', limitS: 2400, jestArgs: ['--runInBand'], suites: 'integration' },
  { kind: 'specs', name: 'preview', script: 'preview:test', limitS: 1200 },
  { kind: 'specs', name: 'e2e', script: 'e2e', limitS: 1800 },
];

/** The steps named, all without a name. Throws on an unknown name. */
export function selectSteps(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    throw new UsageError(`no such step: ${unknown.join(', ')}; there are ${STEPS.map((step) => step.name).join(', ')}`);
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
}
