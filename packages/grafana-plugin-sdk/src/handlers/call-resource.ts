import type { Call } from './call.ts';
import type { PluginContext } from './plugin-context.ts';

/** An HTTP request to `/api/datasources/uid/<uid>/resources/<path>` or `/api/plugins/<id>/resources/<path>`. */
export interface ResourceRequest {
  readonly context: PluginContext;
  readonly method: string;
  /** Without the part above and without a query. */
  readonly path: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: Uint8Array;
}

export interface ResourceResponse {
  /** 200 by default. Of the first message; later ones only add to the body. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** Resolves when the host can take more, and rejects when it has given up. */
export type SendResource = (response: ResourceResponse) => Promise<void>;

export interface CallResourceHandler {
  /** Sends one message or more. What it throws before the first becomes a gRPC error, which Grafana answers with 500. */
  readonly callResource: (request: ResourceRequest, send: SendResource, call: Call) => Promise<void>;
}

export const jsonResponse = (value: unknown, status = 200): ResourceResponse => ({
  status,
  headers: { 'content-type': ['application/json'] },
  body: JSON.stringify(value),
});
