import { readFileSync } from 'node:fs';

/** What a runner wrote into its JSON file; undefined when it wrote none. */
export function readResults(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
