import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import webpack, { type Stats } from 'webpack';
import { PREVIEW } from '../paths.ts';
import { runWebpack } from '../run-webpack.ts';
import { BuildError, size, step } from '../terminal.ts';
import { compressBeside } from './compress.ts';
import { ASSETS, previewConfiguration } from './configuration.ts';
import { indexHtml, type PageParts } from './index-html.ts';

function partsOf({ compilation }: Stats): PageParts {
  const files = compilation.entrypoints.get('preview')?.getFiles() ?? [];
  const logo = compilation.getAssets().find(({ info }) => /(^|\/)img\/logo\.svg$/.test(String(info['sourceFilename'])));
  if (logo === undefined) throw new BuildError('the page has no logo');
  return {
    scripts: files.filter((name) => name.endsWith('.js')),
    styles: files.filter((name) => name.endsWith('.css')),
    icon: logo.name,
  };
}

async function gzippedBytes(names: readonly string[]): Promise<number> {
  const contents = await Promise.all(names.map((name) => readFile(join(PREVIEW, name))));
  return contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
}

async function build(): Promise<PageParts> {
  const begun = new Date();
  const stats = await runWebpack<Stats>(webpack(previewConfiguration()));
  const parts = partsOf(stats);
  await compressBeside(join(PREVIEW, ASSETS));
  // Last: it says that the rest is there. As old as the build's begin, for a source may have changed since.
  const page = join(PREVIEW, 'index.html');
  await writeFile(page, indexHtml(parts));
  await utimes(page, begun, begun);
  return parts;
}

/** Builds the page that the bridge serves into backend-bridge/public/. */
export async function buildPreview(): Promise<void> {
  let bytes = 0;
  await step(
    'preview page',
    async () => {
      const { scripts, styles } = await build();
      bytes = await gzippedBytes([...scripts, ...styles]);
    },
    () => `${size(bytes)} gzipped before its panels`,
  );
}
