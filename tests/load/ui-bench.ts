/**
 * The topology in Chromium without a GPU: `npm run bench:ui` prints one JSON line a subject and tables; with `--write`, these
 * are put into docs/benchmarks.md. Takes about two minutes; where GRAFANA_HOME names a Grafana and dist/ is built, some more
 * for the panel beside Grafana's own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { format, resolveConfig } from 'prettier';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts';
import { measureDrawing } from './ui-bench/drawing.ts';
import { measurePanels } from './ui-bench/panels.ts';
import { tableOfDrawing, tableOfPanels } from './ui-bench/tables.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/benchmarks.md');

function machine(version: string, loadBefore: number): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const load = `load average ${loadBefore.toFixed(1)} at the start, ${loadavg()[0]?.toFixed(1)} at the end`;
  return `${availableParallelism()} cores of ${model}, no GPU, Linux ${release()}, Chromium ${version}; ${load}.`;
}

async function writeSection(text: string): Promise<void> {
  const document = readFileSync(DOCUMENT, 'utf8');
  const marked = /(<!-- ui -->)[\s\S]*(<!-- \/ui -->)/;
  if (!marked.test(document)) throw new Error(`${DOCUMENT} has no section between <!-- ui --> and <!-- /ui -->`);
  const written = document.replace(marked, (_all, open: string, close: string) => `${open}\n\n${text}\n\n${close}`);
  writeFileSync(DOCUMENT, await format(written, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' }));
}

const loadBefore = loadavg()[0] ?? Number.NaN;
const executablePath = findChromium();
const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: CHROMIUM_ARGS });
try {
  const drawing = await measureDrawing(browser);
  for (const line of drawing) console.log(JSON.stringify(line));
  const panels = (await measurePanels(browser, { nodes: 1_000, edges: 5_000 })) ?? [];
  for (const line of panels) console.log(JSON.stringify(line));
  if (panels.length === 0) console.log('Without GRAFANA_HOME, the panel is not measured beside Grafana’s own.');
  const parts = [machine(browser.version(), loadBefore), tableOfDrawing(drawing), tableOfPanels(panels)];
  const text = parts.filter(Boolean).join('\n\n');
  console.log(`\n${text}`);
  if (process.argv.includes('--write')) await writeSection(text);
} finally {
  await browser.close();
}
