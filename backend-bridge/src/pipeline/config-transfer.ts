import { Secret } from '@topdeck/protocol/secret';
import type { Config } from '../config.ts';
import { CONFIG_KEYS, configKeyMeta, type ConfigKey, type ConfigValues } from '../config-schema.ts';

const isSecret = (key: ConfigKey): boolean => configKeyMeta(key).secret === true;
const mapValues = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

/**
 * The plain values behind a Config, secrets included, since a Secret does not survive being copied into another thread.
 * For that and nothing else: never to be logged.
 */
export function revealConfig(config: Config): ConfigValues {
  const values: Record<string, unknown> = { ...config };
  for (const key of CONFIG_KEYS) {
    const value = values[key];
    if (!isSecret(key) || value === undefined) continue;
    values[key] =
      value instanceof Secret
        ? value.reveal()
        : mapValues(value as Record<string, Secret>, (secret) => secret.reveal());
  }
  return values as ConfigValues;
}

/** The Config whose values {@link revealConfig} gave. */
export function concealConfig(values: ConfigValues): Config {
  const config: Record<string, unknown> = { ...values };
  for (const key of CONFIG_KEYS) {
    const value = config[key];
    if (!isSecret(key) || value === undefined) continue;
    config[key] =
      typeof value === 'string' ? new Secret(value) : mapValues(value as Record<string, string>, (v) => new Secret(v));
  }
  return Object.freeze(config) as unknown as Config;
}
