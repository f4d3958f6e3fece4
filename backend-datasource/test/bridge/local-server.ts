import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { readSettings, type Settings } from '../../src/settings.ts';

export const url = (server: NetServer, scheme = 'http', host = '127.0.0.1'): string =>
  `${scheme}://${host}:${(server.address() as AddressInfo).port}`;

export async function listening<S extends NetServer>(server: S): Promise<S> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A server on a free loopback port, with TLS where it is given a certificate. */
export const serve = (answer: RequestListener, tls?: ServerOptions): Promise<Server> =>
  listening(tls === undefined ? createPlainServer(answer) : createSecureServer(tls, answer));

export function closed(server: Server): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  return done;
}

export const settingsFor = (at: string, jsonData: object = {}, secureJsonData: Record<string, string> = {}): Settings =>
  readSettings({
    uid: 'u',
    name: 'n',
    url: at,
    user: '',
    database: '',
    basicAuthEnabled: false,
    basicAuthUser: '',
    jsonData,
    secureJsonData,
    updatedMs: 0,
    apiVersion: '',
  });
