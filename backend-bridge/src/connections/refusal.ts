import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorResponse } from '@topdeck/protocol';
import type { BridgeError } from '../errors.ts';

/** A client that does not take its answer is not waited for. */
const REFUSAL_TIMEOUT_MS = 5000;

function destroyThis(this: Socket): void {
  this.destroy();
}

/** Answers a handshake over HTTP with an `ErrorResponse` and ends the socket. */
export function refuseHandshake(socket: Socket, error: BridgeError, headers: Record<string, string> = {}): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, publicMessage: message, action, status } = error;
  const body = JSON.stringify({ code, message, action, detail: message } satisfies ErrorResponse);
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.setTimeout(REFUSAL_TIMEOUT_MS, destroyThis);
  // Whatever else the client sends is read and dropped: closing with unread input would reset the connection, and the
  // client might lose the answer.
  socket.resume();
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
