import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { Secret } from '@topdeck/protocol/secret';
import { loadConfig } from '../../src/config.ts';
import { CONFIG_KEYS, configKeyMeta, type ConfigKey } from '../../src/config-schema.ts';
import type { BridgeError } from '../../src/errors.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const file = (content: string): string => {
  const path = join(folder, `${Math.random()}.yaml`);
  writeFileSync(path, content);
  return path;
};

/** `key: problem` of each line that a start with `env` ends with; none where it starts. */
function problems(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    return (error as BridgeError).message.split('\n  ').slice(1);
  }
}

const TOKEN = 'correct-horse-battery-staple';

describe('values', () => {
  test('an empty environment gives the defaults, which are valid', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8000, COLLECT_INTERVAL_S: 5, ALLOWED_ORIGINS: [] });
    for (const key of CONFIG_KEYS) {
      const { default: byDefault, secret } = configKeyMeta(key);
      if (secret !== true) expect(config[key]).toEqual(byDefault);
    }
  });

  test('the environment stands over the file, key by key', () => {
    const CONFIG_FILE = file('PORT: 9000\nLOG_LEVEL: debug\nALLOWED_ORIGINS: [https://a.example]\n');
    expect(loadConfig({ CONFIG_FILE })).toMatchObject({ PORT: 9000, LOG_LEVEL: 'debug' });
    expect(loadConfig({ CONFIG_FILE, PORT: '9001', LOG_LEVEL: '' })).toMatchObject({
      PORT: 9001,
      LOG_LEVEL: 'debug',
      ALLOWED_ORIGINS: ['https://a.example'],
    });
  });

  test('lists are comma-separated or JSON, structures JSON, flags true or false', () => {
    const config = loadConfig({
      ALLOWED_ORIGINS: ' https://a.example, https://b.example:8443 ,',
      TRUSTED_PROXIES: '["10.0.0.0/8","::1"]',
      THRESHOLDS: '{"healthy_score": 80}',
      PROMETHEUS_HEADERS: '{"X-Scope-OrgID": "tenant-1"}',
      ALLOW_UNAUTHENTICATED: 'true',
      COLLECT_INTERVAL_S: '2.5',
    });
    expect(config).toMatchObject({
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example:8443'],
      TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
      THRESHOLDS: { healthy_score: 80 },
      ALLOW_UNAUTHENTICATED: true,
      COLLECT_INTERVAL_S: 2.5,
    });
    expect(config.PROMETHEUS_HEADERS['X-Scope-OrgID'].reveal()).toBe('tenant-1');
  });

  test('is frozen to the bottom', () => {
    const config = loadConfig({
      CONFIG_FILE: file('THRESHOLD_OVERRIDES: [{match: ^db, thresholds: {error_rate: 0.1}}]'),
    });
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
    expect(() => config.ALLOWED_ORIGINS.push('https://evil.example')).toThrow(TypeError);
    expect(() => Object.assign(config.THRESHOLD_OVERRIDES[0].thresholds, { error_rate: 1 })).toThrow(TypeError);
  });
});

