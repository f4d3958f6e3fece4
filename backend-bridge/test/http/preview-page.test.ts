import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { Secret } from '@topdeck/protocol/secret';
import { closeAfterEach, startHttp } from './start-http.ts';

closeAfterEach();

const SCRIPT = `export const text = '${'panel '.repeat(400)}';`;
const NAME = '/assets/preview.0123abcd.js';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><meta name="bridge" content="{{bridge}}">');
  writeFileSync(join(folder, NAME), SCRIPT);
  writeFileSync(join(folder, `${NAME}.br`), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'secret.txt'), 'not to be served');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOKENS = { AUTH_TOKENS: new Secret('a-token-that-is-needed') };
const started = async (config = {}) => (await startHttp(config, folder)).app;
/** As a browser reads the attribute. */
const factsIn = (page: string): unknown =>
  JSON.parse((/content="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"'));

describe('SEC-8 the page of panels', () => {
  test('has a policy without inline scripts, eval or another origin', async () => {
    const page = await (await started()).inject('/');
    expect(page.statusCode).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    for (const kind of ['script', 'worker', 'connect', 'font'])
      expect(policy).toMatch(new RegExp(`${kind}-src 'self'(;|$)`));
    expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  test('is asked for again each time, and comes only when it is another one', async () => {
    const app = await started();
    const first = await app.inject('/');
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const closed = await (
      await started(TOKENS)
    ).inject({ url: '/', headers: { 'if-none-match': String(first.headers['etag']) } });
    expect(closed.statusCode).toBe(200);
  });

  test('has files that may be kept for good, compressed when they were built', async () => {
    const app = await started();
    const plain = await app.inject(NAME);
    expect(plain.body).toBe(SCRIPT);
    expect(plain.headers['content-type']).toMatch(/javascript/);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const small = await app.inject({ url: NAME, headers: { 'accept-encoding': 'br' } });
    expect(small.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(small.rawPayload).toString()).toBe(SCRIPT);
  });

  test.each([
    '/assets/../secret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/%5c..%5csecret.txt',
    '/assets/',
    '/secret.txt',
  ])('serves nothing beside them: %s', async (url) => {
    const answer = await (await started()).inject(url);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('not to be served');
  });
});

describe('SEC-6 the page of panels', () => {
  test('and its files need no token, and it tells whether its data does', async () => {
    const app = await started(TOKENS);
    const page = await app.inject('/');
    expect(page.statusCode).toBe(200);
    expect(factsIn(page.body)).toEqual({ version: expect.any(String), needsToken: true });
    expect((await app.inject(NAME)).statusCode).toBe(200);
    expect((await app.inject('/api/v1/live-diagnostics/snapshot')).statusCode).toBe(401);
    expect(factsIn((await (await started()).inject('/')).body)).toMatchObject({ needsToken: false });
  });

  test('leaves the list of what else there is at /api', async () => {
    const page = await (await started()).inject('/api');
    expect(page.body).toContain('<a href="./">Panels</a>');
    expect(page.body).toContain('href="docs"');
  });
});

describe('SEC-3 a page served to others than this machine', () => {
  const refresh = async (config: object, host: string, origin: string) => {
    const app = await started({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: true, ...config });
    const headers = { host, origin, authorization: 'Bearer a-token-that-is-needed' };
    return (await app.inject({ url: '/api/v1/live-diagnostics/snapshot', headers })).statusCode;
  };

  test('reads from an address', async () => {
    expect(await refresh({}, '10.0.0.5:8000', 'http://10.0.0.5:8000')).toBe(200);
    expect(await refresh({}, '10.0.0.5:8000', 'http://10.0.0.6:8000')).toBe(403);
  });

  test('reads from a name where a token is needed', async () => {
    expect(await refresh({}, 'bridge.example', 'http://bridge.example')).toBe(403);
    expect(await refresh(TOKENS, 'bridge.example', 'http://bridge.example')).toBe(200);
    expect(await refresh(TOKENS, 'bridge.example', 'http://evil.example')).toBe(403);
  });
});
