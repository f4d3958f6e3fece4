import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import Value from 'typebox/value';
import type { Thresholds } from '@topdeck/protocol';
import {
  CONFIG_FILE_KEY,
  CONFIG_KEYS,
  ConfigSchema,
  configKeyMeta,
  type ConfigKey,
  type ConfigValues,
} from './config-schema.ts';
import { BridgeError } from './errors.ts';

/** Text that must never be printed: every way of turning it into a string hides it; only `reveal` does not. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

type SecretKey =
  'NEO4J_PASSWORD' | 'PROMETHEUS_PASSWORD' | 'PROMETHEUS_TOKEN' | 'PROMETHEUS_HEADERS' | 'AUTH_TOKENS' | 'JWT_SECRET';
/** All settings, frozen. Keys are the variables' names, so that code, docs and errors speak of the same thing. */
export type Config = Readonly<Omit<ConfigValues, SecretKey>> & {
  readonly [K in Exclude<SecretKey, 'PROMETHEUS_HEADERS'>]?: Secret;
} & { readonly PROMETHEUS_HEADERS: Readonly<Record<string, Secret>> };

export interface ThresholdConfig {
  readonly defaults: Partial<Thresholds>;
  readonly overrides: ConfigValues['THRESHOLD_OVERRIDES'];
}

/** Environment variables that start like ours but are unknown are mistakes, unless another program owns them. */
const OUR_PREFIXES =
  /^(NEO4J|PROMETHEUS|TOPOLOGY|HISTORY|JWT|COLLECT|METRICS|THRESHOLD|MAX_CONNECTIONS|AUTH_TOKENS)(_|S$)/;
const FOREIGN_KEYS = new Set(['NEO4J_TEST_URL', 'NEO4J_HOME', 'NEO4J_CONF', 'PROMETHEUS_TEST_URL']);

type Problems = string[];

function fromText(key: ConfigKey, value: string, problems: Problems): unknown {
  const type = configKeyMeta(key).type;
  if (type === 'integer' || type === 'number')
    return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (type === 'string') return value;
  if (type === 'array' && !value.trimStart().startsWith('['))
    return value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  try {
    return JSON.parse(value) as unknown;
  } catch {
    problems.push(`${key}: expected JSON`);
    return undefined;
  }
}

function readFile(path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = parseYaml(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new BridgeError('CONFIG_FILE_UNREADABLE', {
      detail: `${path} (${(cause as Error).message.split('\n')[0]})`,
      cause,
    });
  }
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new BridgeError('CONFIG_FILE_UNREADABLE', { detail: `${path} is not a mapping of keys` });
  }
  return parsed as Record<string, unknown>;
}

function expectation(key: string): string {
  if (!CONFIG_KEYS.includes(key as ConfigKey)) return 'unknown key';
  const meta = configKeyMeta(key as ConfigKey);
  if (meta.enum !== undefined) return `expected one of ${meta.enum.join(', ')}`;
  if (meta.minimum !== undefined) return `expected ${meta.type} from ${meta.minimum} to ${meta.maximum}`;
  if (meta.pattern !== undefined) return `expected text like ${meta.pattern}`;
  return `expected ${meta.type ?? 'another value'}`;
}

function schemaProblems(values: Record<string, unknown>): Problems {
  const found = new Map<string, string>();
  for (const fault of Value.Errors(ConfigSchema, values)) {
    const key = fault.instancePath.split('/')[1] ?? '';
    if (key === '') continue;
    const below = fault.instancePath.split('/').slice(2).join('.');
    if (!found.has(key)) found.set(key, below === '' ? expectation(key) : `${below}: ${fault.message}`);
  }
  for (const key of Object.keys(values)) if (!CONFIG_KEYS.includes(key as ConfigKey)) found.set(key, 'unknown key');
  return [...found].map(([key, problem]) => `${key}: ${problem}`);
}

