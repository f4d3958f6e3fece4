import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { frameToArrow, frameToJson, type Frame } from '@topdeck/grafana-plugin-sdk';
import { SEVERITIES, STATUSES, type Snapshot } from '@topdeck/protocol';
import { QUERY_TYPES, VALUES, type DiagnosticsQuery, type QueryType } from '@topdeck/protocol/grafana';
import { QUERY_TYPE_ENTRIES } from '../../src/frames/query-types.ts';
import { service } from '../snapshots.ts';
import { anomaly, failing, framesOf, inputOf, namesOf, shop, traffic } from './fixtures.ts';

const text = fc.oneof(
  fc.constantFrom('a', 'b', 'id', 'name', 'target_id', 'source_a', '__proto__', 'time'),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const number = fc.double({ min: 0, max: 1e6, noNaN: true });
const metricName = fc.constantFrom('request_rate', 'cpu_usage', 'status', 'id', 'target_id', 'updated');

const services = fc.uniqueArray(
  fc.record({
    id: text,
    resource_name: text,
    resource_type: fc.constantFrom('service', 'database', 'external'),
    status: fc.constantFrom(...STATUSES),
    health_score: fc.double({ min: 0, max: 100, noNaN: true }),
    anomalies: fc.array(text, { maxLength: 2 }),
    metrics: fc.dictionary(metricName, number, { maxKeys: 3 }),
    labels: fc.dictionary(text, text, { maxKeys: 3 }),
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);

/** Lists as a bridge sends them, of resources that may be in the topology or not. */
const snapshots: fc.Arbitrary<Snapshot> = services.chain((chosen) => {
  const ids = [...chosen.map(({ id }) => id), 'gone', 'lost'];
  const pair = fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
  const pairs = fc.uniqueArray(pair, { selector: (one) => JSON.stringify(one), maxLength: 10 });
  return fc
    .record({ dependencies: pairs, patterns: pairs, failures: pairs, alerts: pairs, known: fc.uniqueArray(metricName) })
    .map((lists) => {
      const base = shop();
      return {
        ...base,
        services: chosen.map(({ id, ...fields }) => service(id, fields)),
        dependencies: lists.dependencies,
        traffic_patterns: lists.patterns.map(([a, b], i) =>
          traffic(a, b, { is_abnormal: i % 2 === 0, anomaly_score: i / 10 }),
        ),
        failing_dependencies: lists.failures.map(([a, b]) => failing(a, b)),
        anomalies: lists.alerts.map(([a, b], i) =>
          anomaly(`a${i}`, { resource_id: a, severity: SEVERITIES[i % 4], ...(i % 3 === 0 && { target_id: b }) }),
        ),
        freshness: {
          ...base.freshness,
          metric_outcomes: Object.fromEntries(
            lists.known.map((name) => [
              `service.${name}`,
              { outcome: 'ok' as const, scope: 'service' as const, unit: '1' },
            ]),
          ),
        },
      };
    });
});

const queries = (queryType: QueryType): fc.Arbitrary<DiagnosticsQuery> =>
  fc
    .record({
      queryType: fc.constant(queryType),
      filter: fc.record(
        {
          ids: fc.array(text, { maxLength: 2 }),
          name: fc.constantFrom('a', '', '^.$'),
          statuses: fc.array(fc.constantFrom(...STATUSES), { maxLength: 3 }),
          severities: fc.array(fc.constantFrom(...SEVERITIES), { maxLength: 2 }),
          abnormal_only: fc.boolean(),
          around: fc.record({ id: text, depth: fc.integer({ min: 0, max: 3 }) }),
        },
        { requiredKeys: [] },
      ),
      limit: fc.integer({ min: 1, max: 12 }),
      value: fc.constantFrom(undefined, ...(VALUES[queryType as keyof typeof VALUES] ?? [])),
    })
    .map(({ value, ...query }) => (value === undefined ? query : { ...query, value }));

const isHole = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && !Number.isFinite(value));

function checkFrame(frame: Frame): void {
  const lengths = new Set(frame.fields.map(({ values }) => values.length));
  expect(lengths.size).toBeLessThanOrEqual(1);
  for (const { values } of frame.fields) expect(Array.from(values as ArrayLike<unknown>).filter(isHole)).toEqual([]);
  // By name and type a browser finds the old values of a stream's field; a service may be called like the time.
  expect(new Set(frame.fields.map(({ name, type }) => `${type} ${name}`)).size).toBe(frame.fields.length);
  expect(frameToArrow(frame).byteLength).toBeGreaterThan(0);
  expect(JSON.parse(frameToJson(frame))).toHaveProperty('schema.fields');
}

const allFrames = (query: DiagnosticsQuery, snapshot: Snapshot, format: 'table' | 'numeric'): readonly Frame[] =>
  framesOf(
    query.queryType === 'metric'
      ? {
          ...query,
          metric: snapshot.freshness.metric_outcomes['service.cpu_usage']
            ? 'cpu_usage'
            : (Object.keys(snapshot.freshness.metric_outcomes)[0]?.slice(8) ?? 'any'),
        }
      : query,
    {
      snapshot,
      format,
    },
  );

describe('frames of every query type', () => {
  test.each(QUERY_TYPES)(
    '%s: columns of one length, each of its own name, without holes, in both encodings',
    (queryType) => {
      fc.assert(
        fc.property(snapshots, queries(queryType), fc.constantFrom('table', 'numeric'), (snapshot, query, format) => {
          const frames = allFrames(query, snapshot, format);
          expect(frames).toHaveLength(QUERY_TYPE_ENTRIES[queryType].live?.parts.length ?? 1);
          frames.forEach(checkFrame);
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(Object.keys(VALUES) as (keyof typeof VALUES)[])(
    '%s: as numbers each row has labels of its own',
    (queryType) => {
      fc.assert(
        fc.property(snapshots, queries(queryType), (snapshot, query) => {
          const [frame] = framesOf(query, { snapshot, format: 'numeric' });
          if (frame.fields.length === 0) return;
          const labels = frame.fields.filter(({ type }) => type === 'string');
          expect(frame.fields.length - labels.length).toBe(1);
          const rows = Array.from(frame.fields[0].values as ArrayLike<unknown>, (_, row) =>
            JSON.stringify(labels.map(({ values }) => values[row])),
          );
          expect(rows.length).toBeGreaterThan(0);
          expect(new Set(rows).size).toBe(rows.length);
        }),
        { numRuns: 100 },
      );
    },
  );

  test.each(QUERY_TYPES.filter((type) => QUERY_TYPE_ENTRIES[type].live?.action === 'replace'))(
    '%s: a stream has the same columns whatever the filter lets through',
    (queryType) => {
      fc.assert(
        fc.property(snapshots, queries(queryType), fc.constantFrom('table', 'numeric'), (snapshot, query, format) => {
          const unfiltered = { ...query, filter: {} };
          const columns = (asked: DiagnosticsQuery) =>
            framesOf(asked, { snapshot, format, keepFields: true }).map(namesOf);
          expect(columns(query)).toEqual(columns(unfiltered));
        }),
        { numRuns: 60 },
      );
    },
  );

  test('topology: the node graph finds both ends of every edge, and a place for every node', () => {
    fc.assert(
      fc.property(snapshots, queries('topology'), (snapshot, query) => {
        const [nodes, edges] = framesOf(query, { snapshot });
        const column = (frame: Frame, name: string) =>
          Array.from(frame.fields.find((field) => field.name === name)?.values as ArrayLike<unknown>);
        const ids = new Set(column(nodes, 'id'));
        for (const end of ['source', 'target']) expect(column(edges, end).filter((id) => !ids.has(id))).toEqual([]);
        expect(new Set(column(edges, 'id')).size).toBe(column(edges, 'id').length);
        const places = column(nodes, 'fixedx').map((x, row) => `${String(x)} ${String(column(nodes, 'fixedy')[row])}`);
        expect(new Set(places).size).toBe(ids.size);
      }),
    );
  });

  test('health-history: a row has the fields of the frame it goes on with', () => {
    fc.assert(
      fc.property(snapshots, queries('health-history'), (snapshot, query) => {
        const row = QUERY_TYPE_ENTRIES['health-history'].appended?.(inputOf(query, { snapshot }), undefined) as Frame;
        checkFrame(row);
        const [frame] = framesOf(query, { snapshot, keepFields: true });
        expect(namesOf(row)).toEqual(namesOf(frame));
      }),
    );
  });
});
