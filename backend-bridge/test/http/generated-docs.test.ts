import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_MESSAGES, SERVER_MESSAGES } from '@topdeck/protocol';
import { ARTEFACTS } from '../../../docs/generate/artefacts.ts';
import { checkBind } from '../../src/access/bind.ts';
import { EXAMPLE } from '../../../docs/generate/config-reference.ts';
import { loadConfig } from '../../src/config.ts';
import { CONFIG_KEYS, configKeyMeta } from '../../src/config-schema.ts';
import { ERRORS } from '../../src/errors.ts';

const ROOT = join(import.meta.dirname, '../../..');
const doc = (file: string): string => readFileSync(join(ROOT, 'docs', file), 'utf8');

describe('generated documents', () => {
  test.each(ARTEFACTS.map(({ file, render }) => [file, render] as const))(
    'docs/%s fits its source, and comes out the same each time',
    async (file, render) => {
      const text = await render();
      expect(text).toBe(doc(file));
      expect(await render()).toBe(text);
    },
  );

  test('docs/config.md has every key with its default and range, and marks secrets', () => {
    const rows = doc('config.md').split('\n');
    for (const key of CONFIG_KEYS) {
      const meta = configKeyMeta(key);
      const row = rows.find((line) => line.startsWith(`| \`${key}\` `)) ?? '';
      expect(row).toContain(meta.description);
      if (meta.minimum !== undefined) expect(row).toContain(`${meta.minimum} – ${meta.maximum}`);
      if (typeof meta.default === 'number') expect(row).toContain(`\`${meta.default}\``);
      expect(row.includes(', secret')).toBe(meta.secret === true);
    }
  });

  test('the example of docs/config.md is a valid configuration that may start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'topdeck-docs-'));
    const CONFIG_FILE = join(folder, 'example.yaml');
    writeFileSync(CONFIG_FILE, EXAMPLE);
    expect(doc('config.md')).toContain(EXAMPLE);
    const config = loadConfig({ CONFIG_FILE });
    expect(config).toMatchObject({ PORT: 8000, THRESHOLDS: { error_rate: 0.02 } });
    expect(() => checkBind(config)).not.toThrow();
    rmSync(folder, { recursive: true });
  });

  test('docs/errors.md has every code with what to do', () => {
    const text = doc('errors.md');
    for (const [code, { message, action }] of Object.entries(ERRORS)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${code}\` `)) ?? '';
      expect(row).toContain(message);
      expect(row).toContain(action);
    }
    expect(text).toMatch(/\| `UNAUTHENTICATED` +\| HTTP 401 /);
    expect(text).toMatch(/\| `SLOW_CLIENT` +\| close 4001 /);
  });

  test('docs/protocol.md has every message', () => {
    const text = doc('protocol.md');
    for (const type of [...Object.keys(SERVER_MESSAGES), ...Object.keys(CLIENT_MESSAGES)]) {
      expect(text).toContain(`| \`${type}\` `);
    }
    expect(text).toMatch(/\| `resume` +\| `epoch`, `seq`, `state_seq\?` +\|/);
  });
});
