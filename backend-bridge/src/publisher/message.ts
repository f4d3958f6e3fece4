import { constants, deflateRawSync } from 'node:zlib';
import type { StreamEvent } from '@topdeck/protocol';
import type { Rendered } from './feed.ts';
import { isoTime } from './iso-time.ts';

/** Where a message of the extended stream stands in it. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
  readonly baseSeq?: number;
}

/** `{"type":…,"timestamp":…,`: the part of a message before its data. It tells the time, and is renewed where the data stay. */
export function messageHead(type: string, atMs: number, position?: Position): string {
  const { epoch, seq, baseSeq } = position ?? {};
  // JSON leaves out what is undefined.
  const envelope = JSON.stringify({ type, timestamp: isoTime(atMs), epoch, seq, base_seq: baseSeq });
  return `${envelope.slice(0, -1)},`;
}

/** LIM-9 */
const LEAST_DEFLATED_BYTES = 1024;
/** Level 6 takes twice the time for a twelfth fewer bytes, and clients wait for it. */
const LEVEL = 1;
/** The empty stored block that ends flushed data; RFC 7692, 7.2.1, leaves it out at the end of a message. */
const FLUSH_BYTES = 4;
const START = '"data":';

/** Raw deflate data that end on a byte and refer to nothing before them, so that pieces compressed apart may be joined. */
const deflatePiece = (piece: Uint8Array): Buffer =>
  deflateRawSync(piece, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH });

/** `"data":…}`: the rest of a message. */
export class MessageBody {
  readonly text: Uint8Array;
  #deflated: Uint8Array | undefined;

  constructor(data: object) {
    this.text = Buffer.from(`${START}${JSON.stringify(data)}}`);
  }

  /** The JSON of the data alone. */
  get data(): Uint8Array {
    return this.text.subarray(START.length, this.text.length - 1);
  }

  get deflated(): Uint8Array {
    this.#deflated ??= deflatePiece(this.text).subarray(0, -FLUSH_BYTES);
    return this.#deflated;
  }
}

/** A whole message, compressed when the first asks for that. */
export class Message {
  readonly #head: Uint8Array;
  readonly #body: MessageBody;
  readonly #plain: Rendered;
  #compressed: Rendered | undefined;

  constructor(kind: Pick<Rendered, 'form' | 'seq'>, head: string, body: MessageBody) {
    this.#head = Buffer.from(head);
    this.#body = body;
    this.#plain = { ...kind, text: Buffer.concat([this.#head, body.text]), deflated: undefined };
  }

  rendered(deflate: boolean): Rendered {
    if (!deflate || this.#plain.text.length <= LEAST_DEFLATED_BYTES) return this.#plain;
    this.#compressed ??= {
      ...this.#plain,
      deflated: Buffer.concat([deflatePiece(this.#head), this.#body.deflated]),
    };
    return this.#compressed;
  }
}

/** An event as a message; its `timestamp` is the time of the values that caused it. */
export const eventMessage = (event: StreamEvent, position?: Position): Uint8Array =>
  Buffer.from(`${messageHead(event.type, event.atMs, position)}${START}${JSON.stringify(event.data)}}`);
