import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import CopyPlugin from 'copy-webpack-plugin';
import webpack, { type Configuration } from 'webpack';
import { CACHE, PREVIEW, ROOT, SOURCE } from '../paths.ts';
import { SCRIPTS_RULE } from '../scripts-rule.ts';

/** Files below it have their content in their names; the bridge lets browsers keep them for good. */
export const ASSETS = 'assets';

const require = createRequire(import.meta.url);
const UI = dirname(require.resolve('@grafana/ui/package.json'));
const { version: UI_VERSION } = JSON.parse(readFileSync(join(UI, 'package.json'), 'utf8')) as { version: string };
const INTER = join(dirname(require.resolve('@fontsource/inter/package.json')), 'files');
/** The names that the global styles of @grafana/ui give them; letters of other scripts come by the style sheets of the font. */
const FONTS = [
  ['inter-latin-400-normal.woff2', 'Inter-Regular.woff2'],
  ['inter-latin-500-normal.woff2', 'Inter-Medium.woff2'],
  ['inter-latin-400-italic.woff2', 'Inter-Italic.woff2'],
  ['inter-latin-500-italic.woff2', 'Inter-MediumItalic.woff2'],
] as const;
const ICON_FOLDERS = [join(UI, 'dist/public/img/icons'), join(SOURCE, 'preview/icons')];
/** Where @grafana/ui looks for fonts, and takes its icons to be: as below the public path of Grafana. */
const PUBLIC = `${ASSETS}/grafana-ui-${UI_VERSION}/`;

/** The preview page, as ES modules, so that only what is shown is loaded. */
export const previewConfiguration = (): Configuration => ({
  name: 'preview',
  mode: 'production',
  target: ['web', 'es2022'],
  context: ROOT,
  entry: { preview: join(SOURCE, 'preview/main.tsx') },
  devtool: false,
  cache: {
    type: 'filesystem',
    cacheDirectory: join(CACHE, 'webpack-preview'),
    buildDependencies: { config: [import.meta.filename] },
  },
  experiments: { css: true, outputModule: true },
  module: {
    rules: [
      SCRIPTS_RULE,
      { test: /\.m?js$/, resolve: { fullySpecified: false } },
      { test: /\.(svg|woff2?|png)$/, exclude: ICON_FOLDERS, type: 'asset/resource' },
      { test: /\.svg$/, include: ICON_FOLDERS, type: 'asset/source' },
    ],
  },
  resolve: {
    extensions: ['.ts', '.tsx', '.mjs', '.js'],
    alias: {
      // Its package.json lets nobody in by name.
      'grafana-icons': join(UI, 'dist/public/img/icons'),
      // Compiled checks need eval, which the page's security policy forbids; even asking whether it is there is reported.
      'typebox/compile$': join(import.meta.dirname, 'uncompiled-checks.ts'),
    },
  },
  output: {
    path: PREVIEW,
    module: true,
    chunkFormat: 'module',
    filename: `${ASSETS}/[name].[contenthash].js`,
    chunkFilename: `${ASSETS}/[contenthash].js`,
    cssFilename: `${ASSETS}/[name].[contenthash].css`,
    cssChunkFilename: `${ASSETS}/[contenthash].css`,
    assetModuleFilename: `${ASSETS}/[contenthash][ext]`,
    // From wherever a proxy serves the page.
    publicPath: 'auto',
    clean: true,
  },
  optimization: { splitChunks: { chunks: 'all', maxInitialRequests: 8 } },
  plugins: [
    new webpack.DefinePlugin({ PREVIEW_PUBLIC: JSON.stringify(PUBLIC) }),
    new CopyPlugin({
      patterns: FONTS.map(([from, to]) => ({ from: join(INTER, from), to: `${PUBLIC}fonts/inter/${to}` })),
    }),
  ],
  performance: { hints: false },
});
