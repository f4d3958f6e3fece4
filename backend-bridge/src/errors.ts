/**
 * The catalogue of faults. Codes are permanent: clients, runbooks and alerts name them. `action` says what the reader
 * can do. Messages that leave the process carry no internals; what happened inside goes into `cause`, which is logged.
 */
interface Entry {
  readonly message: string;
  readonly action: string;
  /** HTTP status where the fault is answered over HTTP. */
  readonly status?: number;
}

export const ERRORS = {
  // start
  CONFIG_INVALID: {
    message: 'The configuration is invalid',
    action: 'Correct the keys listed; docs/config.md describes each',
  },
  CONFIG_FILE_UNREADABLE: {
    message: 'CONFIG_FILE cannot be read',
    action: 'Check the path, its permissions and that it is YAML',
  },
  PORT_IN_USE: { message: 'The address is already in use', action: 'Stop the other process or set PORT to a free one' },
  ADDRESS_UNAVAILABLE: { message: 'The address cannot be bound', action: 'Set HOST to an address of this machine' },
  INSECURE_BIND: {
    message: 'HOST is not a loopback address and no authentication is configured',
    action: 'Set AUTH_TOKENS or JWT_*, or ALLOW_UNAUTHENTICATED=true if the network is trusted',
  },
  // sources
  NEO4J_AUTH_FAILED: {
    message: 'Neo4j refused the credentials',
    action: 'Check NEO4J_USERNAME and NEO4J_PASSWORD',
    status: 502,
  },
  NEO4J_UNREACHABLE: {
    message: 'Neo4j cannot be reached',
    action: 'Check NEO4J_URI and the network; the bridge keeps trying',
    status: 502,
  },
  NEO4J_DATABASE_NOT_FOUND: {
    message: 'Neo4j has no such database',
    action: 'Check NEO4J_DATABASE; the bridge keeps trying',
    status: 502,
  },
  NEO4J_QUERY_FAILED: {
    message: 'A topology query failed',
    action: 'Run the configured Cypher in the Neo4j browser and correct it',
    status: 502,
  },
  TOPOLOGY_FILE_UNREADABLE: { message: 'TOPOLOGY_FILE cannot be read', action: 'Check the path and its permissions' },
  TOPOLOGY_FILE_INVALID: { message: 'TOPOLOGY_FILE is not a valid topology', action: 'Correct the entries listed' },
  TOPOLOGY_TOO_LARGE: {
    message: 'The topology exceeds the configured size',
    action: 'Narrow the Cypher or raise TOPOLOGY_MAX_NODES / TOPOLOGY_MAX_EDGES',
  },
  PROMETHEUS_AUTH_FAILED: {
    message: 'Prometheus refused the credentials',
    action: 'Check PROMETHEUS_USERNAME/PASSWORD or PROMETHEUS_TOKEN',
    status: 502,
  },
  PROMETHEUS_UNREACHABLE: {
    message: 'Prometheus cannot be reached',
    action: 'Check PROMETHEUS_URL and the network; the bridge keeps trying',
    status: 502,
  },
  PROMETHEUS_TIMEOUT: {
    message: 'Prometheus did not answer in time',
    action: 'Raise PROMETHEUS_TIMEOUT_S or add recording rules',
    status: 504,
  },
  PROMETHEUS_QUERY_FAILED: {
    message: 'Prometheus refused a query',
    action: 'Run the preset’s PromQL in Prometheus and correct it',
    status: 502,
  },
  PROMETHEUS_BAD_ANSWER: {
    message: 'The answer is not of the Prometheus HTTP API',
    action: 'Check that PROMETHEUS_URL points at a Prometheus-compatible API',
    status: 502,
  },
  PROMETHEUS_ANSWER_TOO_LARGE: {
    message: 'The answer exceeds the size that is read',
    action: 'Aggregate the preset’s PromQL by the mapped labels alone',
    status: 502,
  },
  METRICS_PRESET_INVALID: {
    message: 'METRICS_PRESET is neither a known preset nor a valid file',
    action: 'Name one of the presets or correct the file',
  },
  // history
  HISTORY_UNAVAILABLE: {
    message: 'The history store cannot be opened',
    action: 'Check HISTORY_FILE, its folder’s permissions and the disk',
    status: 503,
  },
  // pipeline
  PIPELINE_FAILED: {
    message: 'The diagnosis worker stopped',
    action: 'It is restarted; see the log for the cause',
    status: 503,
  },
  NOT_READY: {
    message: 'No snapshot has been taken yet',
    action: 'Try again in a few seconds; /readyz tells when',
    status: 503,
  },
  // requests over HTTP and in the handshake
  UNAUTHENTICATED: { message: 'A valid token is required', action: 'Send Authorization: Bearer <token>', status: 401 },
  FORBIDDEN_SCOPE: {
    message: 'The token lacks the scope',
    action: 'Use a token with the scope this call needs',
    status: 403,
  },
  FORBIDDEN_ORIGIN: {
    message: 'The page’s origin is not allowed',
    action: 'Add the origin to ALLOWED_ORIGINS',
    status: 403,
  },
  FORBIDDEN_HOST: {
    message: 'The request names a host that this bridge does not answer for',
    action: 'Use a loopback name, or add the origin with that host to ALLOWED_ORIGINS',
    status: 403,
  },
  AUTH_UNAVAILABLE: {
    message: 'The keys that tokens are checked with cannot be read',
    action: 'Try again; the operator should check JWT_JWKS_URL and the network',
    status: 503,
  },
  NOT_FOUND: { message: 'There is no such resource', action: 'Check the id', status: 404 },
  INVALID_REQUEST: { message: 'The request is invalid', action: 'Correct the parameters named', status: 400 },
  PAYLOAD_TOO_LARGE: { message: 'The request body is too large', action: 'Send less', status: 413 },
  RATE_LIMITED: { message: 'Too many requests', action: 'Slow down; Retry-After tells how long', status: 429 },
  TOO_MANY_CONNECTIONS: {
    message: 'The bridge is at its connection limit',
    action: 'Try later or raise MAX_CONNECTIONS',
    status: 503,
  },
  TOO_MANY_CONNECTIONS_FROM_ADDRESS: {
    message: 'Too many connections from this address',
    action: 'Close some or raise MAX_CONNECTIONS_PER_ADDRESS',
    status: 429,
  },
  CONNECTION_RATE_EXCEEDED: {
    message: 'Connections from this address come too fast',
    action: 'Back off or raise CONNECTION_RATE_PER_ADDRESS',
    status: 429,
  },
  SHUTTING_DOWN: {
    message: 'The bridge is shutting down',
    action: 'Reconnect in a few seconds',
    status: 503,
  },
  INTERNAL: { message: 'Internal error', action: 'See the bridge’s log', status: 500 },
  // messages on an open WebSocket
  INVALID_JSON: { message: 'Invalid JSON format', action: 'Send one JSON object a message' },
  UNKNOWN_MESSAGE_TYPE: { message: 'Unknown message type', action: 'See /docs/asyncapi.json for the types' },
  INVALID_MESSAGE: { message: 'The message is invalid', action: 'Correct the fields named' },
  MESSAGE_TOO_LARGE: { message: 'The message is too large', action: 'Send less or raise MAX_MESSAGE_BYTES' },
  MESSAGE_RATE_EXCEEDED: { message: 'Too many messages', action: 'Slow down or raise MESSAGE_RATE' },
  TOO_MANY_SUBSCRIPTIONS: {
    message: 'Too many subscribed resources',
    action: 'Unsubscribe some or raise MAX_SUBSCRIPTIONS',
  },
  RESUME_NEEDS_DELTA: { message: 'resume needs the extended stream', action: 'Connect with ?delta=1' },
  SLOW_CLIENT: {
    message: 'The client does not read fast enough',
    action: 'Read faster, subscribe to less or ask for a longer interval',
  },
  IDLE_TIMEOUT: { message: 'The client sent nothing for too long', action: 'Send ping every 30 s' },
  AUTH_EXPIRED: { message: 'The token has expired', action: 'Reconnect with a fresh token' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorOptions {
  /** Details safe to show to whoever caused the fault. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/** A fault of the catalogue. `message` is the catalogue's sentence, with the detail behind it. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    super(options.detail === undefined ? ERRORS[code].message : `${ERRORS[code].message}: ${options.detail}`, {
      cause: options.cause,
    });
    this.code = code;
    this.detail = options.detail;
  }

  get action(): string {
    return ERRORS[this.code].action;
  }

  /** What may leave the process: the details of a fault on our side of the wire stay in the log. */
  get publicMessage(): string {
    return this.status >= 500 ? ERRORS[this.code].message : this.message;
  }

  /** HTTP status, 500 for faults that have none of their own. */
  get status(): number {
    const entry: Entry = ERRORS[this.code];
    return entry.status ?? 500;
  }
}

/** Wraps whatever was thrown, keeping faults of the catalogue as they are. */
export function toBridgeError(error: unknown, fallback: ErrorCode = 'INTERNAL'): BridgeError {
  return error instanceof BridgeError ? error : new BridgeError(fallback, { cause: error });
}

const ADDRESS_FAULTS: ReadonlySet<unknown> = new Set(['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN']);

/** What a server that cannot listen threw, as PORT_IN_USE or ADDRESS_UNAVAILABLE; anything else stays as it is. */
export function listenFault(error: unknown, { host, port }: { readonly host: string; readonly port: number }): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const detail = `${host}:${port}`;
  if (code === 'EADDRINUSE') return new BridgeError('PORT_IN_USE', { detail, cause: error });
  if (!ADDRESS_FAULTS.has(code)) return error;
  return new BridgeError('ADDRESS_UNAVAILABLE', { detail: `${detail} (${code})`, cause: error });
}

/**
 * The words for whoever started a program that cannot go on: what is wrong and what to do. A stack only for what is not
 * in the catalogue, which is a defect of ours. `actions` stand in for the catalogue's where those name other settings.
 */
export function startFaultText(error: unknown, actions: Partial<Record<ErrorCode, string>> = {}): string {
  if (!(error instanceof BridgeError)) return `INTERNAL: ${(error as Error).stack ?? String(error)}\n`;
  return `${error.code}: ${error.message}\n  → ${actions[error.code] ?? error.action}\n`;
}
