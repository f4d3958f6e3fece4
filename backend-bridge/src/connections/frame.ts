/** One WebSocket message: UTF-8 text, or the same raw-deflated as permessage-deflate wants it. */
export interface FramePart {
  readonly payload: Uint8Array;
  readonly deflated: boolean;
}

const FIN_TEXT = 0x81;
/** RFC 7692: set on the frame of a compressed message. */
const RSV1 = 0x40;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

function headerLength(payloadLength: number): number {
  if (payloadLength < LENGTH_16) return 2;
  return payloadLength < 65536 ? 4 : 10;
}

function writeHeader(target: Buffer, offset: number, part: FramePart): number {
  const { length } = part.payload;
  target[offset] = part.deflated ? FIN_TEXT | RSV1 : FIN_TEXT;
  if (length < LENGTH_16) {
    target[offset + 1] = length;
  } else if (length < 65536) {
    target[offset + 1] = LENGTH_16;
    target.writeUInt16BE(length, offset + 2);
  } else {
    target[offset + 1] = LENGTH_64;
    target.writeBigUInt64BE(BigInt(length), offset + 2);
  }
  return offset + headerLength(length);
}

/** Server frames (RFC 6455: unmasked), one unfragmented text frame a message, back to back in one buffer. */
export function encodeFrames(parts: readonly FramePart[]): Buffer {
  let size = 0;
  for (const { payload } of parts) size += headerLength(payload.length) + payload.length;
  // Not from the pool: a slow socket that holds a small frame would hold the whole slab.
  const target = Buffer.allocUnsafeSlow(size);
  let offset = 0;
  for (const part of parts) {
    offset = writeHeader(target, offset, part);
    target.set(part.payload, offset);
    offset += part.payload.length;
  }
  return target;
}
