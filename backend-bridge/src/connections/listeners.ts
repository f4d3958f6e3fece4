import type { RawData, WebSocket } from 'ws';
import { ClientSocket, type Connection } from './connection.ts';

/** What a socket's events are passed to. */
export interface ConnectionOwner {
  receive(connection: Connection, data: Buffer, isBinary: boolean): void;
  /** A control frame came. */
  heard(connection: Connection): void;
  /** What came is no WebSocket message, or too large a one; ws is closing. */
  violated(connection: Connection, error: Error): void;
  closed(connection: Connection): void;
}

const connectionOf = (socket: WebSocket): Connection | undefined =>
  socket instanceof ClientSocket ? socket.connection : undefined;

// Plain functions that find everything by `this`: a closure for each event of each connection would cost half a kilobyte.

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const connection = connectionOf(this);
  // ws gives one Buffer a message unless told otherwise.
  if (connection !== undefined && Buffer.isBuffer(data)) connection.owner.receive(connection, data, isBinary);
}

function onControlFrame(this: WebSocket): void {
  const connection = connectionOf(this);
  connection?.owner.heard(connection);
}

function onError(this: WebSocket, error: Error): void {
  const connection = connectionOf(this);
  connection?.owner.violated(connection, error);
}

function onClose(this: WebSocket): void {
  const connection = connectionOf(this);
  connection?.owner.closed(connection);
}

export function attachListeners(connection: Connection): void {
  const { socket } = connection;
  socket.connection = connection;
  socket.on('message', onMessage);
  socket.on('ping', onControlFrame);
  socket.on('pong', onControlFrame);
  socket.on('error', onError);
  socket.on('close', onClose);
}
