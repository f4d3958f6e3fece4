import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Secret } from '@topdeck/protocol/secret';
import { closeAfterEach, startHttp } from './start-http.ts';

closeAfterEach();

describe('SEC-6 the page at /, before the panels are built', () => {
  test('says how to build them, and is the one at /api', async () => {
    const { app } = await startHttp();
    const page = await app.inject('/');
    expect(page.body).toContain('npm run build -- --only preview');
    expect((await app.inject('/api')).body).toBe(page.body);
  });

  test('links what there is, and every link leads somewhere', async () => {
    const { app } = await startHttp();
    const page = await app.inject('/');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const links = [...page.body.matchAll(/href="([^"]+)"/g)].map((match) => match[1]);
    expect(links).toEqual(
      expect.arrayContaining(['docs', 'docs/asyncapi.json', 'metrics', 'api/v1/live-diagnostics/health']),
    );
    for (const link of links) expect([link, (await app.inject(`/${link}`)).statusCode]).toEqual([link, 200]);
  });

  test('has no script, and its policy allows its own style alone', async () => {
    const { app } = await startHttp();
    const page = await app.inject('/');
    expect(page.body).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/(?!localhost)/);
    const style = /<style>([\s\S]*)<\/style>/.exec(page.body)?.[1] ?? '';
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('shows commands for the name it was asked by, unless that name is not harmless', async () => {
    const { app } = await startHttp({ HOST: '0.0.0.0' });
    const get = async (host: string) => (await app.inject({ url: '/', headers: { host } })).body;
    expect(await get('bridge.internal:9000')).toContain(
      'curl http://bridge.internal:9000/api/v1/live-diagnostics/snapshot',
    );
    const harmful = await get('"><script>alert(1)</script>');
    expect(harmful).not.toContain('<script');
    expect(harmful).toContain('http://127.0.0.1:8000/');
  });

  test('says when a token is needed', async () => {
    const open = await startHttp();
    expect((await open.app.inject('/')).body).not.toMatch(/token/);
    const closed = await startHttp({ AUTH_TOKENS: new Secret('a-token-that-is-needed') });
    expect((await closed.app.inject('/')).body).toMatch(/Authorization: Bearer &lt;token&gt;/);
  });
});

test('/docs runs under a policy without inline code', async () => {
  const { app } = await startHttp();
  const page = await app.inject('/docs');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:/);
  const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
  expect(assets.length).toBeGreaterThan(4);
  for (const asset of assets) expect([asset, (await app.inject(asset)).statusCode]).toEqual([asset, 200]);
  expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)/);
});
