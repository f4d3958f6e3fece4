import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createDetectorFile } from '../../src/history/detector-file.ts';
import { openDetectorStore } from '../../src/history/open-history.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'detectors-'));
  path = join(folder, 'below', 'history.sqlite.detectors');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const damaged = { code: 'HISTORY_UNAVAILABLE', detail: expect.stringContaining('damaged') };

describe('the file of what detectors have learnt', () => {
  test('gives back what was saved last, in a buffer of its own', async () => {
    expect(await createDetectorFile(path).load()).toBeUndefined();
    await createDetectorFile(path).save(Uint8Array.of(1, 2, 3));
    await createDetectorFile(path).save(Uint8Array.of(4, 5, 6, 7));
    const learnt = await createDetectorFile(path).load();
    expect([...learnt!]).toEqual([4, 5, 6, 7]);
    expect(learnt!.byteOffset).toBe(0);
  });

  test('a process killed while it saves leaves one whole state', async () => {
    const script = join(import.meta.dirname, 'save-until-killed.ts');
    const seen = new Set<number>();
    for (let run = 0; run < 6; run += 1) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await delay(20 + run * 13);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const learnt = await createDetectorFile(path).load();
      expect(learnt).toHaveLength(2_000_000);
      expect(learnt!.every((byte) => byte === learnt![0])).toBe(true);
      seen.add(learnt![0]);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test.each<[string, () => void]>([
    ['cut off', () => truncateSync(path, 500)],
    ['empty', () => writeFileSync(path, '')],
    [
      'changed by one bit',
      () => {
        const bytes = readFileSync(path);
        bytes[700] ^= 1;
        writeFileSync(path, bytes);
      },
    ],
  ])('one that is %s is refused', async (_, damage) => {
    await createDetectorFile(path).save(new Uint8Array(1_000).fill(7));
    damage();
    await expect(createDetectorFile(path).load()).rejects.toMatchObject(damaged);
  });

  test('a place that cannot be written is told as such', async () => {
    writeFileSync(join(folder, 'below'), 'a file, not a folder');
    await expect(createDetectorFile(path).save(Uint8Array.of(1))).rejects.toMatchObject({
      code: 'HISTORY_UNAVAILABLE',
    });
  });

  test('there is none for a history in memory', () => {
    expect(openDetectorStore('memory')).toBeUndefined();
  });
});
