import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detection } from './components.ts';
import { RECORDS } from './paths.ts';

export const recordFile = (component: string): string => join(RECORDS, `${component}.json`);

/** What really ran: written by a fixture once its component has answered, read by the runner of `npm test`. */
export async function writeRecord(component: string, detection: Detection): Promise<void> {
  await mkdir(RECORDS, { recursive: true });
  await writeFile(recordFile(component), `${JSON.stringify(detection)}\n`);
}
