import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOCK } from './paths.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs `task` unless another process is at it in this tree: the records of real components would be mixed up, and two
 * sets of servers on one machine time each other out. A lock whose owner is gone does not count.
 */
export async function asOnlyRun<T>(task: () => Promise<T>): Promise<T> {
  const owner = existsSync(LOCK) ? readFileSync(LOCK, 'utf8') : 'nobody';
  const command = `/proc/${owner}/cmdline`;
  if (existsSync(command) && readFileSync(command, 'utf8').includes('tests/run.ts')) {
    throw new UsageError(`process ${owner} runs the suites with real components in this tree; wait for its end`);
  }
  mkdirSync(dirname(LOCK), { recursive: true });
  writeFileSync(LOCK, String(process.pid));
  try {
    return await task();
  } finally {
    rmSync(LOCK, { force: true });
  }
}
