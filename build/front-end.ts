import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import webpack, { type MultiStats } from 'webpack';
import configure from '../webpack.config.ts';
import { DIST } from './paths.ts';
import { BuildError, size, step } from './terminal.ts';

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
  const compiler = webpack(configure({ production: true }));
  try {
    const stats = await new Promise<MultiStats>((resolve, reject) => {
      compiler.run((error, result) => {
        if (error) reject(error);
        else if (result) resolve(result);
        else reject(new BuildError('webpack ended without a result'));
      });
    });
    if (stats.hasErrors() || stats.hasWarnings()) {
      throw new BuildError(stats.toString({ all: false, errors: true, warnings: true }));
    }
    return stats;
  } finally {
    await new Promise<void>((resolve, reject) => {
      compiler.close((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}
