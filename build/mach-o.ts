import { createHash } from 'node:crypto';

/**
 * The part of a Mach-O file that says who vouches for it. macOS ends a program whose pages do not match their hashes there.
 * Bun signs anew what it compiles for arm64 and leaves the signature of its own base executable in what it compiles for
 * amd64, where it is wrong. An ad-hoc signature vouches for nobody and makes the hashes right; the form is the one that
 * linkers write (Apple's cs_blobs.h).
 */
const MAGIC_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const VERSION_WITH_EXEC_SEGMENT = 0x20400;
const CODE_DIRECTORY_BYTES = 88;
const SUPER_BLOB_BYTES = 20;
const AD_HOC = 0x2;
const LINKER_SIGNED = 0x20000;
const SHA256 = 2;
const SHA256_BYTES = 32;
const PAGE_BITS = 12;
const PAGE_BYTES = 1 << PAGE_BITS;
const MAIN_BINARY = 1n;

interface Layout {
  /** Where its load command begins. */
  readonly command: number;
  readonly offset: number;
  readonly bytes: number;
  readonly linkedit: number;
  readonly text: { readonly offset: bigint; readonly bytes: bigint };
}

function layoutOf(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== MAGIC_64) throw new Error('not a 64-bit Mach-O file');
  let command = 0;
  let linkedit = 0;
  let text = { offset: 0n, bytes: 0n };
  let at = HEADER_BYTES;
  for (let index = 0; index < file.readUInt32LE(16); index += 1) {
    const kind = file.readUInt32LE(at);
    if (kind === LC_CODE_SIGNATURE) command = at;
    if (kind === LC_SEGMENT_64) {
      const name = file.toString('latin1', at + 8, at + 24).replace(/\0.*$/, '');
      if (name === '__LINKEDIT') linkedit = at;
      if (name === '__TEXT') text = { offset: file.readBigUInt64LE(at + 40), bytes: file.readBigUInt64LE(at + 48) };
    }
    at += file.readUInt32LE(at + 4);
  }
  if (command === 0 || linkedit === 0) throw new Error('a Mach-O file without room for a signature');
  return { command, offset: file.readUInt32LE(command + 8), bytes: file.readUInt32LE(command + 12), linkedit, text };
}

function pageHashes(file: Buffer, end: number, pageBytes = PAGE_BYTES): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at < end; at += pageBytes) {
    const page = file.subarray(at, Math.min(at + pageBytes, end));
    hashes.push(createHash('sha256').update(page).digest());
  }
  return Buffer.concat(hashes);
}

/** The file with an ad-hoc signature in place of the one it has. `identifier` is what macOS calls the program by. */
export function signAdHoc(original: Buffer, identifier: string): Buffer {
  const { offset, linkedit, command, text } = layoutOf(original);
  const name = Buffer.from(`${identifier}\0`);
  const hashOffset = CODE_DIRECTORY_BYTES + name.length;
  const pages = Math.ceil(offset / PAGE_BYTES);
  const directoryBytes = hashOffset + pages * SHA256_BYTES;
  const bytes = Math.ceil((SUPER_BLOB_BYTES + directoryBytes) / 16) * 16;

  const file = Buffer.concat([original.subarray(0, offset), Buffer.alloc(bytes)]);
  file.writeUInt32LE(bytes, command + 12);
  const inFile = BigInt(file.length) - file.readBigUInt64LE(linkedit + 40);
  file.writeBigUInt64LE(inFile, linkedit + 48);
  file.writeBigUInt64LE(roundUp(inFile, BigInt(PAGE_BYTES)), linkedit + 32);

  // The load commands are hashed, too: only now are they final.
  const directory = Buffer.alloc(CODE_DIRECTORY_BYTES);
  [CODE_DIRECTORY, directoryBytes, VERSION_WITH_EXEC_SEGMENT, AD_HOC | LINKER_SIGNED, hashOffset, CODE_DIRECTORY_BYTES]
    .concat([0, pages, offset])
    .forEach((value, index) => directory.writeUInt32BE(value, index * 4));
  directory.set([SHA256_BYTES, SHA256, 0, PAGE_BITS], 36);
  directory.writeBigUInt64BE(text.offset, 64);
  directory.writeBigUInt64BE(text.bytes, 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);

  const superBlob = Buffer.alloc(SUPER_BLOB_BYTES);
  [SUPER_BLOB, SUPER_BLOB_BYTES + directoryBytes, 1, 0, SUPER_BLOB_BYTES].forEach((value, index) =>
    superBlob.writeUInt32BE(value, index * 4),
  );
  Buffer.concat([superBlob, directory, name, pageHashes(file, offset)]).copy(file, offset);
  return file;
}

const roundUp = (value: bigint, to: bigint): bigint => ((value + to - 1n) / to) * to;

/** Whether each page has the hash that the file's signature gives for it, whoever signed. */
export function hasRightHashes(file: Buffer): boolean {
  const { offset, bytes } = layoutOf(file);
  const blob = file.subarray(offset, offset + bytes);
  if (blob.length < SUPER_BLOB_BYTES || blob.readUInt32BE(0) !== SUPER_BLOB) return false;
  const directory = blob.subarray(blob.readUInt32BE(16));
  if (directory.readUInt32BE(0) !== CODE_DIRECTORY || directory.readUInt8(37) !== SHA256) return false;
  const [hashOffset, count, end] = [16, 28, 32].map((at) => directory.readUInt32BE(at)) as [number, number, number];
  if (end !== offset) return false;
  const given = directory.subarray(hashOffset, hashOffset + count * SHA256_BYTES);
  return given.equals(pageHashes(file, end, 1 << directory.readUInt8(39)));
}
