import { describe, expect, test } from '@jest/globals';
import { DiagnosticsQuery, VariableQuery } from '@topdeck/protocol/grafana';
import { DEFAULT_OPTIONS as DIAGNOSTICS_OPTIONS, PARTS } from '../../src/panels/diagnostics/options.ts';
import { DEFAULT_OPTIONS as TOPOLOGY_OPTIONS } from '../../src/panels/topology/options.ts';
import {
  DASHBOARDS,
  DATA_SOURCE_TYPE,
  DATA_SOURCES,
  entries,
  faults,
  type Dashboard,
  type DataSourceRef,
  type Panel,
} from './provisioning-files.ts';
import { exists, FILES, readJson } from './repository.ts';

const NATIVE_PANELS = ['stat', 'nodeGraph', 'alertlist', 'logs', 'table', 'timeseries', 'state-timeline', 'row'];
/** Options of this project's panels by plugin id. */
const OUR_PANELS: Readonly<Record<string, object>> = {
  'topdeck-topology-panel': TOPOLOGY_OPTIONS,
  'topdeck-diagnostics-panel': DIAGNOSTICS_OPTIONS,
};
const GRAFANA_VARIABLES = ['__data', '__field', '__url_time_range', '__rate_interval', '__range'];
/** Variables that choose the data source of what names them, by its type. */
const CHOICES: Readonly<Record<string, string>> = { [DATA_SOURCE_TYPE]: '${datasource}', prometheus: '${prometheus}' };

const variablesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/\$\{(\w+)|\$(\w+)/g)].map(([, braced, bare]) => braced ?? bare);
/** With the first choice of each variable of fixed ones, which may stand where the contract takes only some words. */
const chosen = <T>(value: T, { templating }: Dashboard): T =>
  templating.list
    .filter(({ type }) => type === 'custom')
    .reduce(
      (now, { name, query }) =>
        JSON.parse(JSON.stringify(now).replaceAll(`\${${name}}`, String(query).split(',')[0])) as T,
      value,
    );
const urlsIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url);
const overlap = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const referencesOf = ({ panels, templating, annotations }: Dashboard): DataSourceRef[] =>
  [
    ...panels,
    ...panels.flatMap(({ targets = [] }) => targets),
    ...templating.list.filter(({ type }) => type === 'query'),
    ...annotations.list,
  ].flatMap(({ datasource }) => datasource ?? []);

describe('dashboards', () => {
  test('are six, with uids and titles of their own', () => {
    const all = DASHBOARDS.map(([, dashboard]) => dashboard);
    expect(all).toHaveLength(6);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    expect(all.filter(({ uid }) => !/^[a-z0-9-]{1,40}$/.test(uid))).toEqual([]);
  });

  test('are all offered by the app, under their titles', () => {
    const { includes } = readJson('src/plugin.json') as { includes: { type: string; name: string; path: string }[] };
    const offered = includes.filter(({ type }) => type === 'dashboard').map(({ name, path }) => `${path}: ${name}`);
    const shipped = DASHBOARDS.map(([path, { title }]) => `dashboards/${path.split('/').at(-1)}: ${title}`);
    expect(offered.sort()).toEqual(shipped.sort());
  });

  test('show each of this project’s panels at least once', () => {
    const built = FILES.filter((path) => /^src\/panels\/[^/]+\/plugin\.json$/.test(path)).map(
      (path) => (readJson(path) as { id: string }).id,
    );
    expect(built.sort()).toEqual(Object.keys(OUR_PANELS).sort());
    const shown = new Set(DASHBOARDS.flatMap(([, { panels }]) => panels.map(({ type }) => type)));
    expect(built.filter((id) => !shown.has(id))).toEqual([]);
  });
});

