import type { BridgeFault } from './bridge.ts';

/** What carries a client's words: `ws` and `node:http` in the executable, the browser's own in a page. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly location: string | undefined;
  /** By the clock of whoever answered; undefined when it did not say. */
  readonly dateMs: number | undefined;
  readonly body: Uint8Array;
}

/**
 * One exchange, whatever its status. Rejects with a BridgeUnavailable when there was none, and with the signal's reason
 * when that aborts.
 */
export type Request = (request: HttpRequest) => Promise<HttpAnswer>;

export interface SocketEvents {
  readonly opened: () => void;
  readonly message: (text: string) => void;
  /** May be told more than once; the first counts. */
  readonly failed: (fault: BridgeFault) => void;
}

export interface Socket {
  send(text: string): void;
  /** At once; nothing is told any more. */
  end(): void;
}

export type OpenSocket = (events: SocketEvents) => Socket;
