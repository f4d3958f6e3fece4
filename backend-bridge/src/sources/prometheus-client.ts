import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, Headers, request, type Dispatcher } from 'undici';
import { BridgeError, type ErrorCode } from '../errors.ts';
import { apiError, shorten } from './prometheus-answer.ts';

const inflate = promisify(gunzip);

/** A secret of the configuration, known here only by how it is read. */
interface Revealable {
  reveal(): string;
}

export interface PrometheusClientOptions {
  /** Base URL, before /api/v1; its path and query string are kept (Mimir: /prometheus, Thanos: ?dedup=true). */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: Revealable | undefined;
  /** Bearer token; excludes basic authentication. */
  readonly token?: Revealable | undefined;
  readonly headers?: Readonly<Record<string, Revealable>> | undefined;
  /** PEM file with the certificate authority of an https URL. */
  readonly caFile?: string | undefined;
  readonly connectTimeoutMs: number;
  /** Requests under way at once; each keeps its connection for the next tick. */
  readonly connections: number;
  /** A longer answer, decompressed, is refused. */
  readonly maxAnswerBytes: number;
}

type Body = Dispatcher.ResponseData['body'];
const MAX_ERROR_BYTES = 64 * 1024;
/** Below the 60 s after which common load balancers close an idle connection, so that we close it first. */
const KEEP_ALIVE_MS = 50_000;
const LOST_CONNECTION: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new BridgeError('CONFIG_INVALID', { detail: `PROMETHEUS_CA_FILE: ${path} cannot be read`, cause });
  }
}

function buildHeaders(options: PrometheusClientOptions, base: URL): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    try {
      new Headers([[name, value.reveal()]]);
    } catch {
      // Without the cause: it quotes the value, which may be a secret.
      throw new BridgeError('CONFIG_INVALID', { detail: `PROMETHEUS_HEADERS: ${name} is not a valid header` });
    }
    headers[name.toLowerCase()] = value.reveal();
  }
  const username = options.username ?? decodeURIComponent(base.username);
  const password = options.password?.reveal() ?? decodeURIComponent(base.password);
  if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token.reveal()}`;
  else if (username !== '')
    headers['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  headers['content-type'] = 'application/x-www-form-urlencoded';
  headers['accept'] = 'application/json';
  headers['accept-encoding'] = 'gzip';
  return headers;
}

/** What an HTTP status means where the body is not the API's own error. */
function statusError(status: number): BridgeError {
  const byStatus: Readonly<Record<number, ErrorCode>> = {
    401: 'PROMETHEUS_AUTH_FAILED',
    403: 'PROMETHEUS_AUTH_FAILED',
    408: 'PROMETHEUS_TIMEOUT',
    429: 'PROMETHEUS_QUERY_FAILED',
    502: 'PROMETHEUS_UNREACHABLE',
    503: 'PROMETHEUS_UNREACHABLE',
    504: 'PROMETHEUS_TIMEOUT',
  };
  const code = byStatus[status] ?? (status >= 500 ? 'PROMETHEUS_QUERY_FAILED' : 'PROMETHEUS_BAD_ANSWER');
  return new BridgeError(code, { detail: `HTTP ${status}` });
}

function tooLarge(maxBytes: number, cause?: unknown): BridgeError {
  return new BridgeError('PROMETHEUS_ANSWER_TOO_LARGE', { detail: `more than ${maxBytes} bytes`, cause });
}

/** Undefined when it is longer than `maxBytes`: the rest is not read, which costs the connection. */
async function readBody(body: Body, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size);
}

async function decode(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new BridgeError('PROMETHEUS_BAD_ANSWER', { detail: `content-encoding ${shorten(encoding)}` });
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, cause);
    throw new BridgeError('PROMETHEUS_BAD_ANSWER', { detail: 'broken gzip', cause });
  }
}

const encodingOf = ({ headers }: Dispatcher.ResponseData): string =>
  String(headers['content-encoding'] ?? '').toLowerCase();

/** What a status other than 2xx means: in the API's own words where it gave any. */
async function refusal(response: Dispatcher.ResponseData): Promise<BridgeError> {
  const byStatus = statusError(response.statusCode);
  try {
    const raw = await readBody(response.body, MAX_ERROR_BYTES);
    if (raw === undefined || byStatus.code === 'PROMETHEUS_AUTH_FAILED') return byStatus;
    return apiError(await decode(raw, encodingOf(response), MAX_ERROR_BYTES)) ?? byStatus;
  } catch (cause) {
    return new BridgeError(byStatus.code, { detail: byStatus.detail, cause });
  }
}

/** Name of a network fault that says no more than which kind it is. */
function faultName(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const name = code ?? cause?.code;
  return typeof name === 'string' ? name : 'connection failed';
}

/**
 * POSTs forms to a Prometheus-compatible HTTP API over a few kept connections. The signal bounds a request from its place
 * in the queue to the last byte; the timeout of connecting lets go of an address that swallows packets.
 * The constructor throws CONFIG_INVALID for an unreadable CA file or an invalid header.
 */
export class PrometheusClient {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #maxAnswerBytes: number;

  constructor(options: PrometheusClientOptions) {
    this.#base = new URL(options.url);
    this.#headers = buildHeaders(options, this.#base);
    this.#base.username = '';
    this.#base.password = '';
    if (!this.#base.pathname.endsWith('/')) this.#base.pathname += '/';
    this.#maxAnswerBytes = options.maxAnswerBytes;
    this.#agent = new Agent({
      connections: options.connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        timeout: options.connectTimeoutMs,
        ...(options.caFile !== undefined && { ca: readCa(options.caFile) }),
      },
    });
  }

  /**
   * Body of a 2xx answer, decompressed. Rejects with a fault PROMETHEUS_*, or with the signal's reason when it aborts.
   * `path` is relative to the base URL, without a leading slash.
   */
  async post(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Buffer> {
    const url = new URL(this.#base);
    url.pathname += path;
    const body = new URLSearchParams(form).toString();
    try {
      return await this.#read(await this.#request(url, body, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BridgeError) throw error;
      throw new BridgeError('PROMETHEUS_UNREACHABLE', { detail: faultName(error), cause: error });
    }
  }

  /**
   * A server or load balancer may close a kept connection in the moment in which it is used again. That says nothing
   * about the server, so such a query is sent once more, over another connection.
   */
  async #request(url: URL, body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const options = { method: 'POST', headers: this.#headers, body, dispatcher: this.#agent, signal } as const;
    try {
      return await request(url, options);
    } catch (error) {
      if (signal.aborted || !LOST_CONNECTION.has(faultName(error))) throw error;
      return request(url, options);
    }
  }

  async #read(response: Dispatcher.ResponseData): Promise<Buffer> {
    const { statusCode: status, body } = response;
    if (status < 200 || status >= 300) throw await refusal(response);
    const raw = await readBody(body, this.#maxAnswerBytes);
    if (raw === undefined) throw tooLarge(this.#maxAnswerBytes);
    return decode(raw, encodingOf(response), this.#maxAnswerBytes);
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    if (!this.#agent.destroyed) await this.#agent.destroy();
  }
}
