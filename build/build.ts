/** Makes dist/, ready to be put into Grafana's plugin folder on this machine's platform, and the page that the bridge serves. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutables } from './executables.ts';
import { buildFrontEnd } from './front-end.ts';
import { DIST } from './paths.ts';
import { buildPreview } from './preview/preview.ts';
import { BACKEND_FOLDER } from './plugins.ts';
import { TARGETS, targetOf, type Target } from './targets.ts';
import { BuildError, main, seconds } from './terminal.ts';

const PARTS = ['front-end', 'executables', 'preview'] as const;
type Part = (typeof PARTS)[number];
const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

function readArguments(): { parts: readonly Part[]; targets: readonly Target[] } {
  const { values } = parseArgs({ options: { only: { type: 'string' }, all: { type: 'boolean', default: false } } });
  const only = values.only;
  if (only !== undefined && !isPart(only)) throw new BuildError(`--only knows ${PARTS.join(', ')}, not ${only}`);
  return { parts: only === undefined ? PARTS : [only], targets: values.all ? TARGETS : [hostTarget()] };
}

function hostTarget(): Target {
  const target = targetOf(process.platform, process.arch);
  if (target === undefined) {
    throw new BuildError(`no executable is made for ${process.platform} ${process.arch}; --all makes those for others`);
  }
  return target;
}

await main(async () => {
  const startMs = performance.now();
  const { parts, targets } = readArguments();
  if (parts.includes('front-end')) await buildFrontEnd();
  if (parts.includes('executables')) await buildExecutables(targets, { folder: join(DIST, BACKEND_FOLDER) });
  if (parts.includes('preview')) await buildPreview();
  console.log(
    `${parts.includes('preview') && parts.length === 1 ? 'backend-bridge/public/' : 'dist/'} is ready (${seconds(performance.now() - startMs)})`,
  );
});