describe.each(DASHBOARDS)('%s', (path: string, dashboard: Dashboard) => {
  const { panels, templating, annotations } = dashboard;
  const targets = panels.flatMap(({ targets: own = [] }) => own);
  const queries = [...targets, ...annotations.list.map(({ target }) => target)];
  const names = templating.list.map(({ name }) => name);

  test('lies where its provider looks', () => {
    const [provider] = entries('dashboards', 'providers') as readonly { options: { path: string } }[];
    const folder = provider.options.path.replace(/^(\$\{\w+\})+/, 'provisioning');
    expect(exists(folder)).toBe(true);
    expect(path.startsWith(`${folder}/`)).toBe(true);
  });

  test('is found among the others, and passes on variables and time', () => {
    expect(dashboard).toMatchObject({ id: null, schemaVersion: 42, tags: ['live-diagnostics'] });
    expect(dashboard.links).toMatchObject([
      { type: 'dashboards', tags: ['live-diagnostics'], includeVars: true, keepTime: true },
    ]);
  });

  test('is not queried again more often than every ten seconds', () => {
    const [, amount, unit] = /^(\d+)(s|m)$/.exec(dashboard.refresh) ?? [];
    expect(Number(amount) * (unit === 'm' ? 60 : 1)).toBeGreaterThanOrEqual(10);
  });

  test('queries are those of the contract, and live', () => {
    const own = chosen(queries, dashboard).filter(({ expr }) => expr === undefined);
    expect(own.length).toBeGreaterThan(0);
    const all = own.flatMap((query) => faults(DiagnosticsQuery, query).map((fault) => `${query.refId}: ${fault}`));
    expect(all).toEqual([]);
    expect(own.filter(({ streaming }) => streaming === false)).toEqual([]);
  });

  test('queries go to the data sources that its variables choose, the provisioned ones at first', () => {
    const references = referencesOf(dashboard);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter(({ type, uid }) => CHOICES[type] !== uid)).toEqual([]);
    expect(targets.filter(({ datasource }) => datasource === undefined)).toEqual([]);
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: DATA_SOURCE_TYPE });
    const choices = templating.list.filter(({ type }) => type === 'datasource');
    expect(choices.map(({ query, current }) => ({ type: query, uid: current?.value }))).toEqual(
      choices.map(({ query }) => ({ type: query, uid: DATA_SOURCES.find(({ type }) => type === query)?.uid })),
    );
  });

  test('variables are those of the contract, and all that is used is there', () => {
    const own = templating.list.filter(({ datasource }) => datasource?.type === DATA_SOURCE_TYPE);
    expect(own.flatMap(({ query }) => faults(VariableQuery, query as object))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    const known = new Set([...names, ...GRAFANA_VARIABLES]);
    const asked = templating.list.map(({ query, datasource }) => [query, datasource]);
    expect(variablesIn([panels, annotations, asked]).filter((name) => !known.has(name))).toEqual([]);
  });

  test('panels are Grafana’s own or this project’s, with options that these have', () => {
    const ours = panels.filter(({ type }) => Object.hasOwn(OUR_PANELS, type));
    expect(panels.filter((panel) => !ours.includes(panel) && !NATIVE_PANELS.includes(panel.type))).toEqual([]);
    const unknown = ours.flatMap(({ type, options = {} }) =>
      Object.keys(options).filter((key) => !Object.hasOwn(OUR_PANELS[type], key)),
    );
    expect(unknown).toEqual([]);
    const parts = ours.flatMap(({ options }) => (options?.['parts'] ?? []) as readonly string[]);
    expect(parts.filter((part) => !(PARTS as readonly string[]).includes(part))).toEqual([]);
    const selected = ours.flatMap(({ options }) => (options?.['selectionVariable'] ?? []) as string);
    expect(selected.filter((name) => name !== '' && !names.includes(name))).toEqual([]);
  });

  test('panels have ids, titles and places of their own in 24 columns', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x < 0 || w < 1 || x + w > 24)).toEqual([]);
    const clashes = panels.flatMap((a, index) =>
      panels.slice(index + 1).flatMap((b) => (overlap(a.gridPos, b.gridPos) ? [`${a.title} over ${b.title}`] : [])),
    );
    expect(clashes).toEqual([]);
  });

  test('links lead to variables of dashboards that are there, and keep data source and time', () => {
    const urls = urlsIn(panels);
    const wrong = urls.filter((url) => {
      const [, uid, query] = /^\/d\/([a-z0-9-]+)\?(.+)$/.exec(url) ?? [];
      const target = DASHBOARDS.find(([, one]) => one.uid === uid)?.[1];
      if (target === undefined) return true;
      const set = [...query.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
      const isKept = ['${datasource:queryparam}', '${__url_time_range}'].every((part) => query.includes(part));
      return !isKept || !set.every((name) => target.templating.list.some((variable) => variable.name === name));
    });
    expect(wrong).toEqual([]);
  });

  test('links of tables name columns that are kept', () => {
    const lost = panels
      .filter(({ type }) => type === 'table')
      .flatMap((panel) => {
        const kept = panel.transformations?.at(-1)?.options.include?.names ?? [];
        const named = [...JSON.stringify(panel).matchAll(/__data\.fields\.(\w+)/g)].map(([, name]) => name);
        return named.filter((name) => !kept.includes(name)).map((name) => `${panel.title}: ${name}`);
      });
    expect(lost).toEqual([]);
  });
});
