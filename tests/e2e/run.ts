/**
 * `npm run e2e`: builds the plugin and drives it in a real Grafana by a browser; tests/README.md tells more.
 * --no-build takes dist/ as it is, --update-screenshots writes docs/screenshots/; the rest goes to Playwright.
 */
import { run, runPlaywright } from '../run/run-playwright.ts';
import { findGrafana } from './fixtures/grafana-install.ts';

const NO_BUILD = '--no-build';

function main(args: readonly string[]): number {
  const found = findGrafana();
  if (found.kind === 'absent') {
    console.error(`absent: ${found.reason}`);
    return 1;
  }
  if (!args.includes(NO_BUILD) && run('npm', ['run', '--silent', 'build']) !== 0) return 1;
  const forPlaywright = args.filter((arg) => arg !== NO_BUILD);
  return runPlaywright('e2e', forPlaywright);
}

process.exitCode = main(process.argv.slice(2));
