import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Sends what the feed has already serialised, byte for byte. */
export function sendJsonBytes(reply: FastifyReply, bytes: Uint8Array): FastifyReply {
  return reply.type(JSON_TYPE).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
