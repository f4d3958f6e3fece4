import { EXECUTABLE } from '../plugins.ts';
import { TARGETS, type Target } from '../targets.ts';
import { MUSL_LIBRARIES } from '../launcher.ts';
import { hasRightHashes } from '../mach-o.ts';
import type { Check } from './check.ts';
import { partsOf, type BuiltPlugin, type Part } from './built-plugin.ts';

const backends = (plugin: BuiltPlugin): readonly Part[] => partsOf(plugin).filter(({ meta }) => meta.backend === true);

const declared: Check = {
  name: 'backend, executable and alerting go together',
  problems: (plugin) =>
    partsOf(plugin).flatMap(({ path, meta }) => [
      ...(meta.backend === true && meta.executable === undefined ? [`${path}: backend without executable`] : []),
      ...(meta.backend !== true && meta.executable !== undefined ? [`${path}: executable without backend`] : []),
      ...(meta.alerting === true && meta.backend !== true ? [`${path}: alerting without backend`] : []),
      ...(meta.executable !== undefined && meta.executable !== EXECUTABLE
        ? [`${path}: executable ${meta.executable}, while ${EXECUTABLE} is built`]
        : []),
    ]),
};

const FORMATS: Readonly<Record<string, ((bytes: Buffer) => boolean) | undefined>> = {
  // e_machine of an ELF file; cputype of a 64-bit Mach-O file; Machine behind a PE file's header.
  'linux amd64': (bytes) => isElf(bytes) && bytes.readUInt16LE(18) === 0x3e,
  'linux arm64': (bytes) => isElf(bytes) && bytes.readUInt16LE(18) === 0xb7,
  'darwin amd64': (bytes) => bytes.readUInt32LE(0) === 0xfeedfacf && bytes.readUInt32LE(4) === 0x01000007,
  'darwin arm64': (bytes) => bytes.readUInt32LE(0) === 0xfeedfacf && bytes.readUInt32LE(4) === 0x0100000c,
  'windows amd64': (bytes) =>
    bytes.toString('latin1', 0, 2) === 'MZ' && bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4) === 0x8664,
};
const isElf = (bytes: Buffer): boolean => bytes.readUInt32BE(0) === 0x7f454c46;

function formatProblem(plugin: BuiltPlugin, path: string, { os, arch }: Target): readonly string[] {
  const bytes = plugin.read(path);
  const isRight = bytes.length > 1024 && FORMATS[`${os} ${arch}`]?.(bytes) === true;
  if (!isRight) return [`${path}: no program for ${os} ${arch}`];
  return os !== 'darwin' || hasRightHashes(bytes) ? [] : [`${path}: its signature is of another file`];
}

const built: Check = {
  name: 'executables are there, for the platforms they are named after',
  problems: (plugin, { targets }) =>
    backends(plugin).flatMap(({ folder }) =>
      targets.flatMap((target) => {
        const wanted = [...new Set([target.file, ...target.builds.map(({ file }) => file)])].map(
          (file) => folder + file,
        );
        const missing = wanted.filter((path) => !plugin.files.has(path));
        if (missing.length > 0) return missing.map((path) => `${path}: missing`);
        const wrong = target.builds.flatMap(({ file }) => formatProblem(plugin, folder + file, target));
        return target.launcher === true ? [...wrong, ...launcherProblems(plugin, folder, target)] : wrong;
      }),
    ),
};

function launcherProblems(plugin: BuiltPlugin, folder: string, { file, builds }: Target): readonly string[] {
  const script = plugin.read(folder + file).toString();
  const library = `${folder}${MUSL_LIBRARIES}/libstdc++.so.6`;
  return [
    ...(script.startsWith('#!/bin/sh\n') ? [] : [`${folder}${file}: does not start as a script`]),
    ...builds
      .map((build) => build.file.slice(file.length))
      .filter((suffix) => !new RegExp(`^\\s*exec "\\$\\{base\\}${suffix}" "\\$@"$`, 'm').test(script))
      .map((suffix) => `${folder}${file}: does not become …${suffix}`),
    ...(plugin.files.has(library) ? [] : [`${library}: missing`]),
  ];
}

const MODE = 0o755;

const runnable: Check = {
  name: 'executables have mode 0755, and nothing else has their name',
  problems: (plugin) => {
    const known = new Set(TARGETS.flatMap(({ file, builds }) => [file, ...builds.map((build) => build.file)]));
    return backends(plugin).flatMap(({ folder }) =>
      [...plugin.files.values()]
        .filter(({ path }) => path.startsWith(folder + EXECUTABLE))
        .flatMap(({ path, mode }) => [
          ...(known.has(path.slice(folder.length)) ? [] : [`${path}: no name of a platform`]),
          // Windows has no such modes, neither for its own programs nor when it builds.
          ...(mode === MODE || path.endsWith('.exe') || process.platform === 'win32'
            ? []
            : [`${path}: mode ${mode.toString(8)}`]),
        ]),
    );
  },
};

const debug: Check = {
  name: 'nothing is left of debugging a backend',
  problems: (plugin) =>
    [...plugin.files.keys()]
      .filter((path) => /(^|\/)(standalone|pid)\.txt$/.test(path))
      .map((path) => `${path}: to be removed`),
};

export const EXECUTABLES: readonly Check[] = [declared, built, runnable, debug];