describe('CONFIG_INVALID', () => {
  test('lists every key that is wrong, however many, each with what was expected', () => {
    const CONFIG_FILE = file(
      [
        'HOST: ""',
        'PORT: 70000',
        'LOG_LEVEL: loud',
        'PROMETHEUS_URL: ftp://prom',
        'THRESHOLDS: {healthy_score: 200}',
        'ALLOWED_ORIGINS: [1]',
        'MESSAGE_RATE: fast',
        'ALLOW_UNAUTHENTICATED: perhaps',
        'METRICS_PRESET: 7',
        'THRESHOLD_OVERRIDES: [{match: x, thresholds: {}, extra: 1}]',
        'DETECTORS: robust',
        'PROMETHEUS_HEADERS: {a: 1}',
        'PROMETHEUS_URI: http://prom:9090',
        'Colour: red',
      ].join('\n'),
    );
    expect(problems({ CONFIG_FILE, IDLE_TIMEOUT_S: '0', NEO4J_USER: 'neo4j', TOPOLOGY_MAX_NODES: '12.5' })).toEqual([
      'ALLOWED_ORIGINS: 0: must be string',
      'ALLOW_UNAUTHENTICATED: expected true or false',
      'Colour: unknown key',
      'DETECTORS: expected a list of texts',
      'HOST: expected text that is not empty',
      'IDLE_TIMEOUT_S: expected number from 1 to 86400',
      'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent',
      'MESSAGE_RATE: expected number from 0.1 to 100000',
      'METRICS_PRESET: expected text that is not empty',
      'NEO4J_USER: unknown key',
      'PORT: expected integer from 0 to 65535',
      'PROMETHEUS_HEADERS: a: must be string',
      'PROMETHEUS_URI: unknown key; did you mean PROMETHEUS_URL?',
      'PROMETHEUS_URL: expected text that matches ^https?://.+',
      'THRESHOLDS: healthy_score: must be <= 100',
      'THRESHOLD_OVERRIDES: 0: unknown extra',
      'TOPOLOGY_MAX_NODES: expected integer from 1 to 1000000',
    ]);
  });

  test.each<[ConfigKey, string, string]>([
    ['THRESHOLDS', '{broken', 'expected a mapping'],
    ['THRESHOLDS', '{"healthy": 1}', 'unknown healthy'],
    ['THRESHOLD_OVERRIDES', '[{"match": "x", "thresholds": {"errors": 1}}]', '0.thresholds: unknown errors'],
    ['THRESHOLD_OVERRIDES', '[{"match": "(", "thresholds": {}}]', '0.match: expected a regular expression'],
    ['PORT', '', ''],
    ['PORT', ' ', 'expected integer from 0 to 65535'],
    ['PORT', '8000.5', 'expected integer from 0 to 65535'],
    ['COLLECT_INTERVAL_S', 'Infinity', 'expected number from 1 to 300'],
    ['ALLOWED_ORIGINS', '*', '0: expected an origin like https://grafana.example.org'],
    ['ALLOWED_ORIGINS', 'https://a.example/path', '0: expected an origin like https://grafana.example.org'],
    ['ALLOWED_ORIGINS', 'https://a.example,null', '1: expected an origin like https://grafana.example.org'],
    ['TRUSTED_PROXIES', '10.0.0.1,10.0.0.0/33', '1: expected an address or a CIDR range like 10.0.0.0/8'],
    ['TRUSTED_PROXIES', 'proxy.internal', '0: expected an address or a CIDR range like 10.0.0.0/8'],
    ['NEO4J_URI', 'http://localhost:7474', 'expected text that matches ^(neo4j|bolt)(\\+s|\\+ssc)?://.+'],
    ['NEO4J_URI', 'neo4j://u:p@db', 'expected no credentials in the URL; set NEO4J_USERNAME and NEO4J_PASSWORD'],
    ['PROMETHEUS_URL', 'http://:80', 'expected a URL'],
    [
      'PROMETHEUS_URL',
      'https://u:p@prom',
      'expected no credentials in the URL; set PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD',
    ],
    ['PROMETHEUS_HEADERS', '{"X Y": "1"}', '"X Y": expected an HTTP header'],
    ['PROMETHEUS_HEADERS', '{"X": "1\\r\\nHost: evil"}', '"X": expected an HTTP header'],
    ['PROMETHEUS_USERNAME', 'ada', 'needs PROMETHEUS_PASSWORD'],
    ['PROMETHEUS_PASSWORD', 'hunter2', 'needs PROMETHEUS_USERNAME'],
    ['AUTH_TOKENS', 'short', '0: expected at least 16 printable ASCII characters without a space'],
    ['AUTH_TOKENS', `${TOKEN},:write`, '1: expected at least 16 printable ASCII characters without a space'],
    ['AUTH_TOKENS', 'with a space in the middle', '0: expected at least 16 printable ASCII characters without a space'],
    ['JWT_SECRET', 'too short', 'expected at least 32 bytes'],
    ['JWT_ISSUER', 'https://id.example', 'needs JWT_SECRET, JWT_PUBLIC_KEY_FILE or JWT_JWKS_URL'],
    ['JWT_AUDIENCE', 'topdeck', 'needs JWT_SECRET, JWT_PUBLIC_KEY_FILE or JWT_JWKS_URL'],
  ])('%s=%s: %s', (key, value, expected) => {
    expect(problems({ [key]: value })).toEqual(expected === '' ? [] : [`${key}: ${expected}`]);
  });

  test('keys that exclude each other', () => {
    expect(problems({ NEO4J_URI: 'neo4j://db', TOPOLOGY_FILE: 't.yaml' })).toEqual([
      'TOPOLOGY_FILE: excludes NEO4J_URI',
    ]);
    const both = { PROMETHEUS_TOKEN: 't', PROMETHEUS_USERNAME: 'u', PROMETHEUS_PASSWORD: 'p' };
    expect(problems(both)).toEqual(['PROMETHEUS_TOKEN: excludes PROMETHEUS_USERNAME']);
    expect(problems({ JWT_SECRET: 'x'.repeat(32), JWT_JWKS_URL: 'https://id.example/jwks' })).toEqual([
      'JWT_SECRET: expected only one of JWT_SECRET, JWT_PUBLIC_KEY_FILE, JWT_JWKS_URL',
    ]);
  });
});

