import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkIntegrity, fileIntegrity, hostBun, hostCandidates } from '../bun.ts';
import { compileArguments } from '../executables.ts';
import { launcherScript } from '../launcher.ts';
import { libraryName } from '../musl-libraries.ts';
import { TARGETS, targetOf } from '../targets.ts';
import { fillPlaceholders } from '../version.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'executables-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('targets', () => {
  test('are named as Grafana asks for them', () => {
    expect(TARGETS.map(({ file }) => file)).toEqual([
      'gpx_live_diagnostics_linux_amd64',
      'gpx_live_diagnostics_linux_arm64',
      'gpx_live_diagnostics_darwin_amd64',
      'gpx_live_diagnostics_darwin_arm64',
      'gpx_live_diagnostics_windows_amd64.exe',
    ]);
  });

  test('a machine is found by Node’s names, and one that Grafana does not run on is not', () => {
    expect(targetOf('win32', 'x64')?.file).toBe('gpx_live_diagnostics_windows_amd64.exe');
    expect(targetOf('linux', 'arm64')?.launcher).toBe(true);
    expect(targetOf('win32', 'arm64')).toBeUndefined();
    expect(targetOf('freebsd', 'x64')).toBeUndefined();
  });
});

describe('compiling', () => {
  const build = TARGETS[0].builds[0];

  test('reads no settings from where it is started, and uses the given Bun for another system', () => {
    const here = compileArguments(build, 'main.ts', undefined);
    expect(here).toEqual(expect.arrayContaining(['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig']));
    expect(here.join(' ')).not.toContain('--target');
    expect(compileArguments(build, 'main.ts', '/base/bun')).toEqual(
      expect.arrayContaining(['--target=bun-linux-x64', '--compile-executable-path=/base/bun']),
    );
  });

  test('an absent Bun is told with the way to get it', async () => {
    await expect(hostBun([join(folder, 'bun')])).rejects.toThrow(/is not installed[^]*npm ci without --omit=optional/);
  });

  test('one that does not answer with the wanted version is told with its answer', async () => {
    const stub = join(folder, 'bun');
    await writeFile(stub, '#!/bin/sh\necho 0.0.1\n');
    await chmod(stub, 0o755);
    await expect(hostBun([stub])).rejects.toThrow(/bun: 0\.0\.1/);
  });

  test('is looked for in the package of the system, then where its install script moves it', () => {
    const [first, last] = hostCandidates('darwin', 'arm64');
    expect(first).toMatch(/@oven[\\/]bun-darwin-aarch64[\\/]bin[\\/]bun$/);
    expect(last).toMatch(/bun[\\/]bin[\\/]bun\.exe$/);
  });

  test('a package that is not the locked one is refused and removed', async () => {
    const file = join(folder, 'package.tgz');
    await writeFile(file, 'one');
    const integrity = await fileIntegrity(file);
    await expect(checkIntegrity(file, integrity)).resolves.toBeUndefined();
    await writeFile(file, 'two');
    await expect(checkIntegrity(file, integrity)).rejects.toThrow(/not what package-lock\.json knows/);
    expect(existsSync(file)).toBe(false);
  });

  test('the C++ library gets the name that the executable was linked against', () => {
    expect(libraryName('libstdc++-85f2cd6d.so.6.0.33')).toBe('libstdc++.so.6');
    expect(libraryName('libgcc_s-2d945d6c.so.1')).toBe('libgcc_s-2d945d6c.so.1');
  });
});

describe('the launcher for linux on arm64', () => {
  const launcher = (): string => join(folder, 'plugin of mine/gpx_live_diagnostics_linux_arm64');
  const system = (path: string): Promise<unknown> => mkdir(join(folder, 'system', path), { recursive: true });

  beforeEach(async () => {
    await mkdir(join(folder, 'plugin of mine'));
    await writeFile(launcher(), launcherScript(join(folder, 'system')), { mode: 0o755 });
    for (const libc of ['glibc', 'musl']) {
      await writeFile(`${launcher()}_${libc}`, `#!/bin/sh\necho "${libc} $$ $LD_LIBRARY_PATH $*"\n`, { mode: 0o755 });
    }
  });

  async function start(): Promise<{ readonly pid: number | undefined; readonly words: readonly string[] }> {
    const child = spawn(launcher(), ['an argument'], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(child, 'close');
    return { pid: child.pid, words: text.trim().split(' ') };
  }

  test('becomes the executable for glibc where there is one', async () => {
    await system('lib/ld-linux-aarch64.so.1');
    await system('lib/ld-musl-aarch64.so.1');
    const { pid, words } = await start();
    expect(words).toEqual(['glibc', String(pid), '', 'an', 'argument']);
  });

  test('becomes the executable for musl, with the library beside it', async () => {
    await system('lib/ld-musl-aarch64.so.1');
    const { pid, words } = await start();
    expect(words.slice(0, 2)).toEqual(['musl', String(pid)]);
    expect(words.join(' ')).toContain(`${join(folder, 'plugin of mine/lib-musl-arm64')} an argument`);
  });

  test('leaves the C++ library to a system that has one', async () => {
    await system('lib/ld-musl-aarch64.so.1');
    await system('usr/lib/libstdc++.so.6');
    expect((await start()).words.join(' ')).not.toContain('lib-musl-arm64');
  });

  test('says what it did not find', async () => {
    await expect(promisify(execFile)(launcher())).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('neither glibc nor musl'),
    });
  });
});

test('placeholders of plugin.json become version and date', () => {
  const info = { version: '1.2.3', date: new Date('2026-01-02T23:00:00Z') };
  expect(fillPlaceholders('"%VERSION%" "%TODAY%" "%VERSION%"', info)).toBe('"1.2.3" "2026-01-02" "1.2.3"');
});
