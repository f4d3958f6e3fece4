/**
 * `npm run quality -- [--datasets DIR] [--set NAME] [--json] [--gates FILE]`: the service's own detectors and root-cause
 * code on public benchmarks. Sets that are not below DIR are left out and named. --gates writes down how each set fared,
 * and makes figures below their gates a failure; docs/quality.md tells what they mean.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { paint, seconds } from '../../build/terminal.ts';
import { belowGates, type SetState } from './gates.ts';
import type { Progress, QualitySet } from './quality-set.ts';
import { SETS } from './sets.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OPTIONS = {
  datasets: { type: 'string' },
  set: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  gates: { type: 'string' },
} as const;

class UsageError extends Error {
  override name = 'UsageError';
}

function chooseSets(names: readonly string[] | undefined): readonly QualitySet[] {
  const unknown = (names ?? []).filter((name) => !SETS.some((set) => set.name === name));
  if (unknown.length > 0) {
    throw new UsageError(`no set ${unknown.join(', ')}; there are ${SETS.map(({ name }) => name).join(', ')}`);
  }
  return SETS.filter(({ name }) => names === undefined || names.includes(name));
}

/** One line on a terminal, written over and over; nothing where nobody watches. */
function progressLine(name: string): Progress {
  const { stderr } = process;
  if (!stderr.isTTY) return () => undefined;
  return (done, of) => stderr.write(done < of ? `\r${name}: ${done} of ${of}` : '\r\u001b[K');
}

interface Told {
  readonly states: Record<string, SetState>;
  readonly figures: Record<string, Readonly<Record<string, number>>>;
}

async function measure(sets: readonly QualitySet[], datasets: string, say: (text: string) => void): Promise<Told> {
  const told: Told = { states: {}, figures: {} };
  for (const set of sets) {
    const folders = set.find(datasets);
    if (folders.length === 0) {
      told.states[set.name] = { state: 'absent', reason: `none of it below ${datasets}` };
      say(paint('yellow', `– ${set.name}: absent, none of it below ${datasets}`));
      continue;
    }
    const startMs = performance.now();
    const { figures, report } = await set.run(folders, progressLine(set.name));
    const failures = belowGates(set, figures);
    told.figures[set.name] = figures;
    told.states[set.name] = failures.length === 0 ? { state: 'passed' } : { state: 'failed', failures };
    say(`${paint('bold', set.name)} (${seconds(performance.now() - startMs)})\n${report.join('\n')}\n`);
    for (const failure of failures) say(paint('red', `✘ ${failure}`));
  }
  return told;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const datasets = resolve(values.datasets ?? process.env['DATASETS'] ?? resolve(ROOT, '../shared/datasets'));
  const say = (text: string): void => {
    if (!values.json) process.stdout.write(`${text}\n`);
  };
  const { states, figures } = await measure(chooseSets(values.set), datasets, say);
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (values.gates === undefined) return;
  mkdirSync(dirname(values.gates), { recursive: true });
  writeFileSync(values.gates, JSON.stringify(states));
  if (Object.values(states).some(({ state }) => state === 'failed')) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError || (error as { code?: unknown }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
  process.stderr.write(`${isUsage ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
