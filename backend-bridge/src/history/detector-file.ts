import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { BridgeError } from '../errors.ts';
import type { DetectorStore } from './history-store.ts';

const CHECKSUM_BYTES = 8;

const isAbsent = (error: unknown): boolean => (error as { code?: unknown }).code === 'ENOENT';
const unavailable = (path: string, why: string, cause?: unknown): BridgeError =>
  new BridgeError('HISTORY_UNAVAILABLE', { detail: `${path}: ${why}`, cause });

/** Written beside the file and moved into its place, which a file system does at once or not at all. */
async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.new`;
  const file = await open(beside, 'w');
  try {
    await file.writev([...parts]);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** What detectors have learnt, in one file with a checksum. */
export function createDetectorFile(path: string): DetectorStore {
  return {
    async load() {
      let bytes: Buffer;
      try {
        bytes = await readFile(path);
      } catch (cause) {
        if (isAbsent(cause)) return undefined;
        throw unavailable(path, (cause as Error).message, cause);
      }
      const learnt = bytes.subarray(CHECKSUM_BYTES);
      const isWhole = bytes.length >= CHECKSUM_BYTES && bytes.readUInt32LE(0) === crc32(learnt);
      if (!isWhole) throw unavailable(path, 'it is damaged; the detectors learn anew');
      // Typed arrays need an aligned buffer of their own.
      return new Uint8Array(learnt);
    },
    async save(learnt) {
      const checksum = Buffer.alloc(CHECKSUM_BYTES);
      checksum.writeUInt32LE(crc32(learnt), 0);
      try {
        await replaceFile(path, [checksum, learnt]);
      } catch (cause) {
        throw unavailable(path, (cause as Error).message, cause);
      }
    },
  };
}
