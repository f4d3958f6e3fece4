/**
 * What Grafana's page holds ready for plugins in every version from 12.3 on (its sharedDependencies table), as far as this
 * project may want it. A second React in the page breaks hooks; the others would only be loaded twice. @grafana/i18n is not
 * among them: Grafana shares i18next, on which it stands.
 */
export const GRAFANA_MODULES: readonly string[] = [
  '@emotion/css',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/ui',
  'i18next',
  'lodash',
  'moment',
  'react',
  'react/jsx-runtime',
  'react-dom',
  'react-router',
  'react-router-dom',
  'rxjs',
  'rxjs/operators',
];

/** What an AMD loader gives every module, not a file of its own. */
export const AMD_OWN: readonly string[] = ['module', 'exports', 'require'];

/** Webpack's `externals`: exact names, so that a path below a package that Grafana does not share fails in plain sight. */
export const EXTERNALS: Record<string, string> = {
  'amd-module': 'module',
  ...Object.fromEntries(GRAFANA_MODULES.map((name) => [name, name])),
};
