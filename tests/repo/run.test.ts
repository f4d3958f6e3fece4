import { describe, expect, test } from '@jest/globals';
import { COMPONENTS, reaches } from '../run/components.ts';
import { tallyFiles, type JestOutput } from '../run/jest-results.ts';
import { ROOT } from '../run/paths.ts';
import { tallySpecs } from '../run/playwright-results.ts';
import { componentTable, tallyLine } from '../run/report.ts';
import { judge, readRequired, unmetRequirements, type Evidence } from '../run/requirements.ts';
import { selectSteps, STEPS } from '../run/steps.ts';

const SUITE = 'tests/integration/neo4j.test.ts';
const there = { available: true, how: 'neo4j-harness', version: '5.26.12' } as const;
const absent = { available: false, reason: 'no Java' } as const;
const result = (passed: number, failed: number) => ({ file: SUITE, passed, failed, skipped: 3, failures: [] });
const evidence = (over: Partial<Evidence>): Evidence => ({
  detection: there,
  record: there,
  suites: [SUITE],
  results: [result(2, 0)],
  ...over,
});

describe('counting', () => {
  const suite = (status: string, ...statuses: string[]): JestOutput['testResults'][number] => ({
    name: `${ROOT}/${SUITE}`,
    status,
    assertionResults: statuses.map((each, index) => ({ ancestorTitles: ['group'], title: `${index}`, status: each })),
  });

  test('passed, failed and skipped tests of a suite, and the titles of what failed', () => {
    const output = { testResults: [suite('failed', 'passed', 'failed', 'pending', 'todo')] };
    expect(tallyFiles(output)).toEqual([{ file: SUITE, passed: 1, failed: 1, skipped: 2, failures: ['group › 1'] }]);
  });

  test('a suite that does not start is one failure', () => {
    expect(tallyFiles({ testResults: [suite('failed')] })).toMatchObject([{ passed: 0, failed: 1 }]);
  });

  test('a suite that falls over after its tests have passed is one failure', () => {
    expect(tallyFiles({ testResults: [suite('failed', 'passed')] })).toMatchObject([{ passed: 1, failed: 1 }]);
  });

  test('specs of a browser, with those of nested groups, and what fell over outside of them', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ status }] });
    const inner = { title: 'group', file: 'live.spec.ts', specs: [spec('b', 'unexpected'), spec('c', 'skipped')] };
    const outer = { title: 'live.spec.ts', file: 'live.spec.ts', specs: [spec('a', 'expected')], suites: [inner] };
    expect(tallySpecs({ suites: [outer], errors: [{ message: 'no browser\nat x' }] }, 'e2e')).toEqual([
      { file: 'tests/e2e/specs/live.spec.ts', passed: 1, failed: 1, skipped: 1, failures: ['group › b'] },
      { file: 'tests/e2e/specs', passed: 0, failed: 1, skipped: 0, failures: ['no browser'] },
    ]);
  });

  test('the last line speaks of skipped tests only when there are some', () => {
    expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(tallyLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
  });
});

describe('steps', () => {
  test('all of them without a name, in their order with names', () => {
    expect(selectSteps([])).toBe(STEPS);
    expect(selectSteps(['unit', 'lint']).map((step) => step.name)).toEqual(['lint', 'unit']);
  });

  test('an unknown name is refused with the known ones', () => {
    expect(() => selectSteps(['lnit'])).toThrow(/no such step: lnit; there are lint,/);
  });
});

describe('real components', () => {
  test('one ran when its fixture recorded it and a test was carried out', () => {
    expect(judge(evidence({}))).toEqual({ state: 'ran', how: there.how, version: there.version, suites: [SUITE] });
    expect(judge(evidence({ results: [result(0, 1)] }))).toMatchObject({ state: 'ran' });
  });

  test('one whose tests were all skipped did not run, whatever was recorded', () => {
    expect(judge(evidence({ results: [result(0, 0)] }))).toMatchObject({ state: 'idle' });
  });

  test('one that no suite started did not run, whatever was detected', () => {
    expect(judge(evidence({ record: undefined }))).toMatchObject({ state: 'idle' });
  });

  test('an absent one is told with its reason and the suites left out', () => {
    const outcome = judge(evidence({ detection: absent, record: undefined, results: [] }));
    expect(outcome).toEqual({ state: 'absent', reason: 'no Java', leftOut: [SUITE] });
    expect(componentTable(new Map([['neo4j', outcome]]))).toMatch(
      /neo4j +absent: no Java +left out: tests\/integration/,
    );
  });

  test('one that turns out to be absent when it is prepared is absent', () => {
    expect(judge(evidence({ record: absent }))).toMatchObject({ state: 'absent', reason: 'no Java' });
  });

  test('a required one that did not run is unmet, also when no suite needs it', () => {
    const outcomes = new Map([['neo4j', judge(evidence({ detection: absent, record: undefined }))]]);
    expect(unmetRequirements(['neo4j', 'prometheus'], outcomes)).toEqual([
      'REQUIRE_REAL: neo4j did not run: no Java',
      'REQUIRE_REAL: prometheus did not run: no suite of this run needs it',
    ]);
    expect(unmetRequirements(['neo4j'], new Map([['neo4j', judge(evidence({}))]]))).toEqual([]);
  });

  test('REQUIRE_REAL takes known names only', () => {
    expect(readRequired(undefined)).toEqual([]);
    expect(readRequired(' neo4j, prometheus,')).toEqual(['neo4j', 'prometheus']);
    expect(() => readRequired('neo4j,noe4j')).toThrow(/no real component: noe4j; there are neo4j/);
  });

  test('a suite needs a component when it imports the fixture, also through other files', () => {
    expect(reaches('tests/repo/run.test.ts', 'tests/run/usage-error.ts')).toBe(true);
    expect(reaches('tests/repo/run.test.ts', 'tests/repo/layers-rule.test.ts')).toBe(false);
  });

  test.each(COMPONENTS)('the fixture of $name tells whether it can be had', async ({ fixture, detect }) => {
    const module = (await import(`${ROOT}/${fixture}`)) as Record<string, () => Promise<Evidence['detection']>>;
    const detection = await module[detect]?.();
    expect(detection).toEqual(
      detection?.available
        ? { available: true, how: expect.any(String), version: expect.any(String) }
        : { available: false, reason: expect.any(String) },
    );
  });
});
