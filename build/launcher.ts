import { EXECUTABLE } from './plugins.ts';

/** Below the executable's folder; not named like the executable, which would demand an executable's mode. */
export const MUSL_LIBRARIES = 'lib-musl-arm64';

/**
 * What Grafana starts on linux/arm64. It must become the executable (`exec`), not its parent: Grafana signals and reaps
 * the process that it started.
 *
 * Grafana's Alpine image has musl and no C++ library, which Bun for musl wants, so that one lies beside. An installed one
 * comes first: it is the distribution's to keep patched. `root` stands before the system's paths, for tests.
 */
export const launcherScript = (root = ''): string => `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
base="$here/${EXECUTABLE}_linux_arm64"
if [ -e ${root}/lib/ld-linux-aarch64.so.1 ] || [ -e ${root}/lib64/ld-linux-aarch64.so.1 ]; then
  exec "\${base}_glibc" "$@"
fi
if [ -e ${root}/lib/ld-musl-aarch64.so.1 ]; then
  if [ ! -e ${root}/usr/lib/libstdc++.so.6 ]; then
    LD_LIBRARY_PATH="$here/${MUSL_LIBRARIES}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export LD_LIBRARY_PATH
  fi
  exec "\${base}_musl" "$@"
fi
echo "${EXECUTABLE}: neither glibc nor musl found below /lib" >&2
exit 1
`;
