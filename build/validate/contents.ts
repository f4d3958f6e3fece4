import { partsOf } from './built-plugin.ts';
import type { Check } from './check.ts';

/** What may lie in a plugin; anything else was not meant to. */
const KNOWN = [
  /(^|\/)plugin\.json$/,
  /(^|\/)(module|[0-9a-f]{20})\.js(\.map)?$/,
  /(^|\/)img\/[\w.-]+\.(svg|png|jpe?g|gif)$/,
  /(^|\/)README\.md$/,
  /^(CHANGELOG\.md|LICENSE|MANIFEST\.txt)$/,
  /(^|\/)dashboards\/[\w.-]+\.json$/,
  /(^|\/)locales\/[a-z]{2}-[A-Z]{2}\/[\w.-]+\.json$/,
  /^alerting\/rules\.json$/,
  /(^|\/)gpx_[^/]+$/,
  /(^|\/)lib-musl-arm64\/(lib[\w.+-]+|NOTICE\.txt)$/,
];

const known: Check = {
  name: 'nothing but what a plugin needs',
  problems: ({ files }) =>
    [...files.keys()]
      .filter((path) => !KNOWN.some((pattern) => pattern.test(path)))
      .map((path) => `${path}: unexpected`),
};

const small: Check = {
  name: 'front end and archive stay small',
  problems: ({ files }, { limits }) => {
    const all = [...files.values()];
    const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      ...all
        .filter(({ path, bytes }) => path.endsWith('.js') && bytes > limits.moduleBytes)
        .map(({ path, bytes }) => `${path}: ${bytes} bytes, ${limits.moduleBytes} allowed`),
      ...(total > limits.archivedBytes ? [`all: ${total} bytes, ${limits.archivedBytes} allowed`] : []),
    ];
  },
};

/** Grafana loads them before the plugin, and tells the console where it cannot. */
const texts: Check = {
  name: 'each language has its texts',
  problems: (plugin) =>
    partsOf(plugin).flatMap(({ path, folder, meta }) =>
      (meta.languages ?? [])
        .map((language) => `${folder}locales/${language}/${meta.id}.json`)
        .filter((file) => !plugin.files.has(file))
        .map((file) => `${path}: ${file} is missing`),
    ),
};

export const CONTENTS: readonly Check[] = [known, texts, small];
