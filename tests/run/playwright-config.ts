import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts';
import type { SpecsFolder } from './components.ts';
import { RESULTS, ROOT } from './paths.ts';

/** Of every page that tests open, also in contexts of their own making. */
export const BROWSING = { viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'UTC' } as const;

/** One worker: it owns what the specs look at, and two cores show only one of that and one browser honestly. */
export function playwrightConfig(name: SpecsFolder, use: { readonly colorScheme?: 'dark' } = {}) {
  const executablePath = findChromium();
  return defineConfig({
    testDir: join(ROOT, 'tests', name, 'specs'),
    outputDir: join(ROOT, '.cache', name),
    workers: 1,
    fullyParallel: false,
    forbidOnly: process.env['CI'] !== undefined,
    retries: 0,
    timeout: 60_000,
    expect: { timeout: 15_000 },
    reporter: [['list'], ['json', { outputFile: join(RESULTS, `${name}.json`) }]],
    use: {
      ...BROWSING,
      ...use,
      screenshot: 'only-on-failure',
      // `--trace on` where one is wanted: recording a context that tests share costs more than it tells.
      trace: 'off',
      launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: CHROMIUM_ARGS },
    },
  });
}
