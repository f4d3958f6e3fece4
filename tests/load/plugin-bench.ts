/**
 * A plugin on our SDK beside one on Grafana's own, asked by the same host: `npm run bench:plugin`, and with executables of
 * more plugins as arguments. Ours runs as it is shipped, compiled by Bun, and from source. Takes about ten seconds a plugin;
 * needs Go.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { hostBun } from '../../build/bun.ts';
import { compileArguments } from '../../build/executables.ts';
import { buildGo, detectGo } from '../fixtures/go-toolchain.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, '../../.cache/plugin-bench');

interface Measured {
  readonly startMs: number;
  readonly idleMiB: number;
  readonly busyMiB: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly parallelPerS: number;
  readonly framesPerS: number;
  readonly megabytesPerS: number;
}

const ROWS: readonly (readonly [title: string, key: keyof Measured, digits: number])[] = [
  ['start to first answer, ms (median of 5)', 'startMs', 0],
  ['memory, idle, MiB', 'idleMiB', 0],
  ['memory, after the load, MiB', 'busyMiB', 0],
  ['query of 100 points, p50, ms', 'p50Ms', 3],
  ['query of 100 points, p99, ms', 'p99Ms', 3],
  ['queries a second, 8 at once', 'parallelPerS', 0],
  ['stream, frames of 1,000 rows a second', 'framesPerS', 0],
  ['stream, MB/s', 'megabytesPerS', 1],
];

async function measure(client: string, command: string): Promise<Measured> {
  const { stdout } = await run(client, [command], { timeout: 120_000 });
  return JSON.parse(stdout) as Measured;
}

const go = await detectGo();
if (!go.available) {
  console.error(`the bench needs Go: ${go.reason}`);
  process.exit(1);
}
mkdirSync(FOLDER, { recursive: true });
const client = join(FOLDER, 'client');
const baseline = join(FOLDER, 'baseline');
await buildGo('./bench', client);
await buildGo('./baseline', baseline);
const compiled = join(FOLDER, 'compiled');
const entry = join(import.meta.dirname, 'plugin-under-bench.ts');
const build = { bunTarget: '', basePackage: '', file: compiled };
await run(await hostBun(), [...compileArguments(build, entry, undefined)], { cwd: FOLDER });

const subjects: readonly (readonly [name: string, command: string])[] = [
  ['Go SDK', baseline],
  ['this, by Bun', compiled],
  ['this, by Node', join(import.meta.dirname, 'plugin-under-bench.sh')],
  ...process.argv.slice(2).map((path) => [path.split('/').at(-1) ?? path, resolve(path)] as const),
];
const results: Measured[] = [];
for (const [, command] of subjects) results.push(await measure(client, command));

const width = Math.max(...ROWS.map(([title]) => title.length));
console.log([''.padEnd(width), ...subjects.map(([name]) => name.padStart(13))].join('  '));
for (const [title, key, digits] of ROWS) {
  console.log([title.padEnd(width), ...results.map((result) => result[key].toFixed(digits).padStart(13))].join('  '));
}
