import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import webpack, { type MultiStats } from 'webpack';
import configure from '../webpack.config.ts';
import { DIST } from './paths.ts';
import { runWebpack } from './run-webpack.ts';
import { size, step } from './terminal.ts';

/** Builds every plugin of the table into dist/. */
export async function buildFrontEnd(): Promise<void> {
  await step('front end', bundle, (stats) => {
    const assets = stats.stats.flatMap(({ compilation }) => compilation.getAssets());
    const code = assets.filter(({ name }) => name.endsWith('.js'));
    return `${code.length} scripts, ${size(code.reduce((sum, { source }) => sum + source.size(), 0))}`;
  });
  for (const name of await readdir(DIST, { recursive: true })) {
    if (/(^|[\\/])module\.js$/.test(name)) console.log(`  ${name} ${size((await stat(join(DIST, name))).size)}`);
  }
}

async function bundle(): Promise<MultiStats> {
  return runWebpack<MultiStats>(webpack(configure({ production: true })));
}
