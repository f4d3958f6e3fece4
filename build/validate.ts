/** Holds dist/ against the rules of Grafana's plugin validator that apply to it. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DIST } from './paths.ts';
import { TARGETS, targetOf } from './targets.ts';
import { BuildError, main } from './terminal.ts';
import { validateDist } from './validate/report.ts';

await main(async () => {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
  if (!existsSync(DIST)) throw new BuildError('dist/ is not there: run npm run build first');
  const host = targetOf(process.platform, process.arch);
  await validateDist(values.all ? TARGETS : TARGETS.filter((target) => target === host));
});
