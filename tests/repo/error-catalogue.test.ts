import { describe, expect, test } from '@jest/globals';
import { ERRORS } from '../../backend-bridge/src/errors.ts';
import { FAULT_CODES } from '../../backend-datasource/src/bridge/faults.ts';
import { FILES, isCode, namesIn, read } from './repository.ts';

const CATALOGUE = 'backend-bridge/src/errors.ts';
const codes = Object.keys(ERRORS);

describe('the catalogue of errors', () => {
  const sources = FILES.filter((path) => path.startsWith('backend-bridge/src/') && isCode(path) && path !== CATALOGUE);
  const named = new Set(sources.flatMap((path) => [...namesIn(path)]));

  test.each(codes)('%s is used', (code) => {
    expect(named).toContain(code);
  });

  test('is what docs/errors.md lists, code by code', () => {
    const listed = [...read('docs/errors.md').matchAll(/^\| `([A-Z0-9_]+)` /gm)].map((match) => match[1]);
    expect([...listed].sort()).toEqual([...codes, ...Object.keys(FAULT_CODES)].sort());
  });

  test.each(Object.entries(ERRORS))('%s says what happened and what to do, each as a sentence', (code, entry) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    for (const text of [entry.message, entry.action]) expect(text).toMatch(/^\p{L}.*[^.\s]$/u);
  });
});
