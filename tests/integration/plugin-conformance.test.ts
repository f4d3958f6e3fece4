import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { goTestNames, runGoTests, type GoTestResult } from '../fixtures/go-toolchain.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = readdirSync(join(ROOT, 'tests/conformance')).filter((name) => name.endsWith('_test.go'));
/** The host that TestOrphanEnds lets die is a test by its form alone. */
const names = (await goTestNames(files)).filter((name) => name !== 'TestHostProcess');
/** `TestCheckHealth` reads "Check Health". */
const titles = names.map(
  (name) => [name.slice('Test'.length).replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' '), name] as const,
);

// One `go test` for all: its build is the long part (a minute when Go's cache is cold).
let results: Map<string, GoTestResult>;
beforeAll(async () => {
  results = await runGoTests({ PLUGIN_COMMAND: join(ROOT, 'packages/grafana-plugin-sdk/test/fixture-plugin.sh') });
}, 600_000);

test.each(titles)("Grafana's own SDK as the client: %s", (_title, name) => {
  const { passed, output } = results.get(name) ?? { passed: false, output: 'it did not run' };
  expect(passed ? 'passed' : output).toBe('passed');
});
