import { EXECUTABLE } from './plugins.ts';

/** One file to compile. */
export interface Build {
  /** Bun's name for the system. */
  readonly bunTarget: string;
  /** The npm package that holds Bun for that system. */
  readonly basePackage: string;
  readonly file: string;
}

/** One of Grafana's platforms, in Go's names for systems and processors, which Grafana asks for. */
export interface Target {
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  /** What Grafana starts. */
  readonly file: string;
  readonly builds: readonly Build[];
  /** `file` is not one of the builds but a script that chooses among them. */
  readonly launcher?: true;
}

const named = (suffix: string): string => `${EXECUTABLE}_${suffix}`;
const single = (os: Target['os'], arch: Target['arch'], build: Omit<Build, 'file'>): Target => {
  const file = named(`${os}_${arch}${os === 'windows' ? '.exe' : ''}`);
  return { os, arch, file, builds: [{ ...build, file }] };
};

export const TARGETS: readonly Target[] = [
  // Grafana's Alpine image brings glibc on this processor, and all that the executable asks of it.
  single('linux', 'amd64', { bunTarget: 'bun-linux-x64', basePackage: '@oven/bun-linux-x64' }),
  // On this one it does not, and Debian's and Ubuntu's have no musl that would do: both lie ready.
  {
    os: 'linux',
    arch: 'arm64',
    file: named('linux_arm64'),
    launcher: true,
    builds: [
      {
        bunTarget: 'bun-linux-arm64',
        basePackage: '@oven/bun-linux-aarch64',
        file: named('linux_arm64_glibc'),
      },
      {
        bunTarget: 'bun-linux-arm64-musl',
        basePackage: '@oven/bun-linux-aarch64-musl',
        file: named('linux_arm64_musl'),
      },
    ],
  },
  single('darwin', 'amd64', { bunTarget: 'bun-darwin-x64', basePackage: '@oven/bun-darwin-x64' }),
  single('darwin', 'arm64', { bunTarget: 'bun-darwin-arm64', basePackage: '@oven/bun-darwin-aarch64' }),
  single('windows', 'amd64', { bunTarget: 'bun-windows-x64', basePackage: '@oven/bun-windows-x64' }),
];

const GO_OS: Readonly<Record<string, Target['os']>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const GO_ARCH: Readonly<Record<string, Target['arch']>> = { x64: 'amd64', arm64: 'arm64' };

/** The platform of a machine in Node's names for it; undefined where Grafana or Bun does not run. */
export const targetOf = (platform: string, arch: string): Target | undefined =>
  TARGETS.find((target) => target.os === GO_OS[platform] && target.arch === GO_ARCH[arch]);
