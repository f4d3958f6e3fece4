/** Makes artifacts/: one archive with the executables for every platform, and its checksum. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256, writeArchive } from './archive.ts';
import { buildExecutables } from './executables.ts';
import { buildFrontEnd } from './front-end.ts';
import { ARTIFACTS, DIST } from './paths.ts';
import { APP_ID, BACKEND_FOLDER } from './plugins.ts';
import { TARGETS } from './targets.ts';
import { main, seconds, size, step, table } from './terminal.ts';
import { validateDist } from './validate/report.ts';
import { readBuildInfo } from './version.ts';

await main(async () => {
  const startMs = performance.now();
  const { version, date } = readBuildInfo();
  await rm(DIST, { recursive: true, force: true });
  await buildFrontEnd();
  await buildExecutables(TARGETS, { folder: join(DIST, BACKEND_FOLDER) });
  await validateDist(TARGETS);

  const file = join(ARTIFACTS, `${APP_ID}-${version}.zip`);
  await rm(ARTIFACTS, { recursive: true, force: true });
  await mkdir(ARTIFACTS, { recursive: true });
  const entries = await step(
    `archive ${basename(file)}`,
    () => writeArchive({ folder: DIST, file, top: APP_ID, date }),
    (all) => `${all.length} files, ${size(all.reduce((sum, { bytes }) => sum + bytes, 0))}`,
  );
  console.log(table(entries.map(({ path, mode, bytes }) => [`  ${mode.toString(8)}`, path, size(bytes)])));

  const sum = await step(
    'checksum',
    () => sha256(file),
    (digest) => digest,
  );
  await writeFile(join(ARTIFACTS, 'SHA256SUMS'), `${sum}  ${basename(file)}\n`);
  console.log(`artifacts/ is ready: ${size((await stat(file)).size)} (${seconds(performance.now() - startMs)})`);
});
