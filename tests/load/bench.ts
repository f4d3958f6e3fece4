/**
 * Every bench, one after the other: `npm run bench` prints one JSON line a case on stdout and progress on stderr;
 * `npm run bench -- --write` puts the table into docs/benchmarks.md too,
 * where lines of benches that were not run stay. Names choose: `npm run bench -- fan-out`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { format, resolveConfig } from 'prettier';
import { CASES, type Line } from './report/cases.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = join(ROOT, 'docs/benchmarks.md');
const BENCHES = [
  'upstream-queries-bench',
  'publisher-bench',
  'event-loop-bench',
  'fan-out',
  'real-tick-bench',
  'polling-bench',
];

/** Its JSON lines that name a bench; whatever else it prints is for people and goes to stderr. */
async function run(name: string, lines: Line[]): Promise<boolean> {
  const startedMs = performance.now();
  process.stderr.write(`▶ ${name}\n`);
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, `${name}.ts`)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<number | null>((done) => child.once('close', done));
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.startsWith('{"bench"')) continue;
    process.stdout.write(`${text}\n`);
    lines.push(JSON.parse(text) as Line);
  }
  const code = await ended;
  process.stderr.write(
    `${code === 0 ? '✔' : '✘'} ${name} (${((performance.now() - startedMs) / 1000).toFixed(0)} s)\n`,
  );
  return code === 0;
}

function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(1);
  return `${availableParallelism()} cores of ${model}, ${memoryGb} GiB, Linux ${release()}, Node ${process.versions.node}; load average at the end ${load}`;
}

/** The lines that the document has from earlier runs, of benches that this run left out. */
function earlierLines(document: string, fresh: readonly Line[]): Line[] {
  const block = /```json\n([\s\S]*?)\n```/.exec(document)?.[1] ?? '';
  const again = new Set(fresh.map((line) => line['bench']));
  const earlier = block.split('\n').filter(Boolean);
  return earlier.map((text) => JSON.parse(text) as Line).filter((line) => !again.has(line['bench']));
}

async function writeDocument(fresh: readonly Line[]): Promise<void> {
  const document = readFileSync(DOCUMENT, 'utf8');
  const lines = [...earlierLines(document, fresh), ...fresh];
  const rows = CASES.map((one) => `| ${one.title} | ${one.must} | ${one.goal} | ${one.figure(lines)} |`);
  const table = ['| case | must | goal | measured |', '|---|---|---|---|', ...rows].join('\n');
  const marked = /(<!-- measured -->)[\s\S]*(<!-- \/measured -->)/;
  const text = document.replace(
    marked,
    (_all, open: string, close: string) =>
      `${open}\n\n${machine()}.\n\n${table}\n\n<details><summary>All lines</summary>\n\n\`\`\`json\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n\`\`\`\n\n</details>\n\n${close}`,
  );
  writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
}

const names = process.argv.slice(2).filter((arg) => arg !== '--write');
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.startsWith(name)));
if (unknown.length > 0) {
  process.stderr.write(`no such bench: ${unknown.join(', ')}; there are ${BENCHES.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const chosen = BENCHES.filter((bench) => names.length === 0 || names.some((name) => bench.startsWith(name)));
  const lines: Line[] = [];
  for (const bench of chosen) if (!(await run(bench, lines))) process.exitCode = 1;
  if (process.argv.includes('--write')) await writeDocument(lines);
}
