import { describe, expect, test } from '@jest/globals';
import { hasRightHashes, signAdHoc } from '../mach-o.ts';
import { unsignedMachO } from './mach-o-file.ts';

const AMD64 = 0x01000007;

describe('the signature of a Mach-O file', () => {
  const original = unsignedMachO(AMD64);
  const signed = signAdHoc(original, 'gpx_test');

  test('is wrong before, right after signing', () => {
    expect(hasRightHashes(original)).toBe(false);
    expect(hasRightHashes(signed)).toBe(true);
  });

  test('covers the load commands and every page', () => {
    for (const at of [20, 300, 5000, 6170]) {
      const changed = Buffer.from(signed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(hasRightHashes(changed)).toBe(false);
    }
  });

  test('is the last thing of the file, and the segment around it ends there', () => {
    const linkedit = 32 + 72;
    const command = linkedit + 72;
    expect(signed.readUInt32LE(command + 8) + signed.readUInt32LE(command + 12)).toBe(signed.length);
    expect(Number(signed.readBigUInt64LE(linkedit + 40) + signed.readBigUInt64LE(linkedit + 48))).toBe(signed.length);
    expect(signed.includes('gpx_test\0')).toBe(true);
  });

  test('leaves the program as it was', () => {
    expect(signed.subarray(256, 6176).equals(original.subarray(256, 6176))).toBe(true);
  });

  test('signing again changes nothing', () => {
    expect(signAdHoc(signed, 'gpx_test').equals(signed)).toBe(true);
  });

  test('other files are refused', () => {
    expect(() => signAdHoc(Buffer.alloc(64), 'x')).toThrow(/not a 64-bit Mach-O file/);
  });
});
