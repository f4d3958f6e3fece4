/**
 * Many WebSocket clients in one process, as cheap as they can be: they count frames and parse no message, so that what
 * is measured is the bridge. Started by fork; ends with its parent.
 */
import { connect, type Socket } from 'node:net';
import { WS_PATH } from '@topdeck/protocol';

export interface OpenOrder {
  readonly order: 'open';
  readonly port: number;
  readonly count: number;
  /** Source address: one has too few ports for very many connections. */
  readonly localAddress: string;
  readonly query: string;
  readonly deflate: boolean;
}
export type ClientsOrder =
  | OpenOrder
  /** Forgets what was counted. */
  | { readonly order: 'mark' }
  | { readonly order: 'report' };

export interface ClientsReport {
  /** Monotonic time of the system at which the last connection had its k-th large frame since the mark, nanoseconds. */
  readonly completedNs: readonly string[];
}

const TEXT = 1;
/** Answers, pings and empty deltas are shorter; what fans out is longer. */
const LARGE_BYTES = 512;
const CONNECTING_AT_ONCE = 64;
const HANDSHAKE_END = '\r\n\r\n';

const headerBytesOf = (short: number): number => (short < 126 ? 2 : short === 126 ? 4 : 10);

/** Finds the ends of large frames in what a socket brings, wherever it is cut. */
class FrameCounter {
  readonly #header = Buffer.alloc(10);
  #headerLength = 0;
  #payloadLeft = 0;
  #isLarge = false;

  /** Returns how many large frames ended in the chunk. */
  push(chunk: Buffer): number {
    let ended = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.#payloadLeft === 0) {
        this.#readHeader(chunk.readUInt8(at));
        at += 1;
        continue;
      }
      const taken = Math.min(this.#payloadLeft, chunk.length - at);
      this.#payloadLeft -= taken;
      at += taken;
      if (this.#payloadLeft === 0 && this.#isLarge) ended += 1;
    }
    return ended;
  }

  #readHeader(byte: number): void {
    this.#header[this.#headerLength++] = byte;
    const short = this.#header.readUInt8(1);
    if (this.#headerLength < 2 || this.#headerLength < headerBytesOf(short)) return;
    if (short < 126) this.#payloadLeft = short;
    else this.#payloadLeft = short === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
    this.#isLarge = (this.#header.readUInt8(0) & 15) === TEXT && this.#payloadLeft >= LARGE_BYTES;
    this.#headerLength = 0;
  }
}

let opened = 0;
let frames = 0;
let completedNs: string[] = [];

function count(ended: number): void {
  for (let i = 0; i < ended; i += 1) {
    frames += 1;
    if (frames % opened === 0) completedNs.push(String(process.hrtime.bigint()));
  }
}

function openOne({ port, localAddress, query, deflate }: OpenOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', localAddress });
    const counter = new FrameCounter();
    let greeting = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (chunk: Buffer) => {
      if (greeting.endsWith(HANDSHAKE_END)) return count(counter.push(chunk));
      const text = greeting + chunk.toString('latin1');
      const end = text.indexOf(HANDSHAKE_END);
      if (end === -1) return void (greeting = text);
      if (!text.startsWith('HTTP/1.1 101')) return reject(new Error(text));
      greeting = HANDSHAKE_END;
      counter.push(Buffer.from(text.slice(end + HANDSHAKE_END.length), 'latin1'));
      resolve();
    });
    socket.write(
      `GET ${WS_PATH}${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
        `${deflate ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''}\r\n`,
    );
  });
}

async function open(order: OpenOrder): Promise<void> {
  for (let done = 0; done < order.count; done += CONNECTING_AT_ONCE) {
    const some = Math.min(CONNECTING_AT_ONCE, order.count - done);
    await Promise.all(Array.from({ length: some }, () => openOne(order)));
  }
  opened += order.count;
}

process.on('message', (order: ClientsOrder) => {
  if (order.order === 'open') {
    open(order).then(
      () => process.send?.({ completedNs: [] } satisfies ClientsReport),
      (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
        process.disconnect();
      },
    );
    return;
  }
  process.send?.({ completedNs } satisfies ClientsReport);
  if (order.order === 'report') return;
  frames = 0;
  completedNs = [];
});
process.on('disconnect', () => process.exit());
