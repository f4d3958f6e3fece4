import { existsSync } from 'node:fs';
import { join } from 'node:path';
import CopyPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { SubresourceIntegrityPlugin } from 'webpack-subresource-integrity';
import { parse } from 'yaml';
import { EXTERNALS } from './build/grafana-modules.ts';
import { CACHE, DIST, ROOT, SOURCE } from './build/paths.ts';
import { PLUGINS, type PluginPart } from './build/plugins.ts';
import { SCRIPTS_RULE } from './build/scripts-rule.ts';
import { fillPlaceholders, readBuildInfo } from './build/version.ts';

const DASHBOARDS = join(ROOT, 'provisioning/dashboards/topdeck');

const ALERT_RULES = join(ROOT, 'provisioning/alerting/topdeck-live-diagnostics.yaml');

type Mode = 'production' | 'development';

/** Written by other steps of the build, or built by themselves. */
const NOT_OURS = [
  /gpx_/,
  /lib-musl/,
  ...PLUGINS.filter(({ folder }) => folder !== '').map(({ folder }) => new RegExp(`^${folder}[\\\\/]`)),
];

/**
 * The dashboards that are provisioned are offered for import, too. Of revision 0, Grafana leaves that to people: any other
 * it imports by itself when the app is enabled or new, and fails where the dashboard is provisioned.
 */
const forImport = (text: Buffer): string =>
  JSON.stringify({ ...(JSON.parse(text.toString()) as Record<string, unknown>), revision: 0 });

/** The alert rules that are provisioned, as Grafana's API takes them: the set-up page of the app imports them. */
const ruleGroup = (text: Buffer): string => {
  const { groups } = parse(text.toString()) as { groups: { name: string; interval: string; rules: unknown[] }[] };
  const [{ name, interval, rules }] = groups;
  return JSON.stringify({ title: name, interval: Number.parseInt(interval, 10), rules });
};

const files = ({ folder }: PluginPart): CopyPlugin.Pattern[] => {
  const here = join(SOURCE, folder);
  const below = (name: string): CopyPlugin.Pattern[] =>
    existsSync(join(here, name)) ? [{ from: join(here, name), to: name }] : [];
  const info = readBuildInfo();
  const pluginJson = {
    from: join(here, 'plugin.json'),
    transform: (text: Buffer) => fillPlaceholders(text.toString(), info),
  };
  const ofAll = [
    ...['CHANGELOG.md', 'LICENSE'].map((name) => ({ from: join(ROOT, name) })),
    { from: '*.json', to: 'dashboards', context: DASHBOARDS, transform: forImport },
    { from: ALERT_RULES, to: 'alerting/rules.json', transform: ruleGroup },
  ];
  return [pluginJson, ...below('img'), ...below('locales'), ...below('README.md'), ...(folder === '' ? ofAll : [])];
};

const configure = (part: PluginPart, mode: Mode): Configuration => ({
  name: part.id,
  mode,
  context: ROOT,
  entry: {
    module: {
      // In this order: the last one's exports are the module's.
      import: [join(ROOT, 'build/public-path.ts'), join(SOURCE, part.folder, part.entry)],
      // Of this entry alone: workers are entries, too, and know no AMD.
      library: { type: 'amd' },
    },
  },
  externals: EXTERNALS,
  externalsType: 'amd',
  devtool: 'source-map',
  cache: {
    type: 'filesystem',
    cacheDirectory: join(CACHE, 'webpack'),
    buildDependencies: { config: [import.meta.filename] },
  },
  module: {
    rules: [SCRIPTS_RULE],
  },
  resolve: { extensions: ['.ts', '.tsx', '.js', '.mjs'] },
  output: {
    path: join(DIST, part.folder),
    filename: '[name].js',
    // Grafana asks browsers to keep what lies in a plugin's folder, so a new content needs a new name.
    chunkFilename: '[contenthash].js',
    publicPath: `public/plugins/${part.id}/`,
    // Chunks of several plugins meet in one page; this names the list that each waits for its own in.
    uniqueName: part.id,
    crossOriginLoading: 'anonymous',
    clean: { keep: (file: string) => NOT_OURS.some((pattern) => pattern.test(file)) },
    devtoolModuleFilenameTemplate: (module: { resourcePath: string }) => `webpack://${part.id}/${module.resourcePath}`,
  },
  plugins: [
    new CopyPlugin({ patterns: files(part) }),
    // module.js carries the hashes of its chunks, and Grafana holds module.js of a signed plugin against the manifest.
    new SubresourceIntegrityPlugin({ hashFuncNames: ['sha384'] }),
  ],
  // A worker is one file: another chunk it would look for beside itself, below a public path that is relative to the page.
  optimization: { splitChunks: { chunks: (chunk) => !chunk.canBeInitial() && !chunk.hasRuntime() } },
  performance: { hints: false },
});

export default (env: { production?: boolean } = {}): Configuration[] =>
  PLUGINS.map((part) => configure(part, env.production === true ? 'production' : 'development'));
