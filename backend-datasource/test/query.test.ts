import { describe, expect, test } from '@jest/globals';
import { QueryError } from '@topdeck/grafana-plugin-sdk';
import { canonicalText, readQuery } from '../src/query.ts';

describe('reading a query', () => {
  test('takes what the editor saved and leaves Grafana’s own keys alone', () => {
    const query = readQuery({ refId: 'A', datasource: { uid: 'x' }, queryType: 'traffic', limit: 5, intervalMs: 1000 });
    expect(query).toMatchObject({ queryType: 'traffic', limit: 5 });
  });

  test('a query without a type is about services, as the editor starts', () => {
    expect(readQuery({ refId: 'A' }).queryType).toBe('services');
    expect(readQuery({ queryType: '' }).queryType).toBe('services');
    expect(readQuery(null).queryType).toBe('services');
  });

  test.each([
    [{ queryType: 'everything' }, /queryType/],
    [{ queryType: 'services', limit: 0 }, /limit/],
    [{ queryType: 'services', filter: { around: { id: 'a', depth: 9 } } }, /depth/],
  ])('%j is refused as the asker’s fault, naming what is wrong', (json, named) => {
    const refused = (): unknown => readQuery(json);
    expect(refused).toThrow(named);
    expect(refused).toThrow(QueryError);
    try {
      refused();
    } catch (error) {
      expect(error).toMatchObject({ status: 400, source: 'downstream' });
    }
  });
});

describe('the text that tells streams apart', () => {
  test('does not depend on the order of keys nor on what is empty', () => {
    const one = canonicalText({ queryType: 'services', filter: { name: 'a', ids: ['b'] }, format: 'table' });
    const other = canonicalText({
      queryType: 'services',
      format: 'table',
      filter: { ids: ['b'], name: 'a', types: [], labels: [] },
    });
    expect(other).toBe(one);
  });

  test('tells a query with bands from one without', () => {
    expect(canonicalText({ queryType: 'metric', bands: false })).toBe('{}');
    expect(canonicalText({ queryType: 'metric', bands: true })).toBe('{"bands":true}');
  });

  test('leaves out what concerns only the browser', () => {
    expect(canonicalText({ queryType: 'services', live: true, streaming: false, filter: {} })).toBe('{}');
  });

  test('keeps the order of lists and every value that matters', () => {
    expect(canonicalText({ queryType: 'services', filter: { ids: ['b', 'a'], min_score: 0 } })).toBe(
      '{"filter":{"ids":["b","a"],"min_score":0}}',
    );
  });
});
