import type { Socket } from 'node:net';
import type { ErrorResponse } from '@topdeck/protocol';
import { BridgeError, type ErrorCode } from '../errors.ts';

/** How long a client should wait before it asks again for what is not there yet. */
const RETRY_AFTER_S = 5;

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
};
/** In place of Fastify's sentences, which quote the request: a body or a path may carry what must not be logged. */
const DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'the path is not a valid URL',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'expected no body, or application/json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'the body is empty, although its type is application/json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'the body is not JSON',
};

/** Whatever a hook, a handler or Fastify itself threw, as a fault of the catalogue. */
export function toRefusal(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) {
    return new BridgeError('INTERNAL', { cause: error });
  }
  const known = CODE_BY_STATUS[statusCode];
  if (known !== undefined) return new BridgeError(known);
  return new BridgeError('INVALID_REQUEST', { detail: DETAILS[String(code)] ?? 'not understood' });
}

/** REST-9, SEC-5. What went wrong on our side stays inside: the details of a 5xx go to the log alone. */
export function refusalBody(fault: BridgeError): ErrorResponse {
  const { code, publicMessage: message, action } = fault;
  return { code, message, action, detail: message };
}

export function refusalHeaders(fault: BridgeError): Record<string, string> {
  if (fault.status === 401) return { 'www-authenticate': 'Bearer realm="topdeck"' };
  return fault.status === 503 ? { 'retry-after': String(RETRY_AFTER_S) } : {};
}

/** Faults that the HTTP parser finds before there is a request, by the code Node gives them. */
const PARSER_FAULTS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what could not be parsed as HTTP, on the bare socket. */
export function refuseUnparsable(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = PARSER_FAULTS[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify(refusalBody(new BridgeError('INVALID_REQUEST', { detail: 'not understood as HTTP' })));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
