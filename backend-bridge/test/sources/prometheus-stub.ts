import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface StubRequest {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}
export type StubAnswer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string | Buffer }
  /** Takes the request and never answers. */
  | 'hang'
  /** Closes the connection in the middle of the body. */
  | 'cut';

export interface StubSeries {
  readonly metric: Readonly<Record<string, string>>;
  /** [epoch seconds, value]; one for a vector. */
  readonly samples: readonly (readonly [number, string])[];
}

const success = (resultType: string, result: unknown, extra: object): string =>
  JSON.stringify({ status: 'success', data: { resultType, result }, ...extra });
export const vector = (series: readonly StubSeries[], extra: object = {}): string =>
  success(
    'vector',
    series.map(({ metric, samples }) => ({ metric, value: samples[0] })),
    extra,
  );
export const matrix = (series: readonly StubSeries[], extra: object = {}): string =>
  success(
    'matrix',
    series.map(({ metric, samples }) => ({ metric, values: samples })),
    extra,
  );

/** An HTTP server in the place of Prometheus, whose every answer a test decides. */
export class PrometheusStub {
  readonly requests: StubRequest[] = [];
  /** Connections ever made to it. */
  connections = 0;
  answer: (request: StubRequest) => StubAnswer | Promise<StubAnswer>;
  readonly #tls: { key: string; cert: string } | undefined;
  #server: Server | undefined;
  #port = 0;

  constructor(answer: (request: StubRequest) => StubAnswer, tls?: { key: string; cert: string }) {
    this.answer = answer;
    this.#tls = tls;
  }

  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  /** Listens on a free port, after `stop` on the same as before. */
  async start(): Promise<this> {
    const handle = (request: IncomingMessage, response: ServerResponse): void => void this.#handle(request, response);
    const server = this.#tls === undefined ? createServer(handle) : createTlsServer(this.#tls, handle);
    server.on('connection', () => (this.connections += 1));
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Cuts all connections and refuses new ones. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const received = { path: request.url ?? '', form, headers: request.headers };
    this.requests.push(received);
    const answer = await this.answer(received);
    if (answer === 'hang') return;
    if (answer === 'cut') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":"success"');
      setImmediate(() => response.destroy());
      return;
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  }
}
