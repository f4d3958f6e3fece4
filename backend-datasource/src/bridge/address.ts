import { REST_PREFIX, WS_PATH } from '@topdeck/protocol';

/** Where the bridge is: `https://host[:port][/prefix]`, without a slash at its end. */
export interface Address {
  readonly base: string;
  readonly isSecure: boolean;
}

export type ReadAddress =
  { readonly ok: true; readonly address: Address } | { readonly ok: false; readonly problem: string };

const EXAMPLE = 'for example http://bridge.example:8000';

function problemOf(text: string, url: URL | null): string | undefined {
  if (text === '') return `URL: is missing. Enter the address of the bridge, ${EXAMPLE}`;
  // `localhost:8000` parses, with the host name as its scheme.
  if (url === null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return `URL: “${text}” is no address. Enter one with http:// or https:// before the host, ${EXAMPLE}`;
  }
  if (url.protocol === 'ws:' || url.protocol === 'wss:') {
    return `URL: starts with ${url.protocol}//. Write ${url.protocol.replace('ws', 'http')}//; the stream’s address follows from it`;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `URL: must start with http:// or https://, ${EXAMPLE}`;
  // Not shown: it may be a password.
  if (url.username !== '' || url.password !== '')
    return 'URL: holds a user name or password. Enter a token under “Token” instead';
  if (url.search !== '' || url.hash !== '') return `URL: has a part after “?” or “#”. Leave it out, ${EXAMPLE}`;
  return undefined;
}

/** What a person entered. A path that goes on to the API is cut back to where the bridge is. */
export function readAddress(entered: string): ReadAddress {
  const text = entered.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = problemOf(text, url);
  if (problem !== undefined || url === null) return { ok: false, problem: problem ?? '' };
  const path = url.pathname.replace(/\/+$/, '');
  const prefix = [REST_PREFIX, WS_PATH, '/api/v1'].find((end) => path.endsWith(end)) ?? '';
  const base = `${url.origin}${path.slice(0, path.length - prefix.length)}`;
  return { ok: true, address: { base, isSecure: url.protocol === 'https:' } };
}

/** The extended stream, updated every so many seconds. */
export const socketUrl = ({ base }: Address, updateIntervalS: number): string =>
  `${base.replace(/^http/, 'ws')}${WS_PATH}?delta=1&update_interval=${updateIntervalS}`;

export const restUrl = ({ base }: Address): string => `${base}${REST_PREFIX}`;

const MAX_PATH = 8192;

/** The path, decoded as often as proxies on the way might. Undefined where its escapes are none. */
function readings(path: string): readonly string[] | undefined {
  const forms = [path];
  for (let i = 0; i < 3; i += 1) {
    try {
      forms.push(decodeURIComponent(forms[i]));
    } catch {
      // An id may hold a per cent sign, which is no escape any more once decoded.
      return i === 0 ? undefined : forms;
    }
  }
  return forms;
}

const leavesPrefix = (form: string): boolean =>
  /[\\\0]/.test(form) || form.split('/').some((part) => part === '..' || part === '.');

/** URL of a read below the REST prefix, or undefined for a path that is none. An id may hold slashes as %2F. */
export function readUrl(address: Address, pathAndQuery: string): string | undefined {
  const [path = ''] = pathAndQuery.split('?', 1);
  if (pathAndQuery.length > MAX_PATH || /[\s#]/.test(pathAndQuery)) return undefined;
  if (path === '' || path.startsWith('/') || path.includes('//')) return undefined;
  if (readings(path)?.some(leavesPrefix) !== false) return undefined;
  const prefix = `${restUrl(address)}/`;
  const url = URL.canParse(`${prefix}${pathAndQuery}`) ? new URL(`${prefix}${pathAndQuery}`).href : undefined;
  return url?.startsWith(prefix) === true ? url : undefined;
}
