import { describe, expect, test } from '@jest/globals';
import { readAddress, readUrl, restUrl, socketUrl, type Address } from '../../src/bridge/address.ts';

const addressOf = (text: string): Address => {
  const read = readAddress(text);
  if (!read.ok) throw new Error(read.problem);
  return read.address;
};

describe('the URL that a person enters', () => {
  test.each([
    ['http://bridge:8000', 'http://bridge:8000', false],
    ['  http://bridge:8000/  ', 'http://bridge:8000', false],
    ['https://ops.example/topdeck//', 'https://ops.example/topdeck', true],
    ['HTTPS://Ops.Example:443/TopDeck', 'https://ops.example/TopDeck', true],
    ['http://[::1]:8000', 'http://[::1]:8000', false],
    ['http://bridge:8000/api/v1', 'http://bridge:8000', false],
    ['http://bridge:8000/p/api/v1/live-diagnostics/', 'http://bridge:8000/p', false],
    ['http://bridge:8000/api/v1/ws/live-diagnostics', 'http://bridge:8000', false],
  ])('%j is the bridge at %s', (text, base, isSecure) => {
    expect(addressOf(text)).toEqual({ base, isSecure });
  });

  test.each([
    ['', 'is missing'],
    ['   ', 'is missing'],
    ['bridge:8000', 'http:// or https:// before the host'],
    ['bridge', 'http:// or https:// before the host'],
    ['localhost:8000/x', 'http:// or https:// before the host'],
    ['http://', 'is no address'],
    ['http://a b', 'is no address'],
    ['ws://bridge:8000', 'Write http://'],
    ['wss://bridge', 'Write https://'],
    ['ftp://bridge', 'must start with http'],
    ['http://bridge?x=1', 'after “?” or “#”'],
    ['http://bridge/#top', 'after “?” or “#”'],
  ])('%j is refused: it %s', (text, problem) => {
    expect(readAddress(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  test('with a password is refused without showing it', () => {
    const read = readAddress('http://user:hunter2@bridge');
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('“Token”') });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});

test('CONN-1 stream and REST lie below it', () => {
  const address = addressOf('https://ops.example/topdeck/');
  expect(socketUrl(address, 5)).toBe('wss://ops.example/topdeck/api/v1/ws/live-diagnostics?delta=1&update_interval=5');
  expect(restUrl(address)).toBe('https://ops.example/topdeck/api/v1/live-diagnostics');
});

describe('a path below the REST prefix', () => {
  const address = addressOf('http://bridge/p');
  const prefix = 'http://bridge/p/api/v1/live-diagnostics/';

  test.each([
    'anomalies?limit=5&severity=high',
    'services/a%2Fb/health',
    'services/100%25/health',
    'events?since=../x',
    'a..b/c',
  ])('%s is read', (path) => expect(readUrl(address, path)).toBe(`${prefix}${path}`));

  test.each([
    '',
    '?x',
    '/snapshot',
    '//evil.example/x',
    'http://evil.example/',
    '../../admin',
    'a/../../b',
    'a/..',
    './a',
    '%2e%2e/x',
    '.%2E/x',
    'services/..%2F..%2Fx',
    'services/%252e%252e/x',
    'a\\..\\b',
    'a%5c..%5cb',
    'a b',
    'a\r\nX: y',
    'a#b',
    'a%00b',
    'a%zz',
    'x'.repeat(9000),
  ])('%j is not', (path) => {
    expect(readUrl(address, path)).toBeUndefined();
  });
});