function crossProblems(c: ConfigValues): Problems {
  const problems: Problems = [];
  const without = (key: string, other: string): unknown => problems.push(`${key}: needs ${other}`);
  if (c.PROMETHEUS_USERNAME !== undefined && c.PROMETHEUS_PASSWORD === undefined)
    without('PROMETHEUS_USERNAME', 'PROMETHEUS_PASSWORD');
  if (c.PROMETHEUS_PASSWORD !== undefined && c.PROMETHEUS_USERNAME === undefined)
    without('PROMETHEUS_PASSWORD', 'PROMETHEUS_USERNAME');
  if (c.PROMETHEUS_TOKEN !== undefined && c.PROMETHEUS_USERNAME !== undefined)
    problems.push('PROMETHEUS_TOKEN: excludes PROMETHEUS_USERNAME');
  if (c.NEO4J_URI !== undefined && c.TOPOLOGY_FILE !== undefined) problems.push('TOPOLOGY_FILE: excludes NEO4J_URI');
  if (c.JWT_SECRET !== undefined && Buffer.byteLength(c.JWT_SECRET) < 32)
    problems.push('JWT_SECRET: expected at least 32 bytes');
  const keySources = [c.JWT_SECRET, c.JWT_PUBLIC_KEY_FILE, c.JWT_JWKS_URL].filter((v) => v !== undefined).length;
  if (keySources > 1) problems.push('JWT_SECRET, JWT_PUBLIC_KEY_FILE, JWT_JWKS_URL: only one of them');
  if (keySources === 0 && (c.JWT_ISSUER !== undefined || c.JWT_AUDIENCE !== undefined))
    without('JWT_ISSUER, JWT_AUDIENCE', 'a JWT key');
  for (const [index, { match }] of c.THRESHOLD_OVERRIDES.entries()) {
    try {
      new RegExp(match);
    } catch {
      problems.push(`THRESHOLD_OVERRIDES: ${index}.match: not a regular expression`);
    }
  }
  return problems;
}

function hideSecrets(values: ConfigValues): Config {
  const out: Record<string, unknown> = { ...values };
  for (const key of CONFIG_KEYS) {
    if (configKeyMeta(key).secret !== true || out[key] === undefined) continue;
    const value = out[key] as string | Record<string, string>;
    out[key] =
      typeof value === 'string'
        ? new Secret(value)
        : Object.freeze(Object.fromEntries(Object.entries(value).map(([name, v]) => [name, new Secret(v)])));
  }
  return Object.freeze(out) as unknown as Config;
}

/**
 * Reads the YAML file named by CONFIG_FILE and the environment over it.
 * Throws CONFIG_INVALID with every unknown or invalid key, each with what was expected, or CONFIG_FILE_UNREADABLE.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const problems: Problems = [];
  const file = env[CONFIG_FILE_KEY];
  const values: Record<string, unknown> = file === undefined || file === '' ? {} : readFile(file);
  for (const key of CONFIG_KEYS) {
    const value = env[key];
    if (value !== undefined && value !== '') values[key] = fromText(key, value, problems);
  }
  for (const key of Object.keys(env)) {
    const known = CONFIG_KEYS.includes(key as ConfigKey) || FOREIGN_KEYS.has(key);
    if (!known && OUR_PREFIXES.test(key)) problems.push(`${key}: unknown key`);
  }
  const complete = Value.Default(ConfigSchema, values) as Record<string, unknown>;
  const known = new Set(problems.map((problem) => problem.split(':')[0]));
  problems.push(...schemaProblems(complete).filter((problem) => !known.has(problem.split(':')[0] as string)));
  if (problems.length === 0) problems.push(...crossProblems(complete as ConfigValues));
  if (problems.length > 0) throw new BridgeError('CONFIG_INVALID', { detail: `\n  ${problems.sort().join('\n  ')}` });
  return hideSecrets(complete as ConfigValues);
}

/** The secret in the environment variable `name`, for programs whose flags name one; undefined when it is unset or empty. */
export function readSecretEnv(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Secret | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : new Secret(value);
}
