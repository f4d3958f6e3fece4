import { BridgeUnavailable, fault, type HttpAnswer, type Request } from '@topdeck/backend-datasource/bridge';
import type { Clock } from '../ui/clock.ts';

export interface Carrier {
  readonly token: string | undefined;
  readonly clock: Clock;
  /** For one exchange. */
  readonly timeoutMs: number;
}

/** A browser keeps to itself why it could not reach a server. */
export const unreachable = (error: unknown): BridgeUnavailable => {
  const action = 'Check that the bridge runs and that this browser reaches it; it is tried again by itself';
  return new BridgeUnavailable(fault('NETWORK_FAILED', { action }), { cause: error });
};

async function read(response: Response, maxBytes: number): Promise<HttpAnswer> {
  const body = new Uint8Array(await response.arrayBuffer());
  if (body.length > maxBytes) {
    throw new BridgeUnavailable(fault('ANSWER_TOO_LARGE', { detail: `above ${maxBytes} bytes` }));
  }
  const dateMs = Date.parse(response.headers.get('date') ?? '');
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    location: undefined,
    dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
    body,
  };
}

/** Exchanges by `fetch`. */
export function createRequest({ token, clock, timeoutMs }: Carrier): Request {
  const headers = { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  return async ({ method, url, maxBytes, signal }) => {
    signal.throwIfAborted();
    const patience = new AbortController();
    const cancel = clock.schedule(timeoutMs, () => patience.abort());
    try {
      const both = AbortSignal.any([signal, patience.signal]);
      return await read(await fetch(url, { method, headers, signal: both, cache: 'no-store' }), maxBytes);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BridgeUnavailable) throw error;
      if (!patience.signal.aborted) throw unreachable(error);
      throw new BridgeUnavailable(fault('TIMEOUT', { detail: `not within ${timeoutMs / 1000} s` }), { cause: error });
    } finally {
      cancel();
    }
  };
}
