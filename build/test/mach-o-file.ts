import { signAdHoc } from '../mach-o.ts';

const SEGMENT_BYTES = 72;

/** A Mach-O file of the least parts: __TEXT over the first page and a half, __LINKEDIT with a place for a signature. */
export function unsignedMachO(cpu: number): Buffer {
  const textBytes = 6144;
  const file = Buffer.alloc(textBytes + 64, 7);
  file.fill(0, 0, 256);
  [0xfeedfacf, cpu, 0, 2, 3, SEGMENT_BYTES * 2 + 16].forEach((value, index) => file.writeUInt32LE(value, index * 4));
  const segment = (at: number, name: string, [offset, bytes]: readonly [number, number]): void => {
    file.writeUInt32LE(0x19, at);
    file.writeUInt32LE(SEGMENT_BYTES, at + 4);
    file.write(name, at + 8, 'latin1');
    file.writeBigUInt64LE(BigInt(bytes), at + 32);
    file.writeBigUInt64LE(BigInt(offset), at + 40);
    file.writeBigUInt64LE(BigInt(bytes), at + 48);
  };
  segment(32, '__TEXT', [0, textBytes]);
  segment(32 + SEGMENT_BYTES, '__LINKEDIT', [textBytes, 64]);
  const command = 32 + SEGMENT_BYTES * 2;
  [0x1d, 16, textBytes + 32, 32].forEach((value, index) => file.writeUInt32LE(value, command + index * 4));
  return file;
}

export const machO = (cpu: number): Buffer => signAdHoc(unsignedMachO(cpu), 'test');
