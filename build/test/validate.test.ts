import { describe, expect, test } from '@jest/globals';
import { CHECKS, EXCEPTIONS } from '../validate/checks.ts';
import { judge, verdictTable } from '../validate/report.ts';
import { asPlugin, edit, EXPECTED, goodFiles, put, type Files } from './good-plugin.ts';

type Breach = readonly [check: string, title: string, breach: (files: Files) => unknown, problem: RegExp];
type Json = Record<string, never>;
const ofInfo = (change: (info: Record<string, unknown>) => void) => (meta: Record<string, unknown>) => {
  change(meta['info'] as Record<string, unknown>);
};
const mapOf = (source: string, text: string | null): string =>
  JSON.stringify({ sources: [source], sourcesContent: [text] });
const source = (text: string) => (files: Files) => put(files, 'module.js.map', mapOf('webpack://x/./src/a.ts', text));
const module = (text: string) => (files: Files) =>
  put(files, 'module.js', `define(["react"],()=>{${text}});\n//# sourceMappingURL=module.js.map`);

const NESTED = 'datasource/plugin.json';
const AMD64 = 'datasource/gpx_live_diagnostics_linux_amd64';
const LAUNCHER = 'datasource/gpx_live_diagnostics_linux_arm64';
const MAC = 'datasource/gpx_live_diagnostics_darwin_amd64';
const SCHEMA = 'plugin.json follows its schema';
const IDS = 'ids are organisation-name-type, unique, of one organisation';
const VERSION = 'version and date are filled in, and the package’s';
const RANGE = 'grafanaDependency is one open range for all';
const NESTED_INCLUDED = 'nested plugins are in the app’s includes, by path and type';
const DASHBOARDS = 'included dashboards have a title and a uid, no id and revision 0';
const SVG = 'SVG files only draw';
const DOCUMENTS = 'README, CHANGELOG and LICENSE are there';
const README = 'README is written for those who install it';
const LICENSE = 'LICENSE is the Apache License, filled in';
const AMD = 'modules are AMD and ask only for what Grafana shares';
const MAPS = 'source maps are whole and name nothing outside the project';
const SOURCES = 'sources keep to Grafana’s code rules';
const BACKEND = 'backend, executable and alerting go together';
const BUILT = 'executables are there, for the platforms they are named after';
const MODE = 'executables have mode 0755, and nothing else has their name';

