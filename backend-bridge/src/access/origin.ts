import { BlockList, isIP } from 'node:net';

/** What decides who may speak to the bridge before any token is looked at. */
export interface HostRule {
  /** Address the bridge listens on. */
  readonly listenHost: string;
  /** Origins allowed besides loopback ones. */
  readonly allowedOrigins: readonly string[];
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** URL hosts and HOST alike: `[::1]`, `::1`, `127.0.0.2`, `localhost`, `app.localhost` (browsers resolve all of `.localhost` to loopback). */
export function isLoopbackHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  const family = isIP(name);
  if (family === 0) return name === 'localhost' || name.endsWith('.localhost');
  return LOOPBACK.check(name, family === 6 ? 'ipv6' : 'ipv4');
}

/** `scheme://host[:port]` in the form browsers send it, or undefined for what is not an http(s) origin (`null`, a path, another scheme). */
export function canonicalOrigin(origin: string): string | undefined {
  const url = URL.parse(origin);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare ? url.origin : undefined;
}

/** SEC-3. No Origin: not a browser page. `null` (a sandboxed frame, a file) is never allowed, for any page can make itself one. */
export function isAllowedOrigin(origin: string | undefined, allowedOrigins: readonly string[]): boolean {
  if (origin === undefined) return true;
  const canonical = canonicalOrigin(origin);
  if (canonical === undefined) return false;
  if (isLoopbackHost(new URL(canonical).hostname)) return true;
  return allowedOrigins.some((allowed) => canonicalOrigin(allowed) === canonical);
}

/**
 * SEC-3: a page that the bridge itself served, by the host that the request names. A name alone does not prove that: by DNS
 * rebinding, a page of evil.example reaches this bridge with its own name in both headers. An address proves it, since
 * whoever is loaded from an address is served by it; and where a token is needed a foreign page has none, for tokens are no
 * cookies. The scheme is left out of it, since TLS may end at a proxy before the bridge.
 */
export function isOwnPage(
  { origin, host }: { readonly origin: string | undefined; readonly host: string | undefined },
  needsToken: boolean,
): boolean {
  const page = URL.parse(canonicalOrigin(origin ?? '') ?? '');
  if (page === null || host === undefined) return false;
  const asked = URL.parse(`${page.protocol}//${host}`);
  if (asked === null || asked.pathname !== '/' || asked.username !== '' || asked.host !== page.host) return false;
  return needsToken || isIP(page.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/**
 * SEC-7, against DNS rebinding: a page of evil.example whose name suddenly points at 127.0.0.1 reads same-origin, without
 * an Origin header, but its requests still name evil.example as Host. Only a listener on loopback knows all its names;
 * any other may have names of which it was never told, and has authentication instead.
 */
export function isAllowedHost(host: string | undefined, rule: HostRule): boolean {
  if (host === undefined || !isLoopbackHost(rule.listenHost)) return true;
  const url = URL.parse(`http://${host}`);
  if (url === null || url.pathname !== '/' || url.username !== '') return false;
  if (isLoopbackHost(url.hostname)) return true;
  return rule.allowedOrigins.some((allowed) => URL.parse(allowed)?.hostname === url.hostname);
}
