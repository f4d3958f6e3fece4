/** Writes the generated documents, or with --check lists those that no longer fit their sources and fails. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { ARTEFACTS } from './generate/artefacts.ts';

const isCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const { file, render } of ARTEFACTS) {
  const path = new URL(file, import.meta.url);
  const text = await render();
  const current = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (current === text) continue;
  if (isCheck) stale.push(`docs/${file}`);
  else {
    await mkdir(new URL('.', path), { recursive: true });
    await writeFile(path, text);
  }
}

if (stale.length > 0) {
  process.stderr.write(`Stale: ${stale.join(', ')}. Run npm run docs and commit the result.\n`);
  process.exitCode = 1;
}
