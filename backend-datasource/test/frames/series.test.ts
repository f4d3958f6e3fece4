import { describe, expect, test } from '@jest/globals';
import type { Frame } from '@topdeck/grafana-plugin-sdk';
import type {
  HealthHistoryQuery,
  HealthHistoryResponse,
  MetricRangeQuery,
  MetricRangeResponse,
  Snapshot,
} from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { QUERY_TYPE_ENTRIES } from '../../src/frames/query-types.ts';
import { rasterTimes, worstScores } from '../../src/frames/steps.ts';
import { service } from '../snapshots.ts';
import { AT_MS, fieldOf, frameOf, inputOf, namesOf, noticesOf, numericOf, readOf, shop, valuesOf } from './fixtures.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const appendedOf = (query: DiagnosticsQuery, snapshot: Snapshot): Frame | undefined =>
  QUERY_TYPE_ENTRIES[query.queryType].appended?.(inputOf(query, { snapshot }), undefined);

describe('steps of health on a raster', () => {
  test('have times that stay from one refresh to the next, and the end', () => {
    expect(rasterTimes({ fromMs: 1_500, toMs: 10_200, stepMs: 3_000 })).toEqual([3_000, 6_000, 9_000, 10_200]);
    expect(rasterTimes({ fromMs: 3_000, toMs: 6_000, stepMs: 3_000 })).toEqual([3_000, 6_000]);
  });

  test('show the worst since the time before, and null where nothing was known', () => {
    const points: HealthHistoryResponse['services'][number]['points'] = [
      [0, 'healthy', 90],
      [11, 'failed', 10],
      [12, 'healthy', 95],
      [30, 'unknown', null],
      [55, 'healthy', 80],
    ];
    expect(worstScores(points, [10, 20, 30, 40, 50, 60])).toEqual([90, 10, 95, null, null, 80]);
    expect(worstScores(points, [20])).toEqual([95]);
    expect(worstScores([], [1, 2])).toEqual([null, null]);
  });
});

