import { describe, expect, test } from '@jest/globals';
import { isAllowedHost, isAllowedOrigin, isLoopbackHost, isOwnPage } from '../../src/access/origin.ts';

describe('loopback', () => {
  test.each(['127.0.0.1', '127.8.9.10', '::1', '[::1]', 'localhost', 'LOCALHOST', 'app.localhost', '::ffff:127.0.0.1'])(
    '%s is loopback',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );
  test.each([
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    'localhost.evil.example',
    'notlocalhost',
    '::ffff:10.0.0.1',
    '',
  ])('%s is not', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});

describe('SEC-3 origins', () => {
  const listed = ['https://grafana.example.org', 'http://dash.example.org:3000/'];

  test.each([
    undefined,
    'http://localhost:3000',
    'https://127.0.0.1',
    'http://[::1]:9',
    'https://grafana.example.org',
    'https://grafana.example.org:443',
    'https://GRAFANA.example.org',
    'http://dash.example.org:3000',
  ])('%s is allowed', (origin) => {
    expect(isAllowedOrigin(origin, listed)).toBe(true);
  });

  test.each([
    'https://evil.example',
    'http://grafana.example.org',
    'https://grafana.example.org:8443',
    'https://grafana.example.org.evil.example',
    'http://localhost.evil.example',
    'http://localhost@evil.example',
    'http://localhost/path',
    'null',
    '',
    'file://localhost',
    'chrome-extension://abcdefgh',
  ])('%s is refused', (origin) => {
    expect(isAllowedOrigin(origin, listed)).toBe(false);
  });

  test('an entry that is no origin opens nothing', () => {
    expect(isAllowedOrigin('null', ['null', '*'])).toBe(false);
    expect(isAllowedOrigin('https://evil.example', ['*', 'https://*'])).toBe(false);
  });
});

describe('SEC-3 the page that the bridge served itself', () => {
  test.each([
    ['http://10.0.0.5:8000', '10.0.0.5:8000'],
    ['http://[fd00::5]:8000', '[fd00::5]:8000'],
    ['https://10.0.0.5', '10.0.0.5'],
    ['https://10.0.0.5', '10.0.0.5:443'],
  ])('%s as %s is allowed, for an address cannot be rebound', (origin, host) => {
    expect(isOwnPage({ origin, host }, false)).toBe(true);
  });

  test.each([
    ['http://bridge.example:8000', 'bridge.example:8000'],
    ['https://bridge.example', 'BRIDGE.example'],
  ])('%s as %s is allowed where a token is needed, and by ALLOWED_ORIGINS alone where none is', (origin, host) => {
    expect(isOwnPage({ origin, host }, true)).toBe(true);
    expect(isOwnPage({ origin, host }, false)).toBe(false);
  });

  test.each([
    ['http://10.0.0.5:9000', '10.0.0.5:8000'],
    ['http://10.0.0.6:8000', '10.0.0.5:8000'],
    ['http://evil.example:8000', 'bridge.example:8000'],
    ['http://10.0.0.5.evil.example', '10.0.0.5'],
    ['http://evil.example', 'bridge.example@evil.example'],
    ['http://evil.example', 'evil.example/path'],
    ['null', 'null'],
    ['file://10.0.0.5', '10.0.0.5'],
    [undefined, '10.0.0.5:8000'],
    ['http://10.0.0.5:8000', undefined],
  ])('%s as %s is not it, with a token or without', (origin, host) => {
    expect(isOwnPage({ origin, host }, true)).toBe(false);
    expect(isOwnPage({ origin, host }, false)).toBe(false);
  });
});

describe('SEC-7 hosts', () => {
  const rule = { listenHost: '127.0.0.1', allowedOrigins: ['https://bridge.example.org'] };

  test.each([
    'localhost:8000',
    '127.0.0.1:8000',
    '127.0.0.1',
    '[::1]:8000',
    'bridge.example.org',
    'bridge.example.org:8443',
    undefined,
  ])('%s is answered on loopback', (host) => {
    expect(isAllowedHost(host, rule)).toBe(true);
  });

  test.each([
    'evil.example:8000',
    'localhost@evil.example',
    'localhost.evil.example',
    'localhost/x',
    '',
    'a b',
    '10.0.0.1',
  ])('%s is refused on loopback', (host) => {
    expect(isAllowedHost(host, rule)).toBe(false);
  });

  test('a listener on another address has names it was never told', () => {
    expect(isAllowedHost('bridge.internal:8000', { ...rule, listenHost: '0.0.0.0' })).toBe(true);
  });
});
