import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts';
import { RESULTS, ROOT } from '../run/paths.ts';

const executablePath = findChromium();

/** One worker: it owns the stack (fixtures/test.ts), and two cores show only one of them honestly. */
export default defineConfig({
  testDir: './specs',
  outputDir: join(ROOT, '.cache/e2e'),
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: join(RESULTS, 'e2e.json') }]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // `--trace on` where one is wanted: recording the context that all tests share costs more than it tells.
    trace: 'off',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: CHROMIUM_ARGS,
    },
  },
});
