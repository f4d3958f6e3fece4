import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launcherScript } from '../launcher.ts';
import { ROOT } from '../paths.ts';
import { PLUGINS } from '../plugins.ts';
import { TARGETS } from '../targets.ts';
import type { BuiltPlugin } from '../validate/built-plugin.ts';
import type { Expected } from '../validate/check.ts';
import { machO } from './mach-o-file.ts';

export interface GivenFile {
  readonly content: Buffer;
  readonly mode: number;
}
export type Files = Map<string, GivenFile>;

export const EXPECTED: Expected = {
  version: '1.2.3',
  targets: TARGETS,
  limits: { moduleBytes: 10_000, archivedBytes: 1_000_000 },
};

export const put = (files: Files, path: string, content: string | Buffer, mode = 0o644): Files =>
  files.set(path, { content: Buffer.from(content as string), mode });

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>';
const SCREENSHOT = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]);
const MAP = JSON.stringify({
  sources: ['webpack://x/./src/module.ts', 'webpack://x/webpack/runtime/global', 'webpack://x/./node_modules/y/y.js'],
  sourcesContent: ['export const plugin = 1;', null, 'export {};'],
});

/** Long enough to be a program, and with the header of one. */
function program(bunTarget: string): Buffer {
  const file = Buffer.alloc(2048);
  if (bunTarget.includes('darwin')) return machO(bunTarget.includes('arm64') ? 0x0100000c : 0x01000007);
  if (bunTarget.includes('windows')) {
    file.write('MZ', 0, 'latin1');
    file.writeUInt32LE(0x80, 0x3c);
    file.writeUInt16LE(0x8664, 0x84);
    return file;
  }
  file.writeUInt32BE(0x7f454c46, 0);
  file.writeUInt16LE(bunTarget.includes('arm64') ? 0xb7 : 0x3e, 18);
  return file;
}

function metadata(id: string, type: string): Record<string, unknown> {
  return {
    type,
    id,
    name: `Named ${type}`,
    ...(type === 'datasource' ? { backend: true, alerting: true, executable: 'gpx_live_diagnostics' } : {}),
    info: {
      description: 'What it does',
      keywords: ['word'],
      logos: { small: 'img/logo.svg', large: 'img/logo.svg' },
      screenshots: type === 'app' ? [{ name: 'One', path: 'img/one.png' }] : [],
      links: [{ name: 'Home', url: 'https://example.org' }],
      version: '1.2.3',
      updated: '2026-01-02',
    },
    dependencies: { grafanaDependency: '>=12.3.0' },
  };
}

/** A plugin that keeps every rule. */
export function goodFiles(): Files {
  const files: Files = new Map();
  for (const { id, folder } of PLUGINS) {
    const at = folder === '' ? '' : `${folder}/`;
    const meta = metadata(id, id.split('-').at(-1) ?? '');
    if (folder === '') {
      meta['includes'] = [
        ...PLUGINS.filter((part) => part.folder !== '').map((part) => ({
          type: part.id.split('-').at(-1),
          name: part.id,
          path: `${part.folder}/plugin.json`,
        })),
        { type: 'page', name: 'Start', path: `/a/${id}` },
        { type: 'dashboard', name: 'Overview', path: 'dashboards/overview.json' },
      ];
    }
    put(files, `${at}plugin.json`, JSON.stringify(meta));
    put(files, `${at}img/logo.svg`, SVG);
    put(files, `${at}module.js`, 'define(["react","module"],()=>{});\n//# sourceMappingURL=module.js.map');
    put(files, `${at}module.js.map`, MAP);
  }
  put(files, 'img/one.png', SCREENSHOT);
  put(files, 'dashboards/overview.json', JSON.stringify({ uid: 'overview', title: 'Overview', revision: 0 }));
  put(files, 'README.md', '# Plugin\n\nSee [the site](https://example.org).\n');
  put(files, 'CHANGELOG.md', '# Changelog\n\n## 1.2.3\n\nFirst.\n');
  put(files, 'LICENSE', readFileSync(join(ROOT, 'LICENSE')));
  for (const { file, builds, launcher } of TARGETS) {
    for (const build of builds) put(files, `datasource/${build.file}`, program(build.bunTarget), 0o755);
    if (launcher === true) put(files, `datasource/${file}`, launcherScript(), 0o755);
  }
  return put(files, 'datasource/lib-musl-arm64/libstdc++.so.6', 'library');
}

export const asPlugin = (files: Files): BuiltPlugin => ({
  files: new Map([...files].map(([path, { content, mode }]) => [path, { path, mode, bytes: content.length }])),
  read: (path) => files.get(path)?.content ?? Buffer.alloc(0),
});

type Json = Record<string, unknown>;
/** Changes one plugin.json, a copy of which `change` may write to. */
export function edit(files: Files, path: string, change: (meta: Json) => void): Files {
  const meta = JSON.parse(files.get(path)?.content.toString() ?? '{}') as Json;
  change(meta);
  return put(files, path, JSON.stringify(meta));
}
