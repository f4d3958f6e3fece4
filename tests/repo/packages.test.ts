import { describe, expect, test } from '@jest/globals';
import { FILES, read, readJson } from './repository.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifests = FILES.filter((path) => /(^|\/)package\.json$/.test(path)).map(
  (path) => [path, readJson(path) as Manifest] as const,
);
const root = readJson('package.json') as Manifest;
const documents = FILES.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md');

describe('packages', () => {
  test.each(manifests)('%s pins exact versions', (_path, { dependencies = {}, devDependencies = {} }) => {
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test.each(manifests)('%s has the version and the licence of the whole', (_path, { version, license }) => {
    expect({ version, license }).toEqual({ version: root.version, license: root.license });
  });

  test('the lock file is of the same version', () => {
    expect(readJson('package-lock.json')).toMatchObject({ name: root.name, version: root.version });
  });

  test('CHANGELOG.md tells about this version', () => {
    expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## \\[?${root.version.replaceAll('.', '\\.')}\\b`, 'm'));
  });
});

describe('commands that documents name', () => {
  const commands = documents.flatMap((path) =>
    [...read(path).matchAll(/\bnpm (?:run (?:-s |--silent )?([a-z][a-z0-9:-]*)|(start|test)\b)/g)].map(
      (match) => [path, match[1] ?? match[2]] as const,
    ),
  );

  test('are in README.md', () => {
    expect(commands.filter(([path]) => path === 'README.md').map(([, script]) => script)).toEqual(
      expect.arrayContaining(['start', 'test']),
    );
  });

  test('are scripts of package.json', () => {
    expect(commands.filter(([, script]) => !Object.hasOwn(root.scripts ?? {}, script))).toEqual([]);
  });
});
