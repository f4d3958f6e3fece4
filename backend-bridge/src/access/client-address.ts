import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import { normalizeIP } from '@fastify/rate-limit';

/** Name that limits count a client under: an IPv4 address, or the /64 of an IPv6 one, of which a single host has all. */
export const addressKey = (address: string): string => normalizeIP(address);

/**
 * Who sent a request: the socket's peer, or what trusted proxies say in X-Forwarded-For, in the form of
 * {@link addressKey}. `trustedProxies` are addresses or CIDR ranges.
 */
export function createAddressOf(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trust = proxyAddr.compile([...trustedProxies]);
  return (request) => addressKey(proxyAddr(request, trust));
}
