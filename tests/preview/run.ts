/**
 * `npm run preview:test`: builds the page that the bridge serves, if need be, and drives it by a browser; tests/README.md
 * tells more. --update-screenshots writes docs/screenshots/; the rest goes to Playwright.
 */
import { isPreviewStale } from '../../build/preview/freshness.ts';
import { run, runPlaywright } from '../run/run-playwright.ts';

function main(args: readonly string[]): number {
  if (isPreviewStale() && run('npm', ['run', '--silent', 'build', '--', '--only', 'preview']) !== 0) return 1;
  return runPlaywright('preview', args);
}

process.exitCode = main(process.argv.slice(2));
