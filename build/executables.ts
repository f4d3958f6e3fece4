import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseExecutable, hostBun, run } from './bun.ts';
import { launcherScript, MUSL_LIBRARIES } from './launcher.ts';
import { hasRightHashes, signAdHoc } from './mach-o.ts';
import { muslLibraries } from './musl-libraries.ts';
import { CACHE, ROOT } from './paths.ts';
import { EXECUTABLE } from './plugins.ts';
import type { Build, Target } from './targets.ts';
import { size, step } from './terminal.ts';

const ENTRY = join(ROOT, 'backend-datasource/src/main.ts');
/** Grafana's validator demands exactly this of whatever carries the executable's name. */
const MODE = 0o755;

/** Bun's name for this machine; one with musl has Bun for musl, which is not what is made for Linux on amd64. */
const HOST_TARGET = `bun-${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return process.platform === 'linux' && header.glibcVersionRuntime === undefined;
}

const FLAGS = [
  'build',
  '--compile',
  '--minify',
  '--bytecode',
  // What lies in the folder that Grafana happens to run in must not become the plugin's settings.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
];

/** What is asked of the compiler; `base` is Bun for another system than the one it runs on. */
export const compileArguments = (build: Build, entry: string, base: string | undefined): readonly string[] => [
  ...FLAGS,
  ...(base === undefined ? [] : [`--target=${build.bunTarget}`, `--compile-executable-path=${base}`]),
  entry,
  `--outfile=${build.file}`,
];

interface CompileOptions {
  readonly folder: string;
  readonly entry?: string;
}

/** Compiles one file into `folder` and gives its size in bytes. */
async function compile(build: Build, bun: string, { folder, entry = ENTRY }: CompileOptions): Promise<number> {
  const base = build.bunTarget === HOST_TARGET ? undefined : await baseExecutable(build);
  // Renamed into place when it is whole: Grafana may be running the one that lies there.
  const scratch = join(CACHE, 'compile', build.file);
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  await run(bun, [...compileArguments(build, entry, base)], { cwd: scratch, maxBuffer: 1 << 24 });
  if (build.bunTarget.startsWith('bun-darwin')) await repairSignature(join(scratch, build.file));
  const output = join(folder, build.file);
  await rename(join(scratch, build.file), output);
  await rm(scratch, { recursive: true, force: true });
  await chmod(output, MODE);
  return (await stat(output)).size;
}

async function repairSignature(path: string): Promise<void> {
  const file = await readFile(path);
  if (!hasRightHashes(file)) await writeFile(path, signAdHoc(file, EXECUTABLE));
}

/** Makes all files of the targets in `folder`, and removes what another build has left there of others. */
export async function buildExecutables(targets: readonly Target[], options: CompileOptions): Promise<void> {
  const bun = await hostBun();
  await mkdir(options.folder, { recursive: true });
  for (const name of await readdir(options.folder)) {
    const isOurs = name.startsWith(EXECUTABLE) || name === MUSL_LIBRARIES;
    if (isOurs) await rm(join(options.folder, name), { recursive: true, force: true });
  }
  for (const target of targets) {
    for (const build of target.builds) {
      await step(`executable ${build.file}`, () => compile(build, bun, options), size);
    }
    if (target.launcher !== true) continue;
    await step(
      `launcher ${target.file}`,
      async () => {
        const script = launcherScript();
        await writeFile(join(options.folder, target.file), script, { mode: MODE });
        await chmod(join(options.folder, target.file), MODE);
        return Buffer.byteLength(script);
      },
      size,
    );
    await step(
      'C++ library for musl',
      () => muslLibraries(options.folder),
      (bytes) => size(bytes),
    );
  }
}
