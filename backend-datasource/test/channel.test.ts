import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { QUERY_TYPES, type DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { channelPath, readChannel } from '../src/channel.ts';
import { canonicalText } from '../src/query.ts';

const UID = 'topdeck-live-diagnostics';
const NOTHING = new Uint8Array();
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const long: DiagnosticsQuery = {
  queryType: 'services',
  filter: { ids: Array.from({ length: 40 }, (_, index) => `service-${index}`) },
};

const queries = fc.record(
  {
    queryType: fc.constantFrom(...QUERY_TYPES),
    format: fc.constantFrom('table' as const, 'numeric' as const),
    limit: fc.integer({ min: 1, max: 100_000 }),
    value: fc.string({ minLength: 1 }),
    filter: fc.record({ ids: fc.array(fc.string({ minLength: 1 })), name: fc.string() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['queryType'] },
);

describe('channels', () => {
  test('a query that says nothing but its type has a path a person can read', () => {
    expect(channelPath({ queryType: 'connection' }, 'main', UID)).toBe('connection/main');
    expect(channelPath({ queryType: 'topology', filter: { ids: [] } }, 'edges', UID)).toBe('topology/edges');
  });

  test('every path is one Grafana takes, and is read back as the query it was made of', () => {
    fc.assert(
      fc.property(queries, (query) => {
        const path = channelPath(query, 'main', UID);
        expect(path).toMatch(/^[A-Za-z0-9_\-/=.]*$/);
        expect(`ds/${UID}/${path}`.length).toBeLessThanOrEqual(160);
        const channel = readChannel(path, bytes(query));
        expect(channel?.part).toBe('main');
        expect(channel?.query.queryType).toBe(query.queryType);
        expect(channel && canonicalText(channel.query)).toBe(canonicalText(query));
      }),
    );
  });

  test('a short query needs nothing sent along, a long one does', () => {
    const short: DiagnosticsQuery = { queryType: 'services', filter: { types: ['database'] } };
    expect(readChannel(channelPath(short, 'main', UID), NOTHING)?.query).toEqual(short);
    expect(readChannel(channelPath(long, 'main', UID), NOTHING)).toBeUndefined();
    expect(readChannel(channelPath(long, 'main', UID), bytes(long))?.query).toEqual(long);
  });

  test('a digest admits no other query than its own', () => {
    const other = { ...long, filter: { ids: ['service-0'] } };
    expect(readChannel(channelPath(long, 'main', UID), bytes(other))).toBeUndefined();
  });

  test.each([
    'nothing/main',
    'services',
    'services/all',
    'services/main/e30/more',
    'services/main/!!!',
    `services/main/${Buffer.from('{"limit":0}').toString('base64url')}`,
    '',
  ])('%j is no channel', (path) => {
    expect(readChannel(path, NOTHING)).toBeUndefined();
  });
});
