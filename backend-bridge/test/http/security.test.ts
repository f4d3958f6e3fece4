import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { Secret } from '@topdeck/protocol/secret';
import { BridgeError } from '../../src/errors.ts';
import { keySet, startKeySetServer } from '../access/key-set-server.ts';
import { closeAfterEach, NOW, startHttp } from './start-http.ts';

const API = '/api/v1/live-diagnostics';
const READER = 'reader-token-for-tests';
const WRITER = 'writer-token-for-tests';
const TOKENS = { AUTH_TOKENS: new Secret(`${READER},${WRITER}:write`) };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
closeAfterEach();

describe('SEC-1 tokens', () => {
  const PROTECTED = ['snapshot', 'services/web/health', 'anomalies', 'traffic-patterns', 'failing-dependencies']
    .concat(['health', 'events'])
    .map((path) => `${API}/${path}`)
    .concat('/api/v1/ws/live-diagnostics/health', '/metrics');

  test.each(PROTECTED)('%s needs one', async (url) => {
    const { app, feed } = await startHttp(TOKENS);
    for (const headers of [{}, bearer('wrong-token'), { authorization: READER }]) {
      const refused = await app.inject({ url, headers });
      expect(refused.statusCode).toBe(401);
      expect(refused.headers['www-authenticate']).toMatch(/^Bearer/);
      expect(refused.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(feed.reads).toEqual([]);
    expect((await app.inject({ url, headers: bearer(READER) })).statusCode).toBe(200);
    expect((await app.inject({ url: `${url}?token=${READER}&access_token=${READER}` })).statusCode).toBe(401);
  });

  test('an invalid request without a token learns only that it needs one', async () => {
    const { app } = await startHttp(TOKENS);
    expect((await app.inject(`${API}/anomalies?limit=0`)).json()).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('HEAD is no way around', async () => {
    const { app } = await startHttp(TOKENS);
    expect((await app.inject({ method: 'HEAD', url: `${API}/snapshot` })).statusCode).toBe(401);
  });
});

test('SEC-2 refresh needs the scope write', async () => {
  const { app, feed } = await startHttp(TOKENS);
  const post = (headers: Record<string, string>) => app.inject({ method: 'POST', url: `${API}/refresh`, headers });
  expect((await post({})).statusCode).toBe(401);
  const refused = await post(bearer(READER));
  expect(refused.statusCode).toBe(403);
  expect(refused.json()).toMatchObject({ code: 'FORBIDDEN_SCOPE' });
  expect(feed.refreshes).toBe(0);
  expect((await post(bearer(WRITER))).statusCode).toBe(200);
});

describe('SEC-3 origins', () => {
  const listed = { ALLOWED_ORIGINS: ['https://grafana.example.org'] };
  const get = async (origin: string) => {
    const { app, feed } = await startHttp(listed);
    return { answer: await app.inject({ url: `${API}/snapshot`, headers: { origin } }), feed };
  };

  test.each(['http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:1', 'https://grafana.example.org'])(
    '%s may read',
    async (origin) => {
      const { answer } = await get(origin);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(answer.headers['vary']).toMatch(/origin/i);
    },
  );

  test.each(['https://evil.example', 'null', 'http://grafana.example.org', 'http://localhost.evil.example'])(
    '%s gets nothing, not even by a simple request',
    async (origin) => {
      const { answer, feed } = await get(origin);
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'FORBIDDEN_ORIGIN' });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(feed.reads).toEqual([]);
    },
  );

  test('a foreign page cannot cause a refresh', async () => {
    const { app, feed } = await startHttp();
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect((await app.inject({ method: 'POST', url: `${API}/refresh`, headers })).statusCode).toBe(403);
    expect(feed.refreshes).toBe(0);
  });

  test('a preflight needs no token, and names what a page may send', async () => {
    const { app } = await startHttp({ ...TOKENS, ...listed });
    const preflight = (origin: string) =>
      app.inject({
        method: 'OPTIONS',
        url: `${API}/refresh`,
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight('http://localhost:3000');
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:3000',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
    const refused = await preflight('https://evil.example');
    expect(refused.statusCode).toBe(403);
    expect(refused.headers['access-control-allow-methods']).toBeUndefined();
  });

  test('a refusal can be read by an allowed page', async () => {
    const { app } = await startHttp(TOKENS);
    const refused = await app.inject({ url: `${API}/snapshot`, headers: { origin: 'http://localhost:3000' } });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe('http://localhost:3000');
  });
});

describe('SEC-4 JWTs', () => {
  const secret = new TextEncoder().encode('thirty-two-bytes-of-shared-secret!');
  const sign = (exp: number) => new SignJWT({ exp }).setProtectedHeader({ alg: 'HS256' }).sign(secret);

  test('a valid one reads, an expired one does not', async () => {
    const { app } = await startHttp({ JWT_SECRET: new Secret(new TextDecoder().decode(secret)) });
    const nowS = Date.parse(NOW) / 1000;
    const get = async (exp: number) => app.inject({ url: `${API}/snapshot`, headers: bearer(await sign(exp)) });
    expect((await get(nowS + 60)).statusCode).toBe(200);
    expect((await get(nowS - 60)).json()).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('while the key set cannot be read the answer is AUTH_UNAVAILABLE', async () => {
    const issuer = await startKeySetServer(undefined);
    const { app, text } = await startHttp({ JWT_JWKS_URL: issuer.url });
    const token = [{ alg: 'RS256', kid: 'k' }, {}].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const answer = await app.inject({ url: `${API}/snapshot`, headers: bearer(`${token.join('.')}.c2lnbmF0dXJl`) });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ code: 'AUTH_UNAVAILABLE' });
    expect(answer.body).not.toContain(issuer.url);
    expect(text()).toContain('auth.keys_unavailable');
    issuer.answer(keySet());
    await issuer.close();
  });
});

describe('SEC-5 nothing inside comes out', () => {
  const inside = new Error('connect bolt://neo4j:hunter2@10.0.0.7:7687 refused in /srv/app/x.ts');

  test.each([
    ['an unexpected fault', inside, 'INTERNAL', 500],
    [
      'a fault of a source',
      new BridgeError('NEO4J_UNREACHABLE', { detail: inside.message, cause: inside }),
      'NEO4J_UNREACHABLE',
      502,
    ],
    [
      'a fault of the history',
      new BridgeError('HISTORY_UNAVAILABLE', { detail: '/var/lib/history.sqlite: damaged' }),
      'HISTORY_UNAVAILABLE',
      503,
    ],
    ['what is not even an error', 'hunter2' as unknown as Error, 'INTERNAL', 500],
  ])('%s', async (_name, fault, code, status) => {
    const { app, feed, text, events } = await startHttp();
    feed.fault = fault;
    for (const request of [
      { url: `${API}/snapshot` },
      { url: `${API}/events` },
      { method: 'POST' as const, url: `${API}/refresh` },
    ]) {
      const answer = await app.inject(request);
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toMatchObject({ code });
      expect(answer.body).not.toMatch(/hunter2|10\.0\.0\.7|\/srv|\/var|\.ts|sqlite/);
      expect(events()).toContainEqual(
        expect.objectContaining({ event: 'http.refused', level: 50, requestId: answer.headers['x-request-id'], code }),
      );
    }
    expect(text()).not.toContain('neo4j:hunter2');
  });

  test('no log line carries a token, a header or a query, whatever is refused', async () => {
    const { app, text, events } = await startHttp({ ...TOKENS, HTTP_RATE_PER_ADDRESS: 8 });
    const urls = [`${API}/snapshot`, `${API}/anomalies?limit=x&key=${READER}`, '/nowhere', `${API}/refresh`];
    for (const url of urls) {
      for (const token of [READER, `${WRITER}-wrong`]) {
        await app.inject({ url, headers: { ...bearer(token), cookie: `session=${READER}` } });
        await app.inject({ method: 'POST', url, headers: bearer(token), payload: { password: READER } });
      }
    }
    expect(events().filter((line) => line['event'] === 'http.request')).toHaveLength(16);
    expect(text()).not.toContain(READER);
    expect(text()).not.toContain(WRITER);
  });
});

describe('SEC-6 what is public', () => {
  test.each([
    '/',
    '/healthz',
    '/readyz',
    '/docs',
    '/docs/json',
    '/docs/yaml',
    '/docs/asyncapi.json',
    '/docs/static/swagger-ui.css',
  ])('%s needs no token and tells nothing about services', async (url) => {
    const { app, feed } = await startHttp(TOKENS);
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(200);
    for (const { resource_id, resource_name } of feed.snapshot.services) {
      expect(answer.body).not.toContain(resource_id === 'web' ? '"web"' : resource_id);
      expect(answer.body).not.toContain(`"${resource_name}"`);
    }
    expect(feed.reads).toEqual([]);
  });
});

describe('SEC-7 hosts', () => {
  const get = async (host: string, config = {}) => {
    const { app, feed } = await startHttp(config);
    return { answer: await app.inject({ url: `${API}/snapshot`, headers: { host } }), feed };
  };

  test.each(['evil.example', 'evil.example:8000', 'localhost.evil.example', '192.168.1.5:8000'])(
    'on loopback a page rebound from %s gets nothing',
    async (host) => {
      const { answer, feed } = await get(host);
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'FORBIDDEN_HOST' });
      expect(feed.reads).toEqual([]);
    },
  );

  test.each(['localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'bridge.example.org'])(
    '%s is answered',
    async (host) => {
      expect((await get(host, { ALLOWED_ORIGINS: ['https://bridge.example.org'] })).answer.statusCode).toBe(200);
    },
  );

  test('another address has names of its own', async () => {
    expect((await get('bridge.internal:8000', { HOST: '0.0.0.0' })).answer.statusCode).toBe(200);
  });
});

test('headers keep browsers from embedding, sniffing and caching', async () => {
  const { app } = await startHttp();
  const { headers } = await app.inject(`${API}/snapshot`);
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  expect(headers['strict-transport-security']).toBeUndefined();
});
