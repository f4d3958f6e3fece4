import type { Check } from './check.ts';
import type { BuiltPlugin } from './built-plugin.ts';

const textOf = (plugin: BuiltPlugin, path: string): string =>
  plugin.files.has(path) ? plugin.read(path).toString() : '';

const present: Check = {
  name: 'README, CHANGELOG and LICENSE are there',
  problems: (plugin) =>
    ['README.md', 'CHANGELOG.md', 'LICENSE'].flatMap((path) =>
      textOf(plugin, path).trim() === '' ? [`${path}: missing or empty`] : [],
    ),
};

const README_RULES: readonly (readonly [RegExp, string])[] = [
  [/Grafana (Panel|Data Source|Datasource|App|Data Source Backend) Plugin Template/i, 'is the template’s'],
  [/<!--/, 'has comments'],
  [/\b(yarn|nodejs)\b/, 'speaks to developers; they have CONTRIBUTING.md'],
  // Grafana shows it on a page of its own, where a path leads nowhere.
  [/\]\((?!https?:|#|\/)/, 'has a link that works only beside the sources'],
];

const readme: Check = {
  name: 'README is written for those who install it',
  problems: (plugin) => {
    const text = textOf(plugin, 'README.md');
    return README_RULES.filter(([pattern]) => pattern.test(text)).map(([, problem]) => `README.md: ${problem}`);
  },
};

const changelog: Check = {
  name: 'CHANGELOG tells about this version',
  problems: (plugin, { version }) => {
    const heading = new RegExp(`^## \\[?${version.replaceAll('.', '\\.')}\\b`, 'm');
    return heading.test(textOf(plugin, 'CHANGELOG.md')) ? [] : [`CHANGELOG.md: no heading for ${version}`];
  },
};

const license: Check = {
  name: 'LICENSE is the Apache License, filled in',
  problems: (plugin) => {
    const text = textOf(plugin, 'LICENSE');
    return [
      ...(/Apache License\s+Version 2\.0/.test(text) ? [] : ['LICENSE: not the Apache License 2.0']),
      ...(/\{(name of copyright owner|yyyy)\}/.test(text) ? ['LICENSE: has the template’s placeholders'] : []),
    ];
  },
};

export const DOCUMENTS: readonly Check[] = [present, readme, changelog, license];