describe('health-history', () => {
  const query = { queryType: 'health-history' } as const;
  const history: HealthHistoryResponse = {
    since: iso(AT_MS - 3_000),
    until: iso(AT_MS),
    truncated: false,
    services: [
      {
        resource_id: 'cart',
        points: [
          [AT_MS - 3_000, 'healthy', 90],
          [AT_MS - 1_500, 'degraded', 60],
        ],
      },
    ],
  };

  test('is a line for each service, named by its id so that a browser finds its old values', () => {
    const frame = frameOf(query, { extras: { healthHistories: [history], stepMs: 1_000 } });
    expect(frame.meta).toMatchObject({ type: 'timeseries-wide', typeVersion: [0, 1] });
    expect(namesOf(frame)).toEqual(['time', 'cart', 'db', 'mail', 'web']);
    expect(valuesOf(frame, 'time')).toEqual([3, 2, 1, 0].map((s) => AT_MS - s * 1_000));
    expect(valuesOf(frame, 'cart')).toEqual([90, 90, 60, 60]);
    expect(valuesOf(frame, 'db')).toEqual([null, null, null, null]);
    expect(fieldOf(frame, 'cart')).toMatchObject({
      labels: { id: 'cart', name: 'Cart', type: 'service', namespace: 'shop', team: 'orders' },
      config: { displayNameFromDS: 'Cart', max: 100 },
    });
  });

  test('is read up to the newest state, at the step that the panel wants', async () => {
    const asked: HealthHistoryQuery[] = [];
    const healthHistory = async (wanted: HealthHistoryQuery) => (asked.push(wanted), history);
    const extras = await readOf({ ...query, filter: { types: ['service'] } }, { healthHistory }, { maxDataPoints: 40 });
    expect(asked).toEqual([{ since: iso(AT_MS - 600_000), until: iso(AT_MS), resource_id: ['cart', 'web'] }]);
    expect(extras.stepMs).toBe(15_000);
  });

  test('of a range that is yet to come is not read', async () => {
    await expect(readOf(query, {}, { range: { fromMs: AT_MS, toMs: AT_MS + 1 } })).resolves.toEqual({});
  });

  test('asks for many services in requests that a server takes', async () => {
    const services = Array.from({ length: 300 }, (_, i) => service(`${'x'.repeat(40)}-${i}`));
    const asked: HealthHistoryQuery[] = [];
    const healthHistory = async (wanted: HealthHistoryQuery) => (asked.push(wanted), history);
    const snapshot = shop({ services });
    const extras = await readOf({ ...query, limit: 300 }, { healthHistory }, { snapshot });
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.flatMap(({ resource_id }) => resource_id)).toEqual(services.map(({ resource_id }) => resource_id));
    for (const { resource_id } of asked) {
      const ids = (resource_id as string[]).map((id) => `resource_id=${encodeURIComponent(id)}`);
      expect(ids.join('&').length).toBeLessThan(8_000);
    }
    expect(extras.healthHistories).toHaveLength(asked.length);
  });

  test('is cut to a number of lines that can be told apart, and says so', () => {
    const snapshot = shop({ services: Array.from({ length: 101 }, (_, i) => service(`s${i}`)) });
    const frame = frameOf(query, { snapshot });
    expect(frame.fields).toHaveLength(101);
    expect(noticesOf(frame)).toEqual(['Showing 100 of 101 services. Narrow the filter or raise the limit.']);
  });

  test('says when the bridge cut its answer', () => {
    const frame = frameOf(query, { extras: { healthHistories: [{ ...history, truncated: true }] } });
    expect(noticesOf(frame)).toEqual([expect.stringContaining('too many changes')]);
  });

  test('tells services of one name apart by their ids', () => {
    const snapshot = shop({
      services: [service('a', { resource_name: 'api' }), service('b', { resource_name: 'api' })],
    });
    const titles = frameOf(query, { snapshot })
      .fields.slice(1)
      .map(({ config }) => config?.displayNameFromDS);
    expect(titles).toEqual(['api (a)', 'api (b)']);
  });

  test('goes on with a row of the same fields, null where nothing is known', () => {
    const row = appendedOf(query, shop());
    expect(row && namesOf(row)).toEqual(namesOf(frameOf(query)));
    expect(row?.fields.map(({ values }) => Array.from(values as ArrayLike<unknown>))).toEqual([
      [AT_MS],
      [60],
      [0],
      [null],
      [100],
    ]);
    const filtered = { ...query, filter: { statuses: ['failed' as const] } };
    expect(namesOf(appendedOf(filtered, shop()) as Frame)).toEqual(namesOf(frameOf(filtered)));
  });

  test('adds nothing for an event', () => {
    const event = { type: 'health_change', timestamp: iso(AT_MS), data: {} } as never;
    expect(QUERY_TYPE_ENTRIES['health-history'].appended?.(inputOf(query), event)).toBeUndefined();
  });

  test('without services is no data for a rule', () => {
    expect(numericOf({ ...query, filter: { ids: ['gone'] } }).fields).toEqual([]);
  });
});

