/**
 * `npm run preview:test`: builds the page that the bridge serves, if need be, and drives it by a browser; tests/README.md
 * tells more. --update-screenshots writes docs/screenshots/; the rest goes to Playwright.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isPreviewStale } from '../../build/preview/freshness.ts';
import { ROOT } from '../run/paths.ts';

const UPDATE = '--update-screenshots';

/** Exit code of a command whose output goes to this terminal. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function main(args: readonly string[]): number {
  if (isPreviewStale() && run('npm', ['run', '--silent', 'build', '--', '--only', 'preview']) !== 0) return 1;
  const updating = args.includes(UPDATE) ? { UPDATE_SCREENSHOTS: '1' } : {};
  const config = join(import.meta.dirname, 'playwright.config.ts');
  const forPlaywright = args.filter((arg) => arg !== UPDATE);
  return run('node_modules/.bin/playwright', ['test', '-c', config, ...forPlaywright], { ...process.env, ...updating });
}

process.exitCode = main(process.argv.slice(2));
