import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from '../fixtures/chromium.ts';
import { RESULTS, ROOT } from '../run/paths.ts';

const executablePath = findChromium();

/** One worker: two cores show only one browser and one bridge honestly. */
export default defineConfig({
  testDir: './specs',
  outputDir: join(ROOT, '.cache/preview'),
  workers: 1,
  fullyParallel: false,
  forbidOnly: process.env['CI'] !== undefined,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: join(RESULTS, 'preview.json') }]],
  use: {
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: CHROMIUM_ARGS },
  },
});
