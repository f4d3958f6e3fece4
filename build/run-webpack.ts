import type { Compiler, MultiCompiler } from 'webpack';
import { BuildError } from './terminal.ts';

interface Outcome {
  hasErrors(): boolean;
  hasWarnings(): boolean;
  toString(options: { all: boolean; errors: boolean; warnings: boolean }): string;
}

/** Runs a compiler once. Errors and warnings alike fail the build. */
export async function runWebpack<Stats extends Outcome>(
  compiler: Pick<Compiler | MultiCompiler, 'close'> & {
    run: (done: (error: Error | null, stats?: Stats) => void) => void;
  },
): Promise<Stats> {
  try {
    const stats = await new Promise<Stats>((resolve, reject) => {
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
