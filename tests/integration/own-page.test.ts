import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { WS_PATH } from '@topdeck/protocol';
import { BridgeProcess } from '../fixtures/bridge-process.ts';

const TOKEN = 'own-page-token-of-the-test';

/** Status of the refusal, or `open`. Sent to loopback, in the name that the bridge would be known by. */
function handshake(port: string, names: { host: string; origin: string }, token?: string): Promise<number | 'open'> {
  const protocols = ['topdeck.v1', ...(token === undefined ? [] : [`bearer.${token}`])];
  const { host, origin } = names;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${WS_PATH}`, protocols, { origin, headers: { host } });
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

describe.each([
  ['open to all', { ALLOW_UNAUTHENTICATED: 'true' }, undefined, 403],
  ['with a token', { AUTH_TOKENS: TOKEN }, TOKEN, 'open'],
] as const)('SEC-3 the stream of the page of a bridge that others reach, %s', (_what, env, token, byName) => {
  const bridge = new BridgeProcess({ HOST: '0.0.0.0', ...env });
  let port = '';
  beforeAll(async () => {
    port = new URL(await bridge.url()).port;
  });
  afterAll(() => bridge.stop());

  test('opens by an address, and by a name where a token proves what the name cannot', async () => {
    const address = `10.0.0.5:${port}`;
    const name = `bridge.example:${port}`;
    expect(await handshake(port, { host: address, origin: `http://${address}` }, token)).toBe('open');
    expect(await handshake(port, { host: name, origin: `http://${name}` }, token)).toBe(byName);
  });

  test('opens for no other page', async () => {
    const address = `10.0.0.5:${port}`;
    expect(await handshake(port, { host: address, origin: 'http://evil.example' }, token)).toBe(403);
    expect(await handshake(port, { host: address, origin: `http://10.0.0.5:9000` }, token)).toBe(403);
  });
});
