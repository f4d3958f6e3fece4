import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure, type RequestOptions } from 'node:https';
import type { Clock } from '../clock.ts';
import type { Settings } from '../settings.ts';
import { BridgeUnavailable } from './bridge.ts';
import { fault } from './faults.ts';
import { networkFault } from './network-fault.ts';
import type { HttpAnswer, HttpRequest, Request } from './transport.ts';

/** Options that both `node:https` and `ws` take. */
export function tlsOptions({
  tls,
}: Settings): Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'> {
  const { ca, client, serverName, skipVerify } = tls;
  return {
    rejectUnauthorized: !skipVerify,
    ...(ca !== undefined && { ca }),
    ...(client && { cert: client.cert, key: client.key.reveal() }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

export const authorisation = ({ token }: Settings): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` };

const unavailable = (error: unknown): BridgeUnavailable => new BridgeUnavailable(networkFault(error), { cause: error });

/** Rejects with a BridgeUnavailable. */
async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BridgeUnavailable(fault('ANSWER_TOO_LARGE', { detail: `above ${maxBytes} bytes` }));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

async function toAnswer(response: IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const { headers, statusCode: status = 0 } = response;
  const dateMs = Date.parse(headers.date ?? '');
  return {
    status,
    type: headers['content-type'] ?? '',
    location: headers.location,
    dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
    body: await readBody(response, maxBytes),
  };
}

function send(settings: Settings, { method, url }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method,
      signal,
      // A connection of its own for each: these are few, and one kept open might be cut between two of them.
      agent: false,
      headers: {
        ...authorisation(settings),
        accept: 'application/json',
        ...(method === 'POST' && { 'content-length': 0 }),
      },
    };
    const request = url.startsWith('https:')
      ? requestSecure(url, { ...options, ...tlsOptions(settings) })
      : requestPlain(url, options);
    request.on('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

/**
 * One exchange, whatever its status. Rejects with a BridgeUnavailable when there was none or it took longer than
 * settings allow, and with the signal's reason when that aborts. `fetch` is not used, for Node's and Bun's take different
 * TLS options.
 */
export function createRequest(settings: Settings, clock: Clock): Request {
  return async (request) => {
    const { signal, maxBytes } = request;
    signal.throwIfAborted();
    const patience = new AbortController();
    const cancel = clock.schedule(settings.timeoutMs, () => patience.abort());
    try {
      const response = await send(settings, request, AbortSignal.any([signal, patience.signal]));
      return await toAnswer(response, maxBytes);
    } catch (error) {
      signal.throwIfAborted();
      if (patience.signal.aborted) {
        const detail = `not within ${settings.timeoutMs / 1000} s`;
        throw new BridgeUnavailable(fault('TIMEOUT', { detail }), { cause: error });
      }
      throw error instanceof BridgeUnavailable ? error : unavailable(error);
    } finally {
      cancel();
    }
  };
}
