/** What go-plugin's host tells a plugin it starts. There is nothing else in its environment but proxy variables. */
export interface HostEnvironment {
  /** Loopback ports that may be used when there is no Unix socket, both inclusive; 0 for any. */
  readonly ports: { readonly min: number; readonly max: number };
  /** Folder for the socket's own folder; the system's temporary one when absent. */
  readonly socketFolder: string | undefined;
  /** The host asks for the broker's connections on the main one, which is not offered. */
  readonly asksForMultiplexing: boolean;
}

/** Why this process cannot serve its host. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
}

const PROTOCOL_VERSION = 2;
const COOKIE = { name: 'grafana_plugin_type', value: 'datasource' };

function readPort(name: string, text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new HandshakeError(`${name} is no port: ${text}`);
  return port;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** False when somebody else than Grafana started this process. */
export const isStartedByHost = (env: Environment): boolean => env[COOKIE.name] === COOKIE.value;

/** Throws a {@link HandshakeError} when the host wants what is not offered. */
export function readEnvironment(env: Environment): HostEnvironment {
  if ((env['PLUGIN_CLIENT_CERT'] ?? '') !== '') {
    throw new HandshakeError(
      'The host asks for mutual TLS (PLUGIN_CLIENT_CERT), which is not supported: Grafana talks to its plugins over a Unix socket or loopback without it.',
    );
  }
  const min = readPort('PLUGIN_MIN_PORT', env['PLUGIN_MIN_PORT']);
  const max = readPort('PLUGIN_MAX_PORT', env['PLUGIN_MAX_PORT']);
  if (min > max) throw new HandshakeError(`PLUGIN_MIN_PORT ${min} is above PLUGIN_MAX_PORT ${max}`);
  return {
    ports: { min, max },
    socketFolder: env['PLUGIN_UNIX_SOCKET_DIR'] ?? undefined,
    asksForMultiplexing: (env['PLUGIN_MULTIPLEX_GRPC'] ?? '') !== '',
  };
}

export interface Address {
  readonly network: 'unix' | 'tcp';
  readonly address: string;
}

/** Core protocol, plugin protocol, where, how. A host that asked for multiplexing reads a seventh part. */
export function handshakeLine({ network, address }: Address, { asksForMultiplexing }: HostEnvironment): string {
  const line = `1|${PROTOCOL_VERSION}|${network}|${address}|grpc`;
  return asksForMultiplexing ? `${line}||false` : line;
}
