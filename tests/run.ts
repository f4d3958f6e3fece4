/**
 * `npm test`: lint, format, types, docs and every suite that this machine can serve; tests/README.md tells more.
 * Arguments choose steps by name. REQUIRE_REAL=neo4j,prometheus makes an absent one of those a failure.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { COMPONENTS, detect, reaches, SUITE_FOLDERS, suitesOf, readRecord, type Component } from './run/components.ts';
import { add, NOTHING, type Tally } from './run/jest-results.ts';
import { asOnlyRun } from './run/one-run.ts';
import { RECORDS, RESULTS } from './run/paths.ts';
import { componentTable, failureLines, stepEnded, stepStarted, tallyLine } from './run/report.ts';
import { judge, readRequired, unmetRequirements, type ComponentOutcome, type Evidence } from './run/requirements.ts';
import { runStep, type StepResult } from './run/run-step.ts';
import { selectSteps, type Step } from './run/steps.ts';
import { UsageError } from './run/usage-error.ts';

type Found = Pick<Evidence, 'detection' | 'suites'>;

/** Components that have suites in these steps, by name, each with whether it can be had here. */
async function findComponents(steps: readonly Step[]): Promise<Map<string, Found & { readonly component: Component }>> {
  const found = new Map<string, Found & { readonly component: Component }>();
  for (const component of COMPONENTS.filter(({ step }) => steps.some(({ name }) => name === step))) {
    const suites = suitesOf(component.step).filter((file) => reaches(file, component.fixture));
    if (suites.length > 0) found.set(component.name, { component, detection: await detect(component), suites });
  }
  return found;
}

async function runSteps(steps: readonly Step[], leftOut: ReadonlySet<string>): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const step of steps) {
    console.log(stepStarted(step.name));
    const startedMs = performance.now();
    const result = await runStep(step, leftOut);
    console.log(stepEnded(result, performance.now() - startedMs));
    results.push(result);
  }
  return results;
}

async function runAndJudge(
  steps: readonly Step[],
  required: readonly string[],
  withComponents: boolean,
): Promise<Tally> {
  mkdirSync(RESULTS, { recursive: true });
  if (withComponents) rmSync(RECORDS, { recursive: true, force: true });
  const found = withComponents ? await findComponents(steps) : new Map<string, never>();
  const leftOut = [...found.values()].flatMap(({ detection, suites }) => (detection.available ? [] : suites));
  const results = await runSteps(steps, new Set(leftOut));

  const outcomes = new Map<string, ComponentOutcome>();
  for (const [name, { component, detection, suites }] of found) {
    const record = readRecord(component);
    outcomes.set(name, judge({ detection, record, suites, results: results.flatMap(({ files }) => files) }));
  }
  const unmet = [...unmetRequirements(required, outcomes)];
  const tally = results.reduce((sum, result) => add(sum, result.tally), NOTHING);
  if (tally.passed + tally.failed === 0) unmet.push('no test was executed');
  console.log(`\n${failureLines(results, unmet)}\n${componentTable(outcomes)}\n`);
  return add(tally, { ...NOTHING, failed: unmet.length });
}

async function run(names: readonly string[]): Promise<Tally> {
  const steps = selectSteps(names);
  const required = readRequired(process.env['REQUIRE_REAL']);
  const withComponents = steps.some(({ name }) => name in SUITE_FOLDERS);
  const task = (): Promise<Tally> => runAndJudge(steps, required, withComponents);
  return withComponents ? asOnlyRun(task) : task();
}

async function main(): Promise<void> {
  let tally: Tally;
  try {
    tally = await run(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error);
    tally = { ...NOTHING, failed: 1 };
  }
  console.log(tallyLine(tally));
  if (tally.failed > 0) process.exitCode = 1;
}

await main();
