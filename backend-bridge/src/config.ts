import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import Value from 'typebox/value';
import { Secret } from '@topdeck/protocol/secret';
import {
  CONFIG_FILE_KEY,
  CONFIG_KEYS,
  ConfigSchema,
  configKeyMeta,
  type ConfigKey,
  type ConfigValues,
} from './config-schema.ts';
import { environmentProblems, valueProblems } from './config-problems.ts';
import { BridgeError } from './errors.ts';

type SecretKey =
  'NEO4J_PASSWORD' | 'PROMETHEUS_PASSWORD' | 'PROMETHEUS_TOKEN' | 'PROMETHEUS_HEADERS' | 'AUTH_TOKENS' | 'JWT_SECRET';
/** All settings, frozen. Keys are the variables' names, so that code, docs and errors speak of the same thing. */
export type Config = Readonly<Omit<ConfigValues, SecretKey>> & {
  readonly [K in Exclude<SecretKey, 'PROMETHEUS_HEADERS'>]?: Secret;
} & { readonly PROMETHEUS_HEADERS: Readonly<Record<string, Secret>> };

/** A value of the environment as the schema wants it; what cannot be read so stays text, for the schema to refuse. */
function fromText(key: ConfigKey, text: string): unknown {
  const type = configKeyMeta(key).type;
  if (type === 'integer' || type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'string') return text;
  if (type === 'array' && !text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
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

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function hideSecrets(values: ConfigValues): Config {
  const out: Record<string, unknown> = { ...values };
  for (const key of CONFIG_KEYS) {
    if (configKeyMeta(key).secret !== true || out[key] === undefined) continue;
    const value = out[key] as string | Record<string, string>;
    out[key] =
      typeof value === 'string'
        ? new Secret(value)
        : Object.fromEntries(Object.entries(value).map(([name, text]) => [name, new Secret(text)]));
  }
  return freeze(out) as unknown as Config;
}

/**
 * Reads the YAML file named by CONFIG_FILE and the environment over it.
 * Throws CONFIG_INVALID with every unknown or invalid key, each with what was expected, or CONFIG_FILE_UNREADABLE.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const file = env[CONFIG_FILE_KEY];
  const values: Record<string, unknown> = file === undefined || file === '' ? {} : readFile(file);
  for (const key of CONFIG_KEYS) {
    const text = env[key];
    if (text !== undefined && text !== '') values[key] = fromText(key, text);
  }
  const complete = Value.Default(ConfigSchema, values) as ConfigValues;
  const problems = new Map([...environmentProblems(Object.keys(env)), ...valueProblems(complete)]);
  if (problems.size > 0) {
    const lines = [...problems].map(([key, problem]) => `${key}: ${problem}`).sort();
    throw new BridgeError('CONFIG_INVALID', { detail: `\n  ${lines.join('\n  ')}` });
  }
  return hideSecrets(complete);
}

/** The secret in the environment variable `name`, for programs whose flags name one; undefined when it is unset or empty. */
export function readSecretEnv(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Secret | undefined {
  const value = env[name];
  return value === undefined || value === '' ? undefined : new Secret(value);
}
