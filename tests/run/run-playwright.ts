import { spawnSync } from 'node:child_process';
import type { SpecsFolder } from './components.ts';
import { ROOT } from './paths.ts';

const UPDATE = '--update-screenshots';

/** Exit code of a command whose output goes to this terminal. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** Exit code of the specs of one folder. --update-screenshots writes docs/screenshots/; the rest goes to Playwright. */
export function runPlaywright(name: SpecsFolder, args: readonly string[]): number {
  const updating = args.includes(UPDATE) ? { UPDATE_SCREENSHOTS: '1' } : {};
  const forPlaywright = args.filter((arg) => arg !== UPDATE);
  const command = ['test', '-c', `tests/${name}/playwright.config.ts`, ...forPlaywright];
  return run('node_modules/.bin/playwright', command, { ...process.env, ...updating });
}
