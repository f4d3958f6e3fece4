import { describe, expect, test } from '@jest/globals';
import { connect, type AddressInfo } from 'node:net';
import { ErrorResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { closeAfterEach, startHttp } from './start-http.ts';

const isErrorResponse = validator(ErrorResponse);
closeAfterEach();

async function listen(): Promise<{ url: string; exchange: (bytes: string) => Promise<string> }> {
  const { app } = await startHttp();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const exchange = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        answer += String(chunk);
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  return { url: `http://127.0.0.1:${port}`, exchange };
}

describe('REST-9 on the wire', () => {
  test.each([
    ['what is no HTTP', 'hello there\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    ['a path that is no URL', 'GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 403],
  ])('%s is refused like anything else', async (_name, bytes, status) => {
    const { exchange } = await listen();
    const answer = await exchange(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(isErrorResponse(JSON.parse(body))).toMatchObject({ ok: true });
  });

  test('SEC-7 the Host header of a real request counts', async () => {
    const { exchange } = await listen();
    const ask = (host: string) =>
      exchange(`GET /api/v1/live-diagnostics/snapshot HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await ask('evil.example')).toMatch(/^HTTP\/1\.1 403[\s\S]*FORBIDDEN_HOST/);
    expect(await ask('localhost')).toMatch(/^HTTP\/1\.1 200/);
  });

  test('fetch decompresses what it is sent', async () => {
    const { url } = await listen();
    const answer = await fetch(`${url}/api/v1/live-diagnostics/snapshot`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.json()).toMatchObject({ overall_health: 'critical' });
  });
});
