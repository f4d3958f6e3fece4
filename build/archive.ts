import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ArchiveEntry {
  /** Below the archived folder, with forward slashes. */
  readonly path: string;
  readonly mode: number;
  readonly bytes: number;
}

export interface ArchiveOptions {
  readonly folder: string;
  readonly file: string;
  /** The one folder that the archive unpacks into. */
  readonly top: string;
  /** Of every entry: the same files give the same archive, whenever they were written. */
  readonly date: Date;
}

const EXECUTABLE_BITS = 0o111;

/** Files below a folder in the order of their names; who may do what is reduced to executable or not. */
export async function listFiles(folder: string): Promise<readonly ArchiveEntry[]> {
  const names = await readdir(folder, { recursive: true });
  const entries: ArchiveEntry[] = [];
  for (const name of names) {
    const stats = await lstat(join(folder, name));
    if (stats.isDirectory()) continue;
    if (!stats.isFile())
      throw new Error(`${name} is neither a file nor a folder, which an archive of a plugin may not hold`);
    const mode = (stats.mode & EXECUTABLE_BITS) === 0 ? 0o644 : 0o755;
    entries.push({ path: name.split(sep).join('/'), mode, bytes: stats.size });
  }
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes the archive and gives its entries. */
export async function writeArchive({ folder, file, top, date }: ArchiveOptions): Promise<readonly ArchiveEntry[]> {
  const entries = await listFiles(folder);
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(file));
  for (const { path, mode } of entries) {
    zip.addFile(join(folder, path), `${top}/${path}`, { mtime: date, mode: 0o100000 | mode });
  }
  zip.end();
  await written;
  return entries;
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
