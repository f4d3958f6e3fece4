import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './bun.ts';
import { MUSL_LIBRARIES } from './launcher.ts';
import { CACHE } from './paths.ts';
import { BuildError } from './terminal.ts';

/**
 * Python wheels for musl carry the C++ library of the Alpine that built them, and PyPI can be reached where Alpine's own
 * mirrors cannot. Nothing else of this one is used.
 */
const WHEEL = {
  requirement: 'greenlet==3.2.4',
  hash: 'sha256:ee7a6ec486883397d70eec05059353b8e83eca9168b9f3f9a361971e77e0bcd0',
  libraries: 'greenlet.libs',
} as const;

const NOTICE = `libstdc++ and libgcc, for Linux on arm64 with musl, unchanged as built by the Alpine project's GCC.
They are free software under the GNU General Public License, version 3, with the GCC Runtime Library Exception, version
3.1. Source: https://gcc.gnu.org. Delete this folder if the system has its own (apk add libstdc++).
`;

/** Puts the libraries below `folder` and gives their size in bytes. */
export async function muslLibraries(folder: string): Promise<number> {
  const unpacked = join(CACHE, 'musl-libraries');
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  await fetchWheel(unpacked);

  const target = join(folder, MUSL_LIBRARIES);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const names = await readdir(join(unpacked, WHEEL.libraries));
  let bytes = 0;
  for (const name of names) {
    const source = join(unpacked, WHEEL.libraries, name);
    await copyFile(source, join(target, libraryName(name)));
    bytes += (await stat(source)).size;
  }
  await writeFile(join(target, 'NOTICE.txt'), NOTICE);
  return bytes;
}

/** The loader looks for the names that the executable was linked against; the wheel's carry a hash. */
export const libraryName = (name: string): string => (name.startsWith('libstdc++-') ? 'libstdc++.so.6' : name);

async function fetchWheel(folder: string): Promise<void> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${WHEEL.requirement} --hash=${WHEEL.hash}\n`);
  const platform = ['--platform', 'musllinux_1_2_aarch64', '--implementation', 'cp', '--python-version', '312'];
  const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', ...platform];
  try {
    await run('python3', ['-m', 'pip', 'download', ...options, '--dest', folder, '--requirement', requirements]);
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    await run('python3', ['-m', 'zipfile', '--extract', join(folder, wheel ?? ''), folder]);
  } catch (error) {
    throw new BuildError(
      `Python 3 with pip could not bring the C++ library for musl, which the archive needs: ${(error as Error).message}`,
    );
  }
}
