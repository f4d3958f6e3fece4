const POLL_MS = 250;

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Calls back once the process that started this one has ended. Stdin tells nothing (the host hands on its own), so the
 * parent's id is watched: an orphan gets another one, except on Windows, where the id must be asked after.
 */
export function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    const gone = process.platform === 'win32' ? !exists(parent) : process.ppid !== parent;
    if (!gone) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
