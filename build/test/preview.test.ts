import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { Snapshot } from '@topdeck/protocol';
import { isPreviewStale, PREVIEW_SOURCES } from '../preview/freshness.ts';
import { indexHtml } from '../preview/index-html.ts';
import { Compile as Uncompiled } from '../preview/uncompiled-checks.ts';

describe('whether the page is to be built', () => {
  let root = '';
  const page = (): string => join(root, 'public');
  const touch = (path: string, atS: number): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    utimesSync(file, atS, atS);
    for (let folder = dirname(file); folder !== root; folder = dirname(folder)) utimesSync(folder, atS, atS);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'topdeck-fresh-'));
    for (const source of PREVIEW_SOURCES) touch(/\.\w+$/.test(source) ? source : `${source}/file.ts`, 1000);
    for (const source of PREVIEW_SOURCES) touch(/\.\w+$/.test(source) ? source : `${source}/file.ts`, 1000);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('it is when it is not there', () => {
    expect(isPreviewStale(root, page())).toBe(true);
  });

  test('it is not when it is newer than all of its sources', () => {
    touch('public/index.html', 2000);
    expect(isPreviewStale(root, page())).toBe(false);
  });

  test.each([['src/preview/deep/in/file.tsx'], ['package-lock.json']])('it is when %s is newer', (path) => {
    touch('public/index.html', 2000);
    touch(path, 3000);
    expect(isPreviewStale(root, page())).toBe(true);
  });

  test('it is when a source was removed since', () => {
    touch('src/panels/gone.ts', 1000);
    touch('public/index.html', 2000);
    rmSync(join(root, 'src/panels/gone.ts'));
    expect(isPreviewStale(root, page())).toBe(true);
  });
});

test('the page has no script or style of its own, which its policy would refuse', () => {
  const html = indexHtml({ scripts: ['assets/a.js'], styles: ['assets/a.css'], icon: 'assets/a.svg' });
  expect(html).toContain('<script type="module" src="assets/a.js"></script>');
  expect(html).toContain('{{bridge}}');
  expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/);
});

describe('checks that need no eval', () => {
  const snapshot = {
    timestamp: '2026-01-01T00:00:00.000Z',
    overall_health: 'healthy',
    services: [],
    anomalies: [],
    traffic_patterns: [],
    failing_dependencies: [],
    dependencies: [],
  };

  test.each([
    ['an empty object', {}],
    ['a text', 'snapshot'],
    ['a snapshot without freshness', snapshot],
    ['a wrong status', { ...snapshot, overall_health: 'fine' }],
    ['a service that is none', { ...snapshot, services: [{ resource_id: 1 }] }],
  ])('come to the verdict of compiled ones about %s', (_what, value) => {
    const [compiled, walked] = [Compile(Snapshot), Uncompiled(Snapshot)];
    expect(walked.Check(value)).toBe(compiled.Check(value));
    const paths = (faults: readonly { instancePath: string }[]) => faults.map(({ instancePath }) => instancePath);
    expect(paths(walked.Errors(value))).toEqual(paths(compiled.Errors(value)));
  });
});
