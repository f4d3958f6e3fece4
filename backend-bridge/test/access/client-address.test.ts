import { describe, expect, test } from '@jest/globals';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { createAddressOf } from '../../src/access/client-address.ts';

function request(peer: string, forwardedFor?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const message = new IncomingMessage(socket);
  if (forwardedFor !== undefined) message.headers['x-forwarded-for'] = forwardedFor;
  return message;
}

describe('the address that limits count', () => {
  test('is the peer where no proxy is trusted, whatever the headers say', () => {
    const addressOf = createAddressOf([]);
    expect(addressOf(request('198.51.100.7', '203.0.113.9'))).toBe('198.51.100.7');
  });

  test('is what the trusted proxies saw, and not what the client made up before them', () => {
    const addressOf = createAddressOf(['10.0.0.0/8', '192.0.2.1']);
    expect(addressOf(request('10.1.2.3', '203.0.113.9'))).toBe('203.0.113.9');
    expect(addressOf(request('10.1.2.3', '1.1.1.1, 203.0.113.9, 192.0.2.1'))).toBe('203.0.113.9');
    expect(addressOf(request('198.51.100.7', '203.0.113.9'))).toBe('198.51.100.7');
  });

  test('is one for all addresses of an IPv6 host, and an IPv4 address in either notation', () => {
    const addressOf = createAddressOf([]);
    expect(addressOf(request('2001:db8:1:2::5'))).toBe(addressOf(request('2001:db8:1:2:ffff::1')));
    expect(addressOf(request('2001:db8:1:2::5'))).not.toBe(addressOf(request('2001:db8:1:3::5')));
    expect(addressOf(request('::ffff:198.51.100.7'))).toBe('198.51.100.7');
  });

  test('survives a proxy that forwards what is no address', () => {
    expect(createAddressOf(['10.0.0.1'])(request('10.0.0.1', 'unknown'))).toBe('unknown');
  });
});
