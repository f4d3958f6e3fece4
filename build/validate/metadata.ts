import { Value } from 'typebox/value';
import type { Check } from './check.ts';
import { metadataPaths, parseObject, partsOf, ROOT_METADATA, type Part } from './built-plugin.ts';
import { PluginMetadata } from './metadata-schema.ts';

const each =
  (rule: (part: Part) => readonly string[]): Check['problems'] =>
  (plugin) =>
    partsOf(plugin).flatMap((part) => rule(part).map((problem) => `${part.path}: ${problem}`));

const schema: Check = {
  name: 'plugin.json follows its schema',
  problems: (plugin) => {
    if (!plugin.files.has(ROOT_METADATA)) return ['plugin.json is missing'];
    return metadataPaths(plugin).flatMap((path) => {
      const meta = parseObject(plugin.read(path));
      if (meta === undefined) return [`${path}: is not a JSON object`];
      return Value.Errors(PluginMetadata, meta).map(
        ({ instancePath, message }) => `${path}: ${instancePath} ${message}`,
      );
    });
  },
};

const ids: Check = {
  name: 'ids are organisation-name-type, unique, of one organisation',
  problems: (plugin) => {
    const parts = partsOf(plugin);
    const found = parts.map(({ meta }) => meta.id ?? '');
    const organisation = found[0]?.split('-')[0];
    return parts.flatMap(({ path, meta: { id = '', type = '', name } }) => {
      const words = id.split('-');
      return [
        ...(words.length === 3 ? [] : [`${path}: ${id} has not three parts`]),
        ...(words.at(-1) === type ? [] : [`${path}: ${id} does not end in its type, ${type}`]),
        ...(words[0] === organisation ? [] : [`${path}: ${id} is not of ${organisation}`]),
        ...(found.filter((other) => other === id).length === 1 ? [] : [`${path}: ${id} is given twice`]),
        ...(name === id ? [`${path}: the name is the id, and people read it`] : []),
      ];
    });
  },
};

const version: Check = {
  name: 'version and date are filled in, and the package’s',
  problems: (plugin, expected) =>
    partsOf(plugin).flatMap(({ path, meta: { info = {} } }) => [
      ...(info.version === expected.version ? [] : [`${path}: version ${info.version} instead of ${expected.version}`]),
      ...(Number.isNaN(Date.parse(info.updated ?? '')) ? [`${path}: ${info.updated} is no date`] : []),
    ]),
};

/** A range with an open end: new releases of Grafana are not locked out. */
const RANGE = /^>=\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

const dependency: Check = {
  name: 'grafanaDependency is one open range for all',
  problems: (plugin) => {
    const parts = partsOf(plugin);
    const first = parts.find(({ path }) => path === ROOT_METADATA)?.meta.dependencies?.grafanaDependency;
    return parts.flatMap(({ path, meta }) => {
      const range = meta.dependencies?.grafanaDependency ?? '';
      if (!RANGE.test(range)) return [`${path}: ${range} is not like >=12.3.0`];
      return range === first ? [] : [`${path}: ${range}, while the app says ${first}`];
    });
  },
};

const description: Check = {
  name: 'described for those who search',
  problems: each(({ meta: { info } }) => [
    ...((info?.description ?? '').trim() === '' ? ['no description'] : []),
    ...((info?.keywords ?? []).length === 0 ? ['no keywords'] : []),
  ]),
};

const links: Check = {
  name: 'links are https addresses',
  problems: each(({ meta: { info } }) =>
    (info?.links ?? []).flatMap(({ name, url = '' }) => {
      const parsed = URL.parse(url);
      return parsed?.protocol === 'https:' ? [] : [`link ${name}: ${url}`];
    }),
  ),
};

export const METADATA: readonly Check[] = [schema, ids, version, dependency, description, links];
