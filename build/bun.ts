import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { CACHE, ROOT } from './paths.ts';
import type { Build } from './targets.ts';
import { BuildError } from './terminal.ts';

export const run = promisify(execFile);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Bun's packages by npm's names for the machine that builds. */
const HOST_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'linux x64': ['@oven/bun-linux-x64', '@oven/bun-linux-x64-musl'],
  'linux arm64': ['@oven/bun-linux-aarch64', '@oven/bun-linux-aarch64-musl'],
  'darwin x64': ['@oven/bun-darwin-x64'],
  'darwin arm64': ['@oven/bun-darwin-aarch64'],
  'win32 x64': ['@oven/bun-windows-x64'],
};

const binaryIn = (name: string): string => join(ROOT, 'node_modules', name, 'bin', bunFile(name));
const bunFile = (name: string): string => (name.includes('windows') ? 'bun.exe' : 'bun');

/**
 * Where Bun can lie. Its install script, when npm runs it, moves the executable out of the package for the system into
 * `bun` itself; otherwise `bun` holds a stub that only complains.
 */
export const hostCandidates = (platform: string, arch: string): readonly string[] => [
  ...(HOST_PACKAGES[`${platform} ${arch}`] ?? []).map(binaryIn),
  join(ROOT, 'node_modules/bun/bin/bun.exe'),
];

/** Path of a Bun of the wanted version that runs here. */
export async function hostBun(candidates = hostCandidates(process.platform, process.arch)): Promise<string> {
  const tried: string[] = [];
  const wanted = await wantedVersion();
  for (const path of candidates) {
    if (!(await exists(path))) continue;
    const answer = await run(path, ['--version']).then(
      ({ stdout }) => stdout.trim(),
      (error: unknown) => (error as Error).message.split('\n')[0] ?? '',
    );
    if (answer === wanted) return path;
    tried.push(`${path}: ${answer}`);
  }
  throw new BuildError(
    [
      `Bun ${wanted} for ${process.platform} ${process.arch} is not installed, and the executable is compiled by it.`,
      'npm brings it as an optional package: run npm ci without --omit=optional.',
      'The front end alone is built by npm run build -- --only front-end.',
      ...tried,
    ].join('\n  '),
  );
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}

async function locked(name: string): Promise<{ version: string; integrity: string }> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const entry = lock.packages[`node_modules/${name}`];
  if (entry?.integrity === undefined) throw new BuildError(`package-lock.json has no ${name} to check against`);
  return { version: entry.version, integrity: entry.integrity };
}

const wantedVersion = async (): Promise<string> => {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  return manifest.devDependencies['bun'] ?? '';
};

/** Subresource-integrity form, as in package-lock.json: `sha512-…`. */
export async function fileIntegrity(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** Throws when the file is not the one that was locked. */
export async function checkIntegrity(path: string, expected: string): Promise<void> {
  const actual = await fileIntegrity(path);
  if (actual !== expected) {
    await rm(path, { force: true });
    throw new BuildError(`${path} is not what package-lock.json knows: ${actual} instead of ${expected}; removed`);
  }
}

/**
 * Bun for another system, to be compiled into. `bun build --target` would download it past npm's registry and its lock;
 * so it is fetched as the package that it is published as, and held against package-lock.json.
 */
export async function baseExecutable({ basePackage }: Build): Promise<string> {
  const { version, integrity } = await locked(basePackage);
  const folder = join(CACHE, 'bun', version);
  const archive = join(folder, `${basePackage.replace('@', '').replace('/', '-')}-${version}.tgz`);
  await mkdir(folder, { recursive: true });
  if (!(await exists(archive))) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await run(npm, ['pack', '--silent', '--pack-destination', folder, `${basePackage}@${version}`], {
      cwd: CACHE,
      shell: process.platform === 'win32',
    });
  }
  await checkIntegrity(archive, integrity);

  const unpacked = join(folder, basePackage.split('/')[1] ?? basePackage);
  // Unpacked anew each time: what lies there is not covered by the check.
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', unpacked, '--strip-components', '1']);
  return join(unpacked, 'bin', bunFile(basePackage));
}