const BREACHES: readonly Breach[] = [
  [SCHEMA, 'no plugin.json', (files) => files.delete('plugin.json'), /plugin\.json is missing/],
  [SCHEMA, 'broken JSON', (files) => put(files, NESTED, '{'), /datasource\/plugin\.json: is not a JSON object/],
  [SCHEMA, 'an unknown key', (files) => edit(files, NESTED, (meta) => (meta['sreaming'] = true)), /additional/],
  [
    SCHEMA,
    'no keywords',
    (files) =>
      edit(
        files,
        NESTED,
        ofInfo((info) => (info['keywords'] = [])),
      ),
    /keywords/,
  ],
  [IDS, 'two parts', (files) => edit(files, NESTED, (meta) => (meta['id'] = 'topdeck-datasource')), /not three parts/],
  [IDS, 'another type', (files) => edit(files, NESTED, (meta) => (meta['type'] = 'panel')), /does not end in its type/],
  [IDS, 'twice', (files) => edit(files, NESTED, (meta) => (meta['id'] = 'topdeck-livediagnostics-app')), /given twice/],
  [IDS, 'another owner', (files) => edit(files, NESTED, (meta) => (meta['id'] = 'x-y-datasource')), /not of topdeck/],
  [IDS, 'id as name', (files) => edit(files, NESTED, (meta) => (meta['name'] = meta['id'])), /people read it/],
  [
    VERSION,
    'placeholder',
    (files) =>
      edit(
        files,
        NESTED,
        ofInfo((info) => (info['version'] = '%VERSION%')),
      ),
    /instead of/,
  ],
  [
    VERSION,
    'no date',
    (files) =>
      edit(
        files,
        NESTED,
        ofInfo((info) => (info['updated'] = '%TODAY%')),
      ),
    /is no date/,
  ],
  [
    RANGE,
    'one release',
    (files) => edit(files, 'plugin.json', (meta) => (meta['dependencies'] = { grafanaDependency: '12.3.x' })),
    /not like/,
  ],
  [
    RANGE,
    'another range',
    (files) => edit(files, NESTED, (meta) => (meta['dependencies'] = { grafanaDependency: '>=11.0.0' })),
    /while the app says/,
  ],
  [
    'described for those who search',
    'no description',
    (files) =>
      edit(
        files,
        'plugin.json',
        ofInfo((info) => (info['description'] = ' ')),
      ),
    /no description/,
  ],
  [
    'links are https addresses',
    'http',
    (files) =>
      edit(
        files,
        'plugin.json',
        ofInfo((info) => (info['links'] = [{ name: 'a', url: 'http://b.c' }])),
      ),
    /link a/,
  ],
  [
    'every plugin of the build is there',
    'one missing',
    (files) => files.delete(NESTED),
    /datasource\/plugin\.json: missing/,
  ],
  [NESTED_INCLUDED, 'not declared', (files) => edit(files, 'plugin.json', (meta) => (meta['includes'] = [])), /not in/],
  [
    NESTED_INCLUDED,
    'as another type',
    (files) => edit(files, 'plugin.json', (meta) => (meta['includes'] = [{ type: 'panel', name: 'x', path: NESTED }])),
    /included as panel, is a datasource/,
  ],
  [
    'what is included exists',
    'no such dashboard',
    (files) => files.delete('dashboards/overview.json'),
    /overview\.json is missing/,
  ],
  [
    'what is included exists',
    'a page elsewhere',
    (files) =>
      edit(files, 'plugin.json', (meta) => (meta['includes'] as Json[]).push({ type: 'page', path: '/a/b' } as never)),
    /not one of the app’s/,
  ],
  [DASHBOARDS, 'no uid', (files) => put(files, 'dashboards/overview.json', '{"title":"a","id":null}'), /no uid/],
  [DASHBOARDS, 'an id', (files) => put(files, 'dashboards/overview.json', '{"uid":"a","title":"a","id":3}'), /the id/],
  [
    DASHBOARDS,
    'no revision',
    (files) => put(files, 'dashboards/overview.json', '{"uid":"a","title":"a"}'),
    /revision undefined instead of 0/,
  ],
  ['logos are SVG files', 'missing', (files) => files.delete('datasource/img/logo.svg'), /logo\.svg is missing/],
  ['logos are SVG files', 'no SVG inside', (files) => put(files, 'img/logo.svg', 'text'), /not what its name says/],
  [
    'screenshots are images of this plugin',
    'no PNG inside',
    (files) => put(files, 'img/one.png', '<svg/>'),
    /one\.png: is not what its name says/,
  ],
  [
    'screenshots are images of this plugin',
    'elsewhere',
    (files) =>
      edit(
        files,
        'plugin.json',
        ofInfo((info) => (info['screenshots'] = [{ name: 'a', path: 'https://a.b/c.png' }])),
      ),
    /not below the plugin/,
  ],
  [
    'screenshots for the catalogue',
    'none',
    (files) =>
      edit(
        files,
        'plugin.json',
        ofInfo((info) => (info['screenshots'] = [])),
      ),
    /no screenshot/,
  ],
  [SVG, 'a script', (files) => put(files, 'img/logo.svg', '<svg><script/></svg>'), /more than draw/],
  [SVG, 'a handler', (files) => put(files, 'img/logo.svg', '<svg onload="x"></svg>'), /event handler/],
  [SVG, 'a link', (files) => put(files, 'img/logo.svg', '<svg><a href="https://a.b"/></svg>'), /something outside/],
  [DOCUMENTS, 'no changelog', (files) => files.delete('CHANGELOG.md'), /CHANGELOG\.md: missing/],
  [DOCUMENTS, 'an empty licence', (files) => put(files, 'LICENSE', ' \n'), /LICENSE: missing or empty/],
  [README, 'template', (files) => put(files, 'README.md', '# Grafana App Plugin Template'), /the template’s/],
  [README, 'comments', (files) => put(files, 'README.md', '<!-- to do -->'), /has comments/],
  [README, 'jargon', (files) => put(files, 'README.md', 'run yarn install'), /speaks to developers/],
  [README, 'relative links', (files) => put(files, 'README.md', '[a](docs/a.md)'), /only beside the sources/],
  ['CHANGELOG tells about this version', 'older', (files) => put(files, 'CHANGELOG.md', '## 1.2.30'), /no heading/],
  [LICENSE, 'another', (files) => put(files, 'LICENSE', 'All rights reserved'), /not the Apache License/],
  [LICENSE, 'unfilled', (files) => put(files, 'LICENSE', 'Apache License Version 2.0 {yyyy}'), /placeholders/],
  [
    'each plugin has its module.js and a source map',
    'no map',
    (files) => files.delete('datasource/module.js.map'),
    /module\.js\.map: missing/,
  ],
  [AMD, 'not AMD', (files) => put(files, 'module.js', 'export {}'), /no AMD define/],
  [AMD, 'not shared', (files) => put(files, 'module.js', 'define(["react-dom/client"],()=>{})'), /react-dom\/client/],
  [MAPS, 'no map named', (files) => put(files, 'module.js', 'define([],()=>{})'), /names no source map/],
  [MAPS, 'a path above', (files) => put(files, 'module.js.map', mapOf('webpack://x/../b.ts', '')), /\.\.\/b\.ts/],
  [MAPS, 'an absolute path', (files) => put(files, 'module.js.map', mapOf('/home/me/b.ts', '')), /home/],
  [MAPS, 'no text', (files) => put(files, 'module.js.map', mapOf('webpack://x/./src/b.ts', null)), /without its text/],
  ['scripts use no forbidden API', 'a tracker', module('fetch("https://google-analytics.com/x")'), /tracker/],
  ['scripts use no forbidden API', 'eval', module('eval("1")'), /turns text into code/],
  ['scripts use no forbidden API', 'React 19', module('r.findDOMNode(this)'), /React 19/],
  [SOURCES, 'console', source('console.log(1)'), /src\/a\.ts: writes to the browser’s console/],
  [SOURCES, 'boot data', source('window.grafanaBootData.user'), /private state/],
  [SOURCES, 'dialogue', source('if (window.confirm("?")) x();'), /dialogue/],
  [SOURCES, 'window.open', source("window.open(url, '_blank')"), /reach back/],
  [SOURCES, 'location', source('window.location.href'), /location service/],
  [SOURCES, 'type checker', source('// @ts-ignore'), /type checker/],
  [SOURCES, 'style sheet', source("import './a.css';"), /style sheet/],
  [SOURCES, 'query endpoint', source("post('/api/ds/query')"), /past the data source/],
  [
    SOURCES,
    'testDatasource',
    source('class D extends DataSourceWithBackend<Q, J> {\n async testDatasource() {} }'),
    /past its backend/,
  ],
  [
    SOURCES,
    'no source of ours',
    (files) =>
      files.forEach(
        (_file, path) => path.endsWith('.map') && put(files, path, mapOf('webpack://x/./node_modules/a.js', '')),
      ),
    /no source/,
  ],
  [BACKEND, 'no executable', (files) => edit(files, NESTED, (meta) => delete meta['executable']), /without executable/],
  [BACKEND, 'no backend', (files) => edit(files, NESTED, (meta) => (meta['backend'] = false)), /without backend/],
  [BACKEND, 'another name', (files) => edit(files, NESTED, (meta) => (meta['executable'] = 'gpx_x')), /is built/],
  [BUILT, 'missing', (files) => files.delete(AMD64), /linux_amd64: missing/],
  [BUILT, 'for another', (files) => files.set(AMD64, files.get(`${LAUNCHER}_glibc`)!), /no program for linux amd64/],
  [BUILT, 'launcher without exec', (files) => put(files, LAUNCHER, '#!/bin/sh\n./x', 0o755), /does not become …_glibc/],
  [BUILT, 'no C++ library', (files) => files.delete('datasource/lib-musl-arm64/libstdc++.so.6'), /libstdc\+\+/],
  [
    BUILT,
    'a broken signature',
    (files) => {
      const content = Buffer.from(files.get(MAC)!.content);
      content.writeUInt8(1, 5000);
      put(files, MAC, content, 0o755);
    },
    /signature is of another file/,
  ],
  [MODE, 'mode', (files) => files.set(AMD64, { ...files.get(AMD64)!, mode: 0o644 }), /mode 644/],
  [MODE, 'name', (files) => put(files, 'datasource/gpx_live_diagnostics_plan9', 'x', 0o755), /no name of a platform/],
  [
    'nothing is left of debugging a backend',
    'standalone',
    (files) => put(files, 'datasource/standalone.txt', ''),
    /removed/,
  ],
  [
    'each language has its texts',
    'no texts',
    (files) => edit(files, NESTED, (meta) => (meta['languages'] = ['de-DE'])),
    /locales\/de-DE\/\S+ is missing/,
  ],
  ['nothing but what a plugin needs', 'a key', (files) => put(files, '.env', 'x'), /\.env: unexpected/],
  ['front end and archive stay small', 'module', module('x'.repeat(11_000)), /module\.js: \d+ bytes/],
  ['front end and archive stay small', 'all', (files) => put(files, AMD64, Buffer.alloc(1_100_000)), /all: \d+ bytes/],
];

