import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './paths.ts';

export type ScriptOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Long enough for jest's workers and for a server that is shutting down. */
const LEFTOVER_GRACE_MS = 5_000;

/**
 * Runs a script of package.json with its output on this terminal. It gets a process group of its own, so that what it
 * started ends with it: on time-out, on Ctrl-C, and when it leaves a server behind, which is a failure.
 */
export async function runScript(args: readonly string[], limitS: number): Promise<ScriptOutcome> {
  const child = spawn('npm', ['run', '--silent', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const forward = (signal: NodeJS.Signals): void => {
    signalGroup(child.pid, signal);
    process.exit(130);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const limit = setTimeout(() => void endGroup(child.pid), limitS * 1000);
  const startedMs = performance.now();
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (performance.now() - startedMs >= limitS * 1000) return { ok: false, reason: `ended after ${limitS} s` };
    if (await leavesProcesses(child.pid)) return { ok: false, reason: 'left processes running, which were ended' };
    return code === 0 ? { ok: true } : { ok: false, reason: signal ?? `exit code ${code}` };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  } finally {
    clearTimeout(limit);
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}

/** Whether the group still had a member to receive it. Signal 0 only asks. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

async function endGroup(pid: number | undefined): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  await delay(LEFTOVER_GRACE_MS);
  signalGroup(pid, 'SIGKILL');
}

async function leavesProcesses(pid: number | undefined): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < LEFTOVER_GRACE_MS; waitedMs += 100) {
    if (!signalGroup(pid, 0)) return false;
    await delay(100);
  }
  signalGroup(pid, 'SIGKILL');
  return true;
}
