/** `npm start`: builds the page that the bridge serves where it is missing or older than its sources, then starts the bridge. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { isPreviewStale } from './preview/freshness.ts';

/** Log lines have stdout to themselves. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

function refreshPage(): void {
  if (!isPreviewStale()) return;
  tell('Building the page that shows the panels (once, and after changes; half a minute)…');
  const build = [join(ROOT, 'build/build.ts'), '--only', 'preview'];
  const { status } = spawnSync(process.execPath, build, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  tell(
    'The page could not be built, for the reason above. The bridge starts all the same: / lists what else it serves.',
  );
}

refreshPage();
await import('../backend-bridge/src/main.ts');
