import type { Server } from 'node:http';
import type { ServerOptions } from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { createRequest } from '../../src/bridge/http-request.ts';
import { createReads } from '../../src/bridge/rest-reads.ts';
import { createOpenSocket } from '../../src/bridge/socket.ts';
import type { Socket } from '../../src/bridge/transport.ts';
import { systemClock } from '../../src/clock.ts';
import type { Settings } from '../../src/settings.ts';
import { CertificateAuthority, type Identity } from '../../../tests/fixtures/certificates.ts';
import { closed, serve, settingsFor, url } from './local-server.ts';

const LONG_AGO = Date.parse('2020-01-01T00:00:00Z');
const authority = new CertificateAuthority();
const good = authority.issue({ names: ['localhost', '127.0.0.1'] });
const elsewhere = authority.issue({ names: ['bridge.example'] });
const expired = authority.issue({ names: ['127.0.0.1'], fromMs: LONG_AGO, untilMs: LONG_AGO + 1000 });
const client = authority.issue({ names: ['client'] });

const TRUSTED = { json: { tlsAuthWithCACert: true }, secrets: { tlsCACert: authority.cert } };
const CLIENT = {
  json: { ...TRUSTED.json, tlsAuth: true },
  secrets: { ...TRUSTED.secrets, tlsClientCert: client.cert, tlsClientKey: client.key },
};

let server: Server;
let sockets: WebSocketServer;

async function serveWith(identity: Identity, more: ServerOptions = {}): Promise<void> {
  server = await serve(
    (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[]'),
    {
      ...identity,
      ...more,
    },
  );
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.send('hello'));
}

afterEach(async () => {
  sockets.close();
  await closed(server);
});

/** What each of the two ways to the bridge comes to. */
async function outcomes(settings: Settings): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const reads = createReads(settings.address, createRequest(settings, systemClock), signal);
  const rest = reads.events({}, signal).then(
    () => 'ok',
    (error: unknown) => (error as { fault: { code: string } }).fault.code,
  );
  let socket: Socket | undefined;
  const stream = new Promise<string>((resolve) => {
    const failed = ({ code }: { code: string }): void => resolve(code);
    socket = createOpenSocket(settings)({ opened: () => undefined, message: () => resolve('ok'), failed });
  });
  const both = await Promise.all([stream, rest]);
  socket?.end();
  return both;
}

describe('over TLS, stream and REST alike', () => {
  const expectBoth = async (
    expected: string,
    { json = {}, secrets = {} }: { json?: object; secrets?: object },
  ): Promise<void> => {
    const settings = settingsFor(url(server, 'https'), json, { ...secrets });
    expect(await outcomes(settings)).toEqual([expected, expected]);
  };

  test('an authority of one’s own is trusted when it is given, and everything when nothing is to be verified', async () => {
    await serveWith(good);
    await expectBoth('TLS_UNTRUSTED', {});
    await expectBoth('ok', TRUSTED);
    await expectBoth('ok', { json: { tlsSkipVerify: true } });
  });

  test('a certificate for another name is told, and taken where that is the server name of the settings', async () => {
    await serveWith(elsewhere);
    await expectBoth('TLS_WRONG_NAME', TRUSTED);
    await expectBoth('ok', { ...TRUSTED, json: { ...TRUSTED.json, serverName: 'bridge.example' } });
  });

  test('a certificate that has expired is told', async () => {
    await serveWith(expired);
    await expectBoth('TLS_EXPIRED', TRUSTED);
  });

  test('a client certificate is presented where the server asks for one', async () => {
    await serveWith(good, { ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    await expectBoth('TLS_CLIENT_CERTIFICATE', TRUSTED);
    await expectBoth('ok', CLIENT);
  });

  test('a server without TLS is told', async () => {
    server = await serve((_request, response) => response.end());
    sockets = new WebSocketServer({ server });
    await expectBoth('TLS_FAILED', TRUSTED);
  });
});
