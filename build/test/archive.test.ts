import { mkdtemp, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256, writeArchive } from '../archive.ts';

const CENTRAL_ENTRY = 0x02014b50;

/** Names and modes of a zip file's central directory. */
function entriesOf(zip: Buffer): readonly (readonly [string, string])[] {
  const entries: (readonly [string, string])[] = [];
  let at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  while (zip.readUInt32LE(at) === CENTRAL_ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const mode = (zip.readUInt32LE(at + 38) >>> 16).toString(8);
    entries.push([zip.toString('utf8', at + 46, at + 46 + name), mode]);
    at += 46 + name + extra + comment;
  }
  return entries;
}

describe('the archive', () => {
  let folder = '';
  const options = (file: string) => ({
    folder: join(folder, 'in'),
    file: join(folder, file),
    top: 'plugin-id',
    date: new Date('2026-01-02T03:04:06Z'),
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'archive-'));
    await mkdir(join(folder, 'in/nested'), { recursive: true });
    await writeFile(join(folder, 'in/nested/gpx_x'), 'program', { mode: 0o700 });
    await writeFile(join(folder, 'in/b.js'), 'b'.repeat(5000), { mode: 0o664 });
    await writeFile(join(folder, 'in/a.js'), 'a');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('has one folder named after the plugin, in order, and keeps what may be run', async () => {
    await writeArchive(options('one.zip'));
    expect(entriesOf(await readFile(join(folder, 'one.zip')))).toEqual([
      ['plugin-id/a.js', '100644'],
      ['plugin-id/b.js', '100644'],
      ['plugin-id/nested/gpx_x', '100755'],
    ]);
  });

  test('is the same from the same files, whenever they were written', async () => {
    await writeArchive(options('one.zip'));
    await utimes(join(folder, 'in/b.js'), 1, 1);
    await writeArchive(options('two.zip'));
    const [one, two] = await Promise.all([sha256(join(folder, 'one.zip')), sha256(join(folder, 'two.zip'))]);
    expect(one).toBe(two);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });

  test('refuses links, which would lead elsewhere where it is unpacked', async () => {
    await symlink('/etc/passwd', join(folder, 'in/link'));
    await expect(writeArchive(options('one.zip'))).rejects.toThrow(/link is neither a file nor a folder/);
  });
});
