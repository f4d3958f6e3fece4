/**
 * `npm run e2e`: builds the plugin and drives it in a real Grafana by a browser; tests/README.md tells more.
 * --no-build takes dist/ as it is, --update-screenshots writes docs/screenshots/; the rest goes to Playwright.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../run/paths.ts';
import { findGrafana } from './fixtures/grafana-install.ts';

const OWN = { 'no-build': { type: 'boolean' }, 'update-screenshots': { type: 'boolean' } } as const;

/** Exit code of a command whose output goes to this terminal. */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) throw error;
  return status ?? 1;
}

function main(args: readonly string[]): number {
  const { values, tokens } = parseArgs({ args: [...args], options: OWN, strict: false, tokens: true });
  const own = new Set(tokens.flatMap((token) => (token.kind === 'option' && token.name in OWN ? [token.index] : [])));
  const forPlaywright = args.filter((_, index) => !own.has(index));
  const found = findGrafana();
  if (found.kind === 'absent') {
    console.error(`absent: ${found.reason}`);
    return 1;
  }
  if (values['no-build'] !== true && run('npm', ['run', '--silent', 'build']) !== 0) return 1;
  const updating = values['update-screenshots'] === true ? { UPDATE_SCREENSHOTS: '1' } : {};
  const config = join(import.meta.dirname, 'playwright.config.ts');
  return run('node_modules/.bin/playwright', ['test', '-c', config, ...forPlaywright], { ...process.env, ...updating });
}

process.exitCode = main(process.argv.slice(2));
