import { posix } from 'node:path';
import { AMD_OWN, GRAFANA_MODULES } from '../grafana-modules.ts';
import type { Check } from './check.ts';
import { partsOf, type BuiltPlugin } from './built-plugin.ts';

const scripts = ({ files }: BuiltPlugin): readonly string[] => [...files.keys()].filter((path) => path.endsWith('.js'));

const present: Check = {
  name: 'each plugin has its module.js and a source map',
  problems: (plugin) =>
    partsOf(plugin)
      .flatMap(({ folder }) => [`${folder}module.js`, `${folder}module.js.map`])
      .filter((path) => !plugin.files.has(path))
      .map((path) => `${path}: missing`),
};

const SHARED: ReadonlySet<string> = new Set([...GRAFANA_MODULES, ...AMD_OWN]);

const loadable: Check = {
  name: 'modules are AMD and ask only for what Grafana shares',
  problems: (plugin) =>
    scripts(plugin)
      .filter((path) => posix.basename(path) === 'module.js')
      .flatMap((path) => {
        const list = /\bdefine\(\s*\[([^\]]*)\]/.exec(plugin.read(path).toString())?.[1];
        if (list === undefined) return [`${path}: no AMD define with its dependencies`];
        const wanted = [...list.matchAll(/["']([^"']+)["']/g)].map((match) => match[1] ?? '');
        return wanted.filter((name) => !SHARED.has(name)).map((name) => `${path}: wants ${name}`);
      }),
};

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

export const readSourceMap = (plugin: BuiltPlugin, path: string): SourceMap =>
  JSON.parse(plugin.read(path).toString()) as SourceMap;

/** A map's sources are shown as they are named: a path of the builder's machine says where they lay, not what they are. */
const isOutside = (source: string): boolean => {
  const path = source.replace(/^webpack:\/\/[^/]*\//, '');
  return /^(\/|[A-Za-z]:|file:|\\)/.test(path) || path.split('/').includes('..');
};

const maps: Check = {
  name: 'source maps are whole and name nothing outside the project',
  problems: (plugin) =>
    scripts(plugin).flatMap((path) => {
      const url = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(plugin.read(path).toString())?.[1];
      if (url === undefined) return [`${path}: names no source map`];
      const map = posix.join(posix.dirname(path), url);
      if (!plugin.files.has(map)) return [`${path}: its map ${url} is missing`];
      const { sources, sourcesContent = [] } = readSourceMap(plugin, map);
      return sources.flatMap((source, index) => [
        ...(isOutside(source) ? [`${map}: ${source}`] : []),
        // Webpack's own pieces have no source to show.
        ...(typeof sourcesContent[index] === 'string' || source.includes('webpack/') || source.includes('external ')
          ? []
          : [`${map}: ${source} without its text`]),
      ]);
    }),
};

const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED/, 'uses React’s internals, which React 19 has not'],
  [/\b(findDOMNode|unmountComponentAtNode)\b/, 'uses what React 19 has removed'],
  [/["']app\/(core|features)\/|angular\.(module|element)\b|\bPanelCtrl\b|\bQueryCtrl\b/, 'uses the Angular platform'],
  [
    /google-analytics\.com|googletagmanager\.com|segment\.(io|com)|mixpanel\.com|hotjar\.com/,
    'sends usage to a tracker',
  ],
  [/\b(eval|Function)\s*\(\s*["'`]/, 'turns text into code, which a strict content security policy forbids'],
];

const clean: Check = {
  name: 'scripts use no forbidden API',
  problems: (plugin) =>
    scripts(plugin).flatMap((path) => {
      const text = plugin.read(path).toString();
      return FORBIDDEN.filter(([pattern]) => pattern.test(text)).map(([, problem]) => `${path}: ${problem}`);
    }),
};

export const MODULES: readonly Check[] = [present, loadable, maps, clean];