const problemsOf = (files: Files): ReadonlyMap<string, readonly string[]> =>
  new Map(judge(asPlugin(files), EXPECTED).map(({ check, problems }) => [check.name, problems]));

describe('validation', () => {
  test('passes a plugin that keeps every rule', () => {
    expect([...problemsOf(goodFiles())].filter(([, problems]) => problems.length > 0)).toEqual([]);
  });

  test.each(BREACHES)('%s: fails on %s', (check, _title, breach, problem) => {
    const files = goodFiles();
    breach(files);
    expect(problemsOf(files).get(check)?.join('\n')).toMatch(problem);
  });

  test('has a breach for every check', () => {
    const breached = new Set(BREACHES.map(([check]) => check));
    expect(CHECKS.map(({ name }) => name).filter((name) => !breached.has(name))).toEqual([]);
  });

  test('a check that falls over has not passed', () => {
    const plugin = {
      ...asPlugin(goodFiles()),
      read: () => {
        throw new Error('disk');
      },
    };
    expect(judge(plugin, EXPECTED).find(({ check }) => check.name === SVG)?.problems).toEqual([
      'could not be carried out: disk',
    ]);
  });

  test('the report has a row a check, its problems below, and every known exception', () => {
    const files = goodFiles();
    files.delete('CHANGELOG.md');
    const text = verdictTable(judge(asPlugin(files), EXPECTED));
    expect(text).toMatch(/^FAILED +README, CHANGELOG and LICENSE are there\n +CHANGELOG\.md: missing or empty$/m);
    expect(text).toMatch(/^ok +logos are SVG files$/m);
    for (const { name } of EXCEPTIONS) expect(text).toContain(`exception  ${name}`);
  });
});