describe('metric', () => {
  const query = { queryType: 'metric', metric: 'cpu_usage' } as const;
  const range: MetricRangeResponse = {
    metric: 'cpu_usage',
    scope: 'service',
    unit: 'cores',
    step_s: 15,
    times: [AT_MS - 15_000, AT_MS],
    series: [{ resource_id: 'db', values: [1, null] }],
  };

  test('is a line for each service of the types that have it', () => {
    const frame = frameOf(query, { extras: { metricRanges: [range] } });
    expect(namesOf(frame)).toEqual(['time', 'cart', 'db', 'web']);
    expect(valuesOf(frame, 'db')).toEqual([1, null]);
    expect(valuesOf(frame, 'web')).toEqual([null, null]);
    expect(fieldOf(frame, 'db').config).toMatchObject({ unit: 'cores' });
    expect(fieldOf(frame, 'time').config).toEqual({ interval: 15_000 });
  });

  test('is read for these services, at a step in whole seconds', async () => {
    const asked: [string, MetricRangeQuery][] = [];
    const metricRange = async (metric: string, wanted: MetricRangeQuery) => (asked.push([metric, wanted]), range);
    await expect(readOf(query, { metricRange }, { maxDataPoints: 7 })).resolves.toEqual({ metricRanges: [range] });
    const span = { since: iso(AT_MS - 600_000), until: iso(AT_MS) };
    expect(asked).toEqual([
      ['cpu_usage', { ...span, scope: 'service', step_s: 86, resource_id: ['cart', 'db', 'web'] }],
    ]);
  });

  test('goes on with a row of the same fields', () => {
    const row = appendedOf(query, shop());
    expect(row && namesOf(row)).toEqual(namesOf(frameOf(query)));
    expect(row?.fields.map(({ values }) => values[0])).toEqual([AT_MS, 0.5, 2, null]);
  });

  test('keeps the lines of a type when one service loses its value, and shows a gap when all do', () => {
    const without = (...ids: string[]): Snapshot =>
      shop({ services: shop().services.map((one) => (ids.includes(one.resource_id) ? { ...one, metrics: {} } : one)) });
    expect(appendedOf(query, without('cart'))?.fields.map(({ name }) => name)).toEqual(['time', 'db']);
    const types = shop({ services: [...without('cart').services, service('x', { metrics: { cpu_usage: 1 } })] });
    expect(appendedOf(query, types)?.fields.map(({ name }) => name)).toEqual(['time', 'cart', 'db', 'web', 'x']);
    const gap = appendedOf(query, without('cart', 'db', 'web'));
    expect(gap?.fields.map(({ name, values }) => [name, values[0]])).toEqual([
      ['time', AT_MS],
      ...['cart', 'db', 'mail', 'web'].map((id) => [id, null]),
    ]);
    expect(gap && namesOf(gap)).toEqual(namesOf(frameOf(query, { snapshot: without('cart', 'db', 'web') })));
  });

  test('of edges is a line each, asked for by their callers', async () => {
    const edges: DiagnosticsQuery = {
      queryType: 'metric',
      metric: 'request_rate',
      scope: 'edge',
      filter: { ids: ['web'] },
    };
    const asked: MetricRangeQuery[] = [];
    const answer: MetricRangeResponse = {
      ...range,
      scope: 'edge',
      unit: '1/s',
      series: [
        { resource_id: 'cart', target_id: 'db', values: [7, 7] },
        { resource_id: 'web', target_id: 'cart', values: [5, 6] },
      ],
    };
    const extras = await readOf(edges, { metricRange: async (_, wanted) => (asked.push(wanted), answer) });
    expect(asked[0]).toMatchObject({ scope: 'edge', resource_id: ['web'] });
    const frame = frameOf(edges, { extras });
    expect(namesOf(frame)).toEqual(['time', 'web → cart']);
    expect(valuesOf(frame, 'web → cart')).toEqual([5, 6]);
    expect(fieldOf(frame, 'web → cart')).toMatchObject({
      labels: { source_id: 'web', target_name: 'Cart' },
      config: { unit: 'reqps', displayNameFromDS: 'web → Cart' },
    });
    expect(appendedOf(edges, shop())?.fields[1].values[0]).toBe(10);
    expect(appendedOf({ ...edges, metric: 'retries' }, shop())).toBeUndefined();
  });

  test.each([
    [
      { queryType: 'metric' },
      /names no metric of scope service. There are: request_rate, error_rate, cpu_usage, queue_depth/,
    ],
    [{ queryType: 'metric', metric: 'heap' }, /no metric "heap"/],
    [{ queryType: 'metric', metric: 'cpu_usage', scope: 'edge' }, /scope edge. There are: request_rate, retries/],
  ] as const)('refuses %j and names those there are', async (wrong, text) => {
    await expect(readOf(wrong, {})).rejects.toThrow(text);
    expect(() => frameOf(wrong)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('metric with its expected bands', () => {
  const query = { queryType: 'metric', metric: 'cpu_usage', bands: true } as const;
  const range: MetricRangeResponse = {
    metric: 'cpu_usage',
    scope: 'service',
    unit: 'cores',
    step_s: 15,
    times: [AT_MS - 15_000, AT_MS],
    series: [{ resource_id: 'cart', values: [1, 4], expected: [null, 1.1], lower: [null, 0.8], upper: [null, 1.5] }],
  };

  test('has three lines beside each, which Grafana draws as an area around a dashed line', () => {
    const frame = frameOf(query, { extras: { metricRanges: [range] } });
    const lines = ['cart', 'cart (expected)', 'cart (lower)', 'cart (upper)'];
    expect(namesOf(frame).slice(0, 5)).toEqual(['time', ...lines]);
    expect(frame.fields).toHaveLength(1 + 4 * 3);
    expect(lines.map((name) => valuesOf(frame, name))).toEqual([
      [1, 4],
      [null, 1.1],
      [null, 0.8],
      [null, 1.5],
    ]);
    const [line, expected, lower, upper] = lines.map((name) => fieldOf(frame, name));
    expect(line.labels).not.toHaveProperty('band');
    expect(expected).toMatchObject({
      labels: { id: 'cart', name: 'Cart', team: 'orders', band: 'expected' },
      config: { displayNameFromDS: 'Cart expected', unit: 'cores', custom: { lineStyle: { fill: 'dash' } } },
    });
    expect(lower.config?.custom).toMatchObject({ lineWidth: 0, fillOpacity: 0 });
    expect(upper.config?.custom).toMatchObject({ lineWidth: 0, fillBelowTo: lower.config?.displayNameFromDS });
    expect(noticesOf(frame)).toEqual([]);
  });

  test('asks the bridge for them, of 50 lines at most', async () => {
    const services = Array.from({ length: 60 }, (_, i) => service(`s${i}`, { metrics: { cpu_usage: 1 } }));
    const snapshot = shop({ services });
    const asked: MetricRangeQuery[] = [];
    const metricRange = async (_: string, wanted: MetricRangeQuery) => (asked.push(wanted), range);
    await readOf({ ...query, limit: 200 }, { metricRange }, { snapshot });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ bands: true });
    expect(asked[0].resource_id).toHaveLength(50);
    expect(noticesOf(frameOf({ ...query, limit: 200 }, { snapshot }))[0]).toMatch(/^Showing 50 of 60 services/);
  });

  test('of edges asks by the ends with fewer of them, for no more than 50 in an answer', async () => {
    const callers = Array.from({ length: 40 }, (_, i) => `c${String(i).padStart(2, '0')}`);
    const dependencies: [string, string][] = callers.flatMap((id): [string, string][] => [
      [id, 'db'],
      [id, 'log'],
      [id, 'mail'],
    ]);
    const snapshot = shop({ services: [...callers, 'db', 'log', 'mail'].map((id) => service(id)), dependencies });
    const asked: MetricRangeQuery[] = [];
    const metricRange = async (_: string, wanted: MetricRangeQuery) => (asked.push(wanted), { ...range, series: [] });
    const edges = { queryType: 'metric', metric: 'request_rate', scope: 'edge', bands: true } as const;
    await readOf({ ...edges, filter: { ids: ['db'] } }, { metricRange }, { snapshot });
    expect(asked.map(({ resource_id }) => resource_id?.length)).toEqual([16, 16, 8]);
    expect(asked.flatMap(({ resource_id }) => resource_id)).toEqual(callers);
    expect(asked.every(({ bands }) => bands === true)).toBe(true);
  });

  test('between hubs of too many edges has lines without bands, and says so', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `n${i}`);
    const dependencies: [string, string][] = many.flatMap((id): [string, string][] => [
      ['hub', id],
      [id, 'sink'],
    ]);
    const ids = ['hub', ...many, 'sink'];
    const snapshot = shop({ services: ids.map((id) => service(id)), dependencies: [['hub', 'sink'], ...dependencies] });
    const asked: MetricRangeQuery[] = [];
    const series = [{ resource_id: 'hub', target_id: 'sink', values: [1, 2] }];
    const metricRange = async (_: string, wanted: MetricRangeQuery) => (asked.push(wanted), { ...range, series });
    const edges = { queryType: 'metric', metric: 'request_rate', scope: 'edge', bands: true, limit: 1 } as const;
    const filter = { around: { id: 'hub', depth: 1 }, ids: ['sink'] };
    const extras = await readOf({ ...edges, filter }, { metricRange }, { snapshot });
    expect(asked.map(({ bands }) => bands)).toEqual([undefined]);
    const frame = frameOf({ ...edges, filter }, { extras, snapshot });
    expect(valuesOf(frame, 'hub → sink')).toEqual([1, 2]);
    expect(valuesOf(frame, 'hub → sink (upper)')).toEqual([null, null]);
    expect(noticesOf(frame).join()).toMatch(/no expected band/);
  });

  test('joins answers of different steps on the times of the coarsest', () => {
    const coarse = {
      ...range,
      step_s: 30,
      times: [AT_MS - 30_000, AT_MS],
      series: [{ resource_id: 'db', values: [7, 8] }],
    };
    const fine = {
      ...range,
      times: [AT_MS - 45_000, AT_MS - 30_000, AT_MS - 15_000, AT_MS],
      series: [{ resource_id: 'cart', values: [1, 2, 3, 4] }],
    };
    const frame = frameOf({ queryType: 'metric', metric: 'cpu_usage' }, { extras: { metricRanges: [fine, coarse] } });
    expect(valuesOf(frame, 'time')).toEqual([AT_MS - 30_000, AT_MS]);
    expect([valuesOf(frame, 'cart'), valuesOf(frame, 'db')]).toEqual([
      [2, 4],
      [7, 8],
    ]);
  });
});
