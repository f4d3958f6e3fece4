import type { Check } from './check.ts';
import { readSourceMap } from './modules.ts';

/** What Grafana's reviewers look for in the sources of a plugin. Asked of the sources that were built, by their maps. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /\bconsole\.(log|info|table|clear|count|countReset|dir|dirxml|group|groupEnd|time|timeEnd|timeLog|trace)\s*\(/,
    'writes to the browser’s console',
  ],
  [/\bwindow\.(grafanaBootData|grafanaRuntime|__grafanaSceneContext)\b/, 'reads Grafana’s private state'],
  [/\bfeatureToggles\.topnav\b/, 'asks for a toggle that is gone'],
  [/(^|[^.\w])(window\.)?(alert|confirm|prompt)\s*\(/m, 'opens a dialogue of the browser'],
  [
    /\bwindow\.open\((?![^)]*noopener[^)]*noreferrer)(?![^)]*noreferrer[^)]*noopener)/,
    'opens a window that can reach back',
  ],
  [/\bgf-form/, 'uses a style class that Grafana has retired'],
  [/\bwindow\.location\.(search|href)\b/, 'goes by Grafana’s location service'],
  [/@ts-(ignore|expect-error)\b/, 'silences the type checker'],
  [/\bimport\s+['"][^'"]*\.(css|scss|less)['"]/, 'imports a style sheet'],
  [/\/api\/ds\/query\b/, 'queries past the data source'],
  [
    /\bclass\s+\w+\s+extends\s+DataSourceWithBackend\b[^]*\btestDatasource\s*\(/,
    'tests the data source past its backend',
  ],
];

const isOurs = (source: string): boolean => /^webpack:\/\/[^/]+\/(\.\/)?src\//.test(source);

export const SOURCE_RULES: Check = {
  name: 'sources keep to Grafana’s code rules',
  problems: (plugin) => {
    const seen = new Map<string, string>();
    for (const path of plugin.files.keys()) {
      if (!path.endsWith('.js.map')) continue;
      const { sources, sourcesContent = [] } = readSourceMap(plugin, path);
      sources.forEach((source, index) => {
        if (isOurs(source)) seen.set(source.replace(/^webpack:\/\/[^/]+\/(\.\/)?/, ''), sourcesContent[index] ?? '');
      });
    }
    if (seen.size === 0) return ['no source of this project in any map'];
    return [...seen].flatMap(([source, text]) =>
      RULES.filter(([pattern]) => pattern.test(text)).map(([, problem]) => `${source}: ${problem}`),
    );
  },
};
