import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suitesOf } from './components.ts';
import { tallyGates, type GateStates } from './gate-results.ts';
import { add, NOTHING, tallyFiles, type FileResult, type JestOutput, type Tally } from './jest-results.ts';
import { RESULTS } from './paths.ts';
import { tallySpecs, type PlaywrightOutput } from './playwright-results.ts';
import { readResults } from './read-results.ts';
import { runScript, type ScriptOutcome } from './run-script.ts';
import type { Step } from './steps.ts';

export interface StepResult {
  readonly name: string;
  readonly tally: Tally;
  /** One line for each failure. */
  readonly failures: readonly string[];
  readonly files: readonly FileResult[];
}

const PASSED: Tally = { ...NOTHING, passed: 1 };
const FAILED: Tally = { ...NOTHING, failed: 1 };

/** Runs one step, its output on this terminal. Suites in `leftOut` are not run. */
export async function runStep(step: Step, leftOut: ReadonlySet<string>): Promise<StepResult> {
  if (step.kind === 'suites') return runSuites(step, leftOut);
  if (step.kind === 'specs') return runSpecs(step, leftOut);
  if (step.kind === 'gates') return runGates(step);
  const { name } = step;
  const outcome = await runScript([step.script], step.limitS);
  return outcome.ok
    ? { name, tally: PASSED, failures: [], files: [] }
    : { name, tally: FAILED, failures: [outcome.reason], files: [] };
}

type SuitesStep = Extract<Step, { kind: 'suites' }>;
type GatesStep = Extract<Step, { kind: 'gates' }>;
type SpecsStep = Extract<Step, { kind: 'specs' }>;

async function runSuites(step: SuitesStep, leftOut: ReadonlySet<string>): Promise<StepResult> {
  const { name } = step;
  const chosen = step.suites === undefined ? [] : suitesOf(step.suites).filter((file) => !leftOut.has(file));
  if (step.suites !== undefined && chosen.length === 0) return { name, tally: NOTHING, failures: [], files: [] };

  const paths = chosen.length === 0 ? [] : ['--runTestsByPath', ...chosen];
  const { outcome, results } = await runForResults(step, (resultsFile) => [
    'jest',
    '--',
    ...['--selectProjects', name, ...step.jestArgs, '--json', `--outputFile=${resultsFile}`],
    ...paths,
  ]);
  return judge(name, outcome, tallyFiles((results as JestOutput | undefined) ?? { testResults: [] }));
}

/** All of them or none: each needs the same components. */
async function runSpecs(step: SpecsStep, leftOut: ReadonlySet<string>): Promise<StepResult> {
  const { name, script } = step;
  if (suitesOf(name).every((file) => leftOut.has(file))) return { name, tally: NOTHING, failures: [], files: [] };
  const { outcome, results } = await runForResults(step, () => [script]);
  const output = (results as PlaywrightOutput | undefined) ?? { suites: [], errors: [] };
  return judge(name, outcome, tallySpecs(output, name));
}

async function runGates(step: GatesStep): Promise<StepResult> {
  const { name, script } = step;
  const { outcome, results } = await runForResults(step, (file) => [script, '--', '--gates', file]);
  return judge(name, outcome, tallyGates((results as GateStates | undefined) ?? {}, `tests/${name}`));
}

/** Runs a script of package.json; `results` is what it wrote into the file of the step, undefined for nothing. */
async function runForResults(
  { name, limitS }: Step,
  script: (resultsFile: string) => readonly string[],
): Promise<{ readonly outcome: ScriptOutcome; readonly results: unknown }> {
  const resultsFile = join(RESULTS, `${name}.json`);
  rmSync(resultsFile, { force: true });
  const outcome = await runScript(script(resultsFile), limitS);
  return { outcome, results: readResults(resultsFile) };
}

function judge(name: string, outcome: ScriptOutcome, files: readonly FileResult[]): StepResult {
  const tally = files.reduce<Tally>(add, NOTHING);
  const failures = files.flatMap(({ file, failures: titles }) => titles.map((title) => `${file}: ${title}`));
  // A runner can fail without a failed test: nothing found, a crash, a time-out.
  if (outcome.ok || tally.failed > 0) return { name, tally, failures, files };
  return { name, tally: add(tally, FAILED), failures: [outcome.reason], files };
}
