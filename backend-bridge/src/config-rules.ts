import { isIP } from 'node:net';
import type { ConfigKey, ConfigValues } from './config-schema.ts';

/** What a schema cannot say: the inner form of a text, or how keys go together. Checked where each key is valid by itself. */
interface Rule {
  /** The first one heads the problem. */
  readonly keys: readonly [ConfigKey, ...ConfigKey[]];
  /** What was expected, for each fault. */
  readonly faults: (values: ConfigValues) => readonly string[];
}

const MIN_SECRET_BYTES = 32;
/** Fewer could be guessed at HTTP_RATE_PER_ADDRESS from many addresses. */
const MIN_TOKEN_LENGTH = 16;

const when = (broken: boolean, fault: string): string[] => (broken ? [fault] : []);
const each = (values: readonly string[], isFine: (value: string) => boolean, expected: string): string[] =>
  values.flatMap((value, index) => when(!isFine(value), `${index}: ${expected}`));

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
}

function isAddressOrRange(text: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && (prefix === undefined || Number(prefix) <= (family === 6 ? 128 : 32));
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Never quotes a token; `index` counts from 0 as in the other lists. */
function tokenFaults(tokens: string): string[] {
  const bare = tokens.split(',').map((entry) => entry.trim().replace(/:(read|write)$/, ''));
  const isToken = (token: string): boolean => token.length >= MIN_TOKEN_LENGTH && /^[!-~]+$/.test(token);
  return each(bare, isToken, `expected at least ${MIN_TOKEN_LENGTH} printable ASCII characters without a space`);
}

const urlRule = (key: 'NEO4J_URI' | 'PROMETHEUS_URL' | 'JWT_JWKS_URL', instead: string): Rule => ({
  keys: [key],
  faults: ({ [key]: text }) => {
    if (text === undefined) return [];
    const url = URL.parse(text);
    if (url === null) return ['expected a URL'];
    return when(url.username !== '' || url.password !== '', `expected no credentials in the URL; ${instead}`);
  },
});

const isSet = (value: unknown): boolean => value !== undefined;

export const RULES: readonly Rule[] = [
  urlRule('NEO4J_URI', 'set NEO4J_USERNAME and NEO4J_PASSWORD'),
  urlRule('PROMETHEUS_URL', 'set PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD'),
  urlRule('JWT_JWKS_URL', 'the key set is public'),
  {
    keys: ['ALLOWED_ORIGINS'],
    faults: (c) => each(c.ALLOWED_ORIGINS, isOrigin, 'expected an origin like https://grafana.example.org'),
  },
  {
    keys: ['TRUSTED_PROXIES'],
    faults: (c) => each(c.TRUSTED_PROXIES, isAddressOrRange, 'expected an address or a CIDR range like 10.0.0.0/8'),
  },
  {
    keys: ['TOPOLOGY_FILE', 'NEO4J_URI'],
    faults: (c) => when(isSet(c.TOPOLOGY_FILE) && isSet(c.NEO4J_URI), 'excludes NEO4J_URI'),
  },
  {
    keys: ['PROMETHEUS_USERNAME', 'PROMETHEUS_PASSWORD'],
    faults: (c) => when(isSet(c.PROMETHEUS_USERNAME) && !isSet(c.PROMETHEUS_PASSWORD), 'needs PROMETHEUS_PASSWORD'),
  },
  {
    keys: ['PROMETHEUS_PASSWORD', 'PROMETHEUS_USERNAME'],
    faults: (c) => when(isSet(c.PROMETHEUS_PASSWORD) && !isSet(c.PROMETHEUS_USERNAME), 'needs PROMETHEUS_USERNAME'),
  },
  {
    keys: ['PROMETHEUS_TOKEN', 'PROMETHEUS_USERNAME'],
    faults: (c) => when(isSet(c.PROMETHEUS_TOKEN) && isSet(c.PROMETHEUS_USERNAME), 'excludes PROMETHEUS_USERNAME'),
  },
  {
    keys: ['PROMETHEUS_HEADERS'],
    faults: (c) =>
      Object.entries(c.PROMETHEUS_HEADERS).flatMap(([name, value]) =>
        when(
          !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]/.test(value),
          `${JSON.stringify(name)}: expected an HTTP header`,
        ),
      ),
  },
  { keys: ['AUTH_TOKENS'], faults: (c) => (c.AUTH_TOKENS === undefined ? [] : tokenFaults(c.AUTH_TOKENS)) },
  {
    keys: ['JWT_SECRET'],
    faults: (c) =>
      when(
        isSet(c.JWT_SECRET) && Buffer.byteLength(c.JWT_SECRET ?? '') < MIN_SECRET_BYTES,
        `expected at least ${MIN_SECRET_BYTES} bytes`,
      ),
  },
  {
    keys: ['JWT_SECRET', 'JWT_PUBLIC_KEY_FILE', 'JWT_JWKS_URL'],
    faults: (c) =>
      when(
        [c.JWT_SECRET, c.JWT_PUBLIC_KEY_FILE, c.JWT_JWKS_URL].filter(isSet).length > 1,
        'expected only one of JWT_SECRET, JWT_PUBLIC_KEY_FILE, JWT_JWKS_URL',
      ),
  },
  ...(['JWT_ISSUER', 'JWT_AUDIENCE'] as const).map((key): Rule => ({
    keys: [key, 'JWT_SECRET', 'JWT_PUBLIC_KEY_FILE', 'JWT_JWKS_URL'],
    faults: (c) =>
      when(
        isSet(c[key]) && ![c.JWT_SECRET, c.JWT_PUBLIC_KEY_FILE, c.JWT_JWKS_URL].some(isSet),
        'needs JWT_SECRET, JWT_PUBLIC_KEY_FILE or JWT_JWKS_URL',
      ),
  })),
  {
    keys: ['THRESHOLD_OVERRIDES'],
    faults: (c) =>
      c.THRESHOLD_OVERRIDES.flatMap(({ match }, index) =>
        when(!isRegularExpression(match), `${index}.match: expected a regular expression`),
      ),
  },
];
