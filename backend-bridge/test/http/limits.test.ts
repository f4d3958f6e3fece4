import { describe, expect, test } from '@jest/globals';
import { Secret } from '@topdeck/protocol/secret';
import { closeAfterEach, startHttp } from './start-http.ts';

const API = '/api/v1/live-diagnostics';
closeAfterEach();

describe('LIM-10 requests a minute from one address', () => {
  test('above the limit: RATE_LIMITED with Retry-After, for that address alone', async () => {
    const { app, feed } = await startHttp({ HTTP_RATE_PER_ADDRESS: 3 });
    const get = (remoteAddress: string) => app.inject({ url: `${API}/snapshot`, remoteAddress });
    for (let request = 0; request < 3; request++) expect((await get('10.0.0.1')).statusCode).toBe(200);
    const refused = await get('10.0.0.1');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(feed.reads).toHaveLength(3);
    expect((await get('10.0.0.2')).statusCode).toBe(200);
  });

  test('guesses at tokens and at routes count', async () => {
    const { app } = await startHttp({ HTTP_RATE_PER_ADDRESS: 2, AUTH_TOKENS: new Secret('the-token-nobody-guesses') });
    const guess = (url: string) => app.inject({ url, headers: { authorization: 'Bearer guess' } });
    expect((await guess(`${API}/snapshot`)).statusCode).toBe(401);
    expect((await guess('/nowhere')).statusCode).toBe(404);
    expect((await guess(`${API}/snapshot`)).statusCode).toBe(429);
  });

  test('probes do not count', async () => {
    const { app } = await startHttp({ HTTP_RATE_PER_ADDRESS: 1 });
    for (let request = 0; request < 5; request++) {
      expect((await app.inject('/healthz')).statusCode).toBe(200);
      expect((await app.inject('/readyz')).statusCode).toBe(200);
    }
    expect((await app.inject(`${API}/snapshot`)).statusCode).toBe(200);
  });

  test('an IPv6 host has one limit for all its addresses', async () => {
    const { app } = await startHttp({ HTTP_RATE_PER_ADDRESS: 1 });
    const get = (remoteAddress: string) => app.inject({ url: `${API}/snapshot`, remoteAddress });
    expect((await get('2001:db8:1:2::1')).statusCode).toBe(200);
    expect((await get('2001:db8:1:2:3:4:5:6')).statusCode).toBe(429);
    expect((await get('2001:db8:1:3::1')).statusCode).toBe(200);
  });

  test('behind a trusted proxy the client counts, elsewhere X-Forwarded-For is not believed', async () => {
    const config = { HTTP_RATE_PER_ADDRESS: 1, TRUSTED_PROXIES: ['10.0.0.0/8'] };
    const { app } = await startHttp(config);
    const get = (remoteAddress: string, client: string) =>
      app.inject({ url: `${API}/snapshot`, remoteAddress, headers: { 'x-forwarded-for': client } });
    expect((await get('10.0.0.1', '203.0.113.1')).statusCode).toBe(200);
    expect((await get('10.0.0.1', '203.0.113.2')).statusCode).toBe(200);
    expect((await get('10.0.0.1', '203.0.113.1')).statusCode).toBe(429);
    expect((await get('198.51.100.1', '203.0.113.3')).statusCode).toBe(200);
    expect((await get('198.51.100.1', '203.0.113.4')).statusCode).toBe(429);
  });
});