describe('names in the environment', () => {
  test.each([
    ['AUTH_TOKEN', 'unknown key; did you mean AUTH_TOKENS?'],
    ['ALLOWED_ORIGIN', 'unknown key; did you mean ALLOWED_ORIGINS?'],
    ['HTTP_RATE_PER_ADRESS', 'unknown key; did you mean HTTP_RATE_PER_ADDRESS?'],
    ['NEO4J_PASS', 'unknown key'],
    ['PROMETHEUS_USER_NAME', 'unknown key; did you mean PROMETHEUS_USERNAME?'],
    ['JWT_KEY', 'unknown key'],
  ])('%s is a mistake that is not passed over', (name, problem) => {
    expect(problems({ [name]: TOKEN })).toEqual([`${name}: ${problem}`]);
  });

  test.each([
    'PATH',
    'HOSTNAME',
    'NEO4J_AUTH',
    'NEO4J_dbms_memory_heap_max__size',
    'NEO4J_SERVICE_HOST',
    'NEO4J_SERVICE_PORT_TCP_BOLT',
    'PROMETHEUS_PORT',
    'PROMETHEUS_PORT_9090_TCP_ADDR',
    'npm_config_loglevel',
  ])('%s belongs to somebody else', (name) => {
    expect(problems({ [name]: 'x' })).toEqual([]);
  });
});

describe('CONFIG_FILE_UNREADABLE', () => {
  test.each([
    ['a missing file', () => join(folder, 'absent.yaml'), 'ENOENT'],
    ['what is no YAML', () => file('a: [1, 2'), 'yaml'],
    ['a list', () => file('- PORT'), 'is not a mapping of keys'],
  ])('%s', (_name, path, message) => {
    expect(() => loadConfig({ CONFIG_FILE: path() })).toThrow(
      expect.objectContaining({ code: 'CONFIG_FILE_UNREADABLE', message: expect.stringContaining(message) }),
    );
  });

  test('an empty file is no file', () => {
    expect(loadConfig({ CONFIG_FILE: file('# nothing yet\n') }).PORT).toBe(8000);
  });
});

describe('SEC-5 secrets', () => {
  const env = {
    NEO4J_PASSWORD: 'secret-1-neo4j',
    PROMETHEUS_USERNAME: 'ada',
    PROMETHEUS_PASSWORD: 'secret-2-prometheus',
    PROMETHEUS_HEADERS: '{"X-Key": "secret-3-header"}',
    AUTH_TOKENS: 'secret-4-token-abcdef',
    JWT_SECRET: 'secret-5-jwt-0123456789-0123456789',
  };

  test('no way of printing the configuration shows one', () => {
    const config = loadConfig(env);
    const shown = [
      inspect(config, { depth: 10, showHidden: true }),
      JSON.stringify(config),
      format('%o %O %j %s', config, config, config, config),
      String(config.AUTH_TOKENS),
      `${config.NEO4J_PASSWORD?.toString()}`,
      Object.entries(config.JWT_SECRET ?? {}).join(),
      inspect(structuredClone({ ...config.PROMETHEUS_HEADERS })),
    ].join('\n');
    expect(shown).not.toMatch(/secret-\d/);
    expect(shown).toContain('[secret]');
    expect(config.AUTH_TOKENS?.reveal()).toBe(env.AUTH_TOKENS);
    expect(config.PROMETHEUS_PASSWORD?.reveal()).toBe(env.PROMETHEUS_PASSWORD);
  });

  test('every key marked secret is one', () => {
    const secrets = CONFIG_KEYS.filter((key) => configKeyMeta(key).secret === true);
    expect(secrets.sort()).toEqual([
      'AUTH_TOKENS',
      'JWT_SECRET',
      'NEO4J_PASSWORD',
      'PROMETHEUS_HEADERS',
      'PROMETHEUS_PASSWORD',
      'PROMETHEUS_TOKEN',
    ]);
    const config = loadConfig({ ...env, PROMETHEUS_USERNAME: '', PROMETHEUS_PASSWORD: '', PROMETHEUS_TOKEN: 't' });
    for (const key of secrets.filter((name) => name !== 'PROMETHEUS_HEADERS' && name !== 'PROMETHEUS_PASSWORD')) {
      expect(config[key]).toBeInstanceOf(Secret);
    }
  });

  test('a complaint never quotes the value', () => {
    const found = problems({
      NEO4J_URI: 'neo4j://ada:secret-1@db',
      AUTH_TOKENS: 'secret-2',
      JWT_SECRET: 'secret-3',
      PROMETHEUS_HEADERS: '{"X": "secret-4", "Y": 5}',
      PROMETHEUS_URL: 'secret-5',
      PORT: 'secret-6',
      AUTH_TOKEN: 'secret-7',
    });
    expect(found).toHaveLength(7);
    expect(found.join('\n')).not.toMatch(/secret-\d/);
  });
});
