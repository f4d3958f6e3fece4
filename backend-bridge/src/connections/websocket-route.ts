import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WS_SUBPROTOCOL } from '@topdeck/protocol';
import { WebSocketServer, type Server as WsServer, type ServerOptions } from 'ws';
import { BridgeError, toBridgeError, type ErrorCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';
import type { ConnectionManager } from './connection-manager.ts';
import { ClientSocket } from './connection.ts';
import { listOf, parseTarget, servableExtensions } from './handshake.ts';
import type { ConnectionLimits } from './limits.ts';
import { refuseHandshake } from './refusal.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** After this a client that does not answer the closing handshake is cut off. */
const CLOSE_TIMEOUT_MS = 5000;
const BUSY_RETRY_AFTER_S = 10;

export type HandshakeAuth =
  { readonly ok: true; readonly expiresAtMs?: number } | { readonly ok: false; readonly code: ErrorCode };

export interface WebSocketRouteDependencies {
  readonly manager: ConnectionManager;
  readonly limits: Pick<ConnectionLimits, 'maxMessageBytes'>;
  readonly log: Log;
  readonly metrics: ServerMetrics;
  /** SEC-1. `ok` implies the scope `read`; `expiresAtMs` is epoch milliseconds. */
  readonly authenticate: (credentials: {
    readonly authorization: string | undefined;
    readonly protocols: readonly string[];
  }) => Promise<HandshakeAuth>;
  /** SEC-3. */
  readonly isAllowedOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  /** SEC-7. */
  readonly isAllowedHost: (host: string | undefined) => boolean;
  /** The client's address, behind trusted proxies too. */
  readonly addressOf: (request: IncomingMessage) => string;
}

interface Attempt {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
}

class HandshakeRefused extends BridgeError {
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, options: { detail?: string | undefined; retryAfterS?: number } = {}) {
    super(code, options);
    this.retryAfterS = options.retryAfterS;
  }
}

function destroyThis(this: Socket): void {
  this.destroy();
}

/** ws has these options; its type declarations lack them. */
type Options = ServerOptions<typeof ClientSocket> & { readonly closeTimeout: number };

function createWebSocketServer(maxMessageBytes: number): WsServer<typeof ClientSocket> {
  const options: Options = {
    noServer: true,
    clientTracking: false,
    WebSocket: ClientSocket,
    maxPayload: maxMessageBytes,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: {
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
      // Browsers compress even a ping; the default of 16 KiB would stay with each connection that ever sent one.
      zlibInflateOptions: { chunkSize: 1024 },
    },
    // The one that carries the token must not be echoed.
    handleProtocols: (protocols) => (protocols.has(WS_SUBPROTOCOL) ? WS_SUBPROTOCOL : false),
  };
  return new WebSocketServer(options);
}

/** Serves the WebSocket on an HTTP server (CONN-1): checks each handshake, then hands the connection to the manager. */
export class WebSocketRoute {
  readonly #deps: WebSocketRouteDependencies;
  readonly #server: WsServer<typeof ClientSocket>;

  constructor(deps: WebSocketRouteDependencies) {
    this.#deps = deps;
    this.#server = createWebSocketServer(deps.limits.maxMessageBytes);
    this.#server.on('wsClientError', (error, socket) => {
      if (socket instanceof Socket)
        this.#refuse(socket, new HandshakeRefused('INVALID_REQUEST', { detail: error.message }));
    });
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // TCP or TLS; Node promises no more than a stream.
      if (!(socket instanceof Socket)) return void socket.destroy();
      socket.on('error', destroyThis);
      socket.on('timeout', destroyThis);
      socket.setTimeout(HANDSHAKE_TIMEOUT_MS);
      this.#admit({ request, socket, head }).catch((error: unknown) => {
        if (!(error instanceof HandshakeRefused)) {
          this.#deps.log.error({ event: 'connections.handshake_failed', err: error });
        }
        this.#refuse(socket, toBridgeError(error));
      });
    });
  }

  /**
   * Rejects with the refusal. The rate is charged before the token is looked at, for guesses at a token are what it has
   * to slow down; the counts are looked at last, for they tell how busy the bridge is.
   */
  async #admit(attempt: Attempt): Promise<void> {
    const { manager, addressOf, authenticate, isAllowedHost, isAllowedOrigin } = this.#deps;
    const { headers, url } = attempt.request;
    const target = parseTarget(url ?? '');
    if (!target.ok) throw new HandshakeRefused(target.code, { detail: target.detail });
    if (!isAllowedHost(headers.host)) throw new HandshakeRefused('FORBIDDEN_HOST');
    if (!isAllowedOrigin(headers.origin, headers.host)) throw new HandshakeRefused('FORBIDDEN_ORIGIN');
    const address = addressOf(attempt.request);
    refuseIf(manager.chargeAttempt(address));
    const protocols = listOf(headers['sec-websocket-protocol']);
    const auth = await authenticate({ authorization: headers.authorization, protocols });
    if (!auth.ok) throw new HandshakeRefused(auth.code);
    if (manager.isClosing) throw new HandshakeRefused('SHUTTING_DOWN');
    await manager.welcome(() => {
      refuseIf(manager.refusal(address));
      const { update_interval: intervalS, delta, incidents } = target.query;
      const stream = delta === '1' ? 'extended' : 'original';
      this.#upgrade(attempt, (socket) => {
        const { expiresAtMs } = auth;
        const asked = { stream, hearsIncidents: incidents === '1', intervalMs: intervalS * 1000 } as const;
        manager.accept({ socket, raw: attempt.socket, ...asked, address, expiresAtMs });
      });
    });
  }

  /** Calls `onOpen` before it returns, or not at all. */
  #upgrade({ request, socket, head }: Attempt, onOpen: (socket: ClientSocket) => void): void {
    const extensions = servableExtensions(request.headers['sec-websocket-extensions']);
    if (extensions === undefined) delete request.headers['sec-websocket-extensions'];
    else request.headers['sec-websocket-extensions'] = extensions;
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', destroyThis);
      socket.off('timeout', destroyThis);
      onOpen(webSocket);
    });
  }

  #refuse(socket: Socket, error: BridgeError): void {
    const { log, metrics } = this.#deps;
    metrics.connectionsRefused.inc({ code: error.code });
    log.debug({ event: 'connections.refused', code: error.code, detail: error.detail });
    const retryAfterS = error instanceof HandshakeRefused ? error.retryAfterS : undefined;
    refuseHandshake(socket, error, retryAfterS === undefined ? {} : { 'Retry-After': String(retryAfterS) });
  }
}

function refuseIf(refusal: ReturnType<ConnectionManager['refusal']>): void {
  if (refusal === undefined) return;
  const retryAfterS = refusal.code === 'CONNECTION_RATE_EXCEEDED' ? refusal.retryAfterS : BUSY_RETRY_AFTER_S;
  throw new HandshakeRefused(refusal.code, { retryAfterS });
}
