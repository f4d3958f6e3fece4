import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocketServer } from 'ws';
import { hostBun } from '../../build/bun.ts';
import { compileArguments } from '../../build/executables.ts';
import { service, snapshotOf } from '../../backend-datasource/test/snapshots.ts';
import type { ClientOptions } from '../fixtures/bridge-client.ts';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { BridgeProxy } from '../fixtures/bridge-proxy.ts';
import { CertificateAuthority } from '../fixtures/certificates.ts';
import { freePort } from '../fixtures/free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'node_modules/.bin');
const PROBE = join(ROOT, 'tests/fixtures/bridge-client-probe.ts');
const LIMIT_MS = 60_000;

const token = 'read-token-of-the-tests';
const LONG_AGO = Date.parse('2020-01-01T00:00:00Z');
const run = promisify(execFile);

let folder: string;
let bridge: BridgeProcess;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-runtimes-'));
  bridge = new BridgeProcess({ COLLECT_INTERVAL_S: '1', DELTA_RESOLUTION: '0', AUTH_TOKENS: `${token}:read` });
  url = await bridge.url();
  // As the executable is built, for this system.
  const build = { bunTarget: '', basePackage: '', file: join(folder, 'probe') };
  await run(await hostBun(), [...compileArguments(build, PROBE, undefined)], { cwd: folder });
}, LIMIT_MS);

afterAll(async () => {
  await bridge.stop();
  rmSync(folder, { recursive: true, force: true });
});

const RUNTIMES = {
  Node: () => [join(BIN, 'node'), PROBE],
  'an executable compiled by Bun': () => [join(folder, 'probe')],
};

describe.each(Object.entries(RUNTIMES))('in %s the connection to the bridge', (_, commandOf) => {
  /** Ends by itself, or the process is killed and the test fails. */
  async function probe(options: ClientOptions): Promise<unknown> {
    const [command, ...args] = [...commandOf(), JSON.stringify(options)];
    const { stdout } = await run(command, args, { env: { PATH: process.env['PATH'] }, timeout: 30_000 });
    return JSON.parse(stdout);
  }
  const streamed = { state: 'websocket', rest: 200, services: expect.any(Number), changed: true };
  const secureJsonData = { token };

  test(
    'SEC-1 sends the token with stream and reads, and tells its refusal from a bridge that is not there',
    async () => {
      expect(await probe({ url, secureJsonData })).toEqual(streamed);
      // What a read is answered is passed on as it is.
      expect(await probe({ url, secureJsonData: { token: 'wrong' } })).toMatchObject({
        code: 'UNAUTHENTICATED',
        rest: 401,
      });
      expect(await probe({ url: `${url}/elsewhere`, secureJsonData })).toMatchObject({
        code: 'NOT_A_BRIDGE',
        rest: 404,
      });
      const nowhere = `http://127.0.0.1:${await freePort()}`;
      const refused = { state: 'disconnected', code: 'CONNECTION_REFUSED', rest: 'CONNECTION_REFUSED', changed: false };
      expect(await probe({ url: nowhere })).toEqual(refused);
      const unknown = { state: 'disconnected', code: 'HOST_NOT_FOUND', rest: 'HOST_NOT_FOUND', changed: false };
      expect(await probe({ url: 'http://bridge.invalid' })).toEqual(unknown);
    },
    LIMIT_MS,
  );

  test(
    'verifies certificates, trusts an authority that is given, and presents its own',
    async () => {
      const authority = new CertificateAuthority();
      const named = authority.issue({ names: ['127.0.0.1'] });
      const elsewhere = authority.issue({ names: ['bridge.example'] });
      const expired = authority.issue({ names: ['127.0.0.1'], fromMs: LONG_AGO, untilMs: LONG_AGO + 1000 });
      const client = authority.issue({ names: ['client'] });
      const mutual = { ...named, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
      const proxies = await Promise.all([named, elsewhere, expired, mutual].map((tls) => BridgeProxy.before(url, tls)));
      const [plain, other, old, strict] = proxies.map((proxy) => proxy.url);
      const trusted = { jsonData: { tlsAuthWithCACert: true }, secureJsonData: { token, tlsCACert: authority.cert } };
      const failed = (code: string): object => ({ state: 'disconnected', code, rest: code, changed: false });
      try {
        expect(await probe({ url: plain, ...trusted })).toEqual(streamed);
        expect(await probe({ url: plain, secureJsonData })).toEqual(failed('TLS_UNTRUSTED'));
        expect(await probe({ url: plain, secureJsonData, jsonData: { tlsSkipVerify: true } })).toEqual(streamed);
        expect(await probe({ url: other, ...trusted })).toEqual(failed('TLS_WRONG_NAME'));
        const serverName = { tlsAuthWithCACert: true, serverName: 'bridge.example' };
        expect(await probe({ ...trusted, url: other, jsonData: serverName })).toEqual(streamed);
        expect(await probe({ url: old, ...trusted })).toEqual(failed('TLS_EXPIRED'));
        expect(await probe({ url: strict, ...trusted })).toEqual(failed('TLS_CLIENT_CERTIFICATE'));
        const own = { ...trusted.secureJsonData, tlsClientCert: client.cert, tlsClientKey: client.key };
        const both = { url: strict, jsonData: { ...trusted.jsonData, tlsAuth: true }, secureJsonData: own };
        expect(await probe(both)).toEqual(streamed);
      } finally {
        await Promise.all(proxies.map((proxy) => proxy.close()));
      }
    },
    LIMIT_MS,
  );

  test(
    'LIM-9 takes a compressed snapshot of 20 MB',
    async () => {
      const metrics = Object.fromEntries(Array.from({ length: 90 }, (_metric, k) => [`metric_${k}`, k / 7]));
      const ids = Array.from({ length: 10_000 }, (_service, k) => `service-${String(k).padStart(5, '0')}`);
      const data = snapshotOf(ids.map((id) => service(id, { metrics })));
      const at = { timestamp: data.timestamp, epoch: 'e' };
      const full = JSON.stringify({ type: 'snapshot_update', ...at, seq: 1, data });
      expect(full.length).toBeGreaterThan(20e6);
      const { timestamp, overall_health } = data;
      const delta = { type: 'snapshot_delta', ...at, seq: 2, base_seq: 1, data: { timestamp, overall_health } };

      const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
      const sockets = new WebSocketServer({ server, perMessageDeflate: { zlibDeflateOptions: { level: 1 } } });
      let extensions = '';
      sockets.on('connection', (socket) => {
        extensions = socket.extensions;
        socket.send(JSON.stringify({ type: 'connected', ...at, seq: 0, message: '', update_interval: 1 }));
        socket.send(full);
        socket.send(JSON.stringify(delta));
      });
      try {
        await new Promise((ready) => server.once('listening', ready));
        const { port } = server.address() as AddressInfo;
        expect(await probe({ url: `http://127.0.0.1:${port}` })).toEqual({ ...streamed, services: 10_000 });
        expect(extensions).toBe('permessage-deflate');
      } finally {
        sockets.close();
        server.close();
        server.closeAllConnections();
      }
    },
    LIMIT_MS,
  );
});
