import { PLUGINS } from '../plugins.ts';
import type { Check } from './check.ts';
import { partsOf, ROOT_METADATA } from './built-plugin.ts';

const complete: Check = {
  name: 'every plugin of the build is there',
  problems: (plugin) => {
    const ids = new Map(partsOf(plugin).map(({ path, meta }) => [path, meta.id]));
    return PLUGINS.flatMap(({ id, folder }) => {
      const path = folder === '' ? ROOT_METADATA : `${folder}/${ROOT_METADATA}`;
      return ids.get(path) === id ? [] : [`${path}: ${ids.get(path) ?? 'missing'} instead of ${id}`];
    });
  },
};

const declared: Check = {
  name: 'nested plugins are in the app’s includes, by path and type',
  problems: (plugin) => {
    const parts = partsOf(plugin);
    const root = parts.find(({ path }) => path === ROOT_METADATA);
    const nested = parts.filter((part) => part !== root);
    if (nested.length > 0 && root?.meta.type !== 'app') return [`${ROOT_METADATA}: only an app may hold other plugins`];
    return nested.flatMap(({ path, meta }) => {
      const include = root?.meta.includes?.find((candidate) => candidate.path === path);
      if (include === undefined) return [`${path}: not in includes`];
      return include.type === meta.type ? [] : [`${path}: included as ${include.type}, is a ${meta.type}`];
    });
  },
};

/** Pages are routes of the app, everything else is a file. */
const included: Check = {
  name: 'what is included exists',
  problems: (plugin) =>
    partsOf(plugin).flatMap(({ path, folder, meta }) =>
      (meta.includes ?? []).flatMap(({ type, path: included = '' }) => {
        if (type === 'page') {
          const ofApp = [`/a/${meta.id}`, `/plugins/${meta.id}`].some((start) => included.startsWith(start));
          return ofApp ? [] : [`${path}: page ${included} is not one of the app’s`];
        }
        return plugin.files.has(`${folder}${included}`) ? [] : [`${path}: ${included} is missing`];
      }),
    ),
};

const dashboards: Check = {
  name: 'included dashboards have a title and a uid, no id and revision 0',
  problems: (plugin) =>
    partsOf(plugin)
      .flatMap(({ folder, meta }) =>
        (meta.includes ?? []).map(({ type, path = '' }) => ({ type, path: folder + path })),
      )
      .filter(({ type, path }) => type === 'dashboard' && plugin.files.has(path))
      .flatMap(({ path }) => {
        const { title, uid, id, revision } = JSON.parse(plugin.read(path).toString()) as Record<string, unknown>;
        return [
          ...(typeof title === 'string' ? [] : [`${path}: no title`]),
          ...(typeof uid === 'string' ? [] : [`${path}: no uid`]),
          ...(id === null || id === undefined ? [] : [`${path}: the id of some database`]),
          // Any other, Grafana imports by itself, and fails where the dashboard is provisioned.
          ...(revision === 0 ? [] : [`${path}: revision ${String(revision)} instead of 0`]),
        ];
      }),
};

export const PARTS: readonly Check[] = [complete, declared, included, dashboards];
