import { expect, test } from '@jest/globals';
import { dateTime } from '@grafana/data';
import { config } from '@grafana/runtime';
import { exploreUrl, mayExplore } from '../../ui/navigation.ts';

const to = dateTime(1_700_000_000_000);
const from = dateTime(1_699_996_400_000);

function paneOf(url: string) {
  const { pathname, searchParams } = new URL(url, 'http://grafana');
  expect(pathname).toBe('/explore');
  expect(searchParams.get('schemaVersion')).toBe('1');
  return Object.values(JSON.parse(searchParams.get('panes') ?? '{}') as Record<string, unknown>)[0];
}

test('an address of Explore holds the queries, each with its data source, and the range', () => {
  const queries = [
    { queryType: 'services' as const, filter: { ids: ['a&b', 'ü'] } },
    { queryType: 'metric' as const, metric: 'cpu_usage', bands: true },
  ];
  const url = exploreUrl({ uid: 'live-1', queries, range: { from, to, raw: { from: 'now-1h', to: 'now' } } });
  const datasource = { uid: 'live-1', type: 'topdeck-livediagnostics-datasource' };
  expect(paneOf(url)).toEqual({
    datasource: 'live-1',
    queries: [
      { queryType: 'services', filter: { ids: ['a&b', 'ü'] }, refId: 'Q0', datasource },
      { queryType: 'metric', metric: 'cpu_usage', bands: true, refId: 'Q1', datasource },
    ],
    range: { from: 'now-1h', to: 'now' },
  });
});

test('an absolute range is told in milliseconds', () => {
  const url = exploreUrl({ uid: 'live-1', queries: [], range: { from, to, raw: { from, to } } });
  expect(paneOf(url)).toMatchObject({ range: { from: '1699996400000', to: '1700000000000' } });
});

test.each([
  [true, true, { 'datasources:explore': true }],
  [false, true, {}],
  [false, false, { 'datasources:explore': true }],
])('may explore: %s (enabled %s, permissions %j)', (expected, enabled, permissions) => {
  config.exploreEnabled = enabled;
  config.bootData = { user: { permissions } } as never;
  expect(mayExplore()).toBe(expected);
});
