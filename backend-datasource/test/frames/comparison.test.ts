import { describe, expect, test } from '@jest/globals';
import {
  COMPARISON_REFERENCES,
  COMPARISON_VERDICTS,
  type ComparisonQuery,
  type ComparisonResponse,
  type MetricComparison,
} from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import type { Field } from '@topdeck/grafana-plugin-sdk';
import { service, snapshotOf } from '../snapshots.ts';
import { AT, AT_MS, fieldOf, frameOf, namesOf, noticesOf, numericOf, readOf, rowsOf, shop } from './fixtures.ts';

const query: DiagnosticsQuery = { queryType: 'comparison', filter: { ids: ['cart'] } };

const held = (fields: Partial<MetricComparison> = {}): MetricComparison => ({
  against: 'previous_hour',
  since: '2026-01-31T10:00:00.000Z',
  until: '2026-01-31T11:00:00.000Z',
  value: 0.2,
  change: 1,
  z: 12.5,
  verdict: 'higher',
  worse: true,
  text: '0.4 s, higher than in the hour before (0.2 s, +100%)',
  known: 60,
  of: 60,
  ...fields,
});
const unknown = held({
  against: 'previous_week',
  value: null,
  change: null,
  z: null,
  verdict: 'unknown',
  worse: null,
  text: 'nothing is known of the week before',
});
const response = (fields: Partial<ComparisonResponse> = {}): ComparisonResponse => ({
  resource_id: 'cart',
  at: AT,
  window_s: 3600,
  metrics: [
    {
      metric: 'latency_p95',
      unit: 's',
      now: { mean: 0.4, median: 0.4, min: 0.3, max: 0.5, known: 60, of: 60 },
      comparisons: [held(), unknown],
    },
    { metric: 'queue', unit: 'items', now: null, comparisons: [held({ verdict: 'normal', worse: null, z: 0 })] },
  ],
  metrics_left_out: [],
  ...fields,
});
const extras = { comparisons: [response()] };
/** Words that a field's mapping knows. */
const mapped = ({ config }: Field): string[] =>
  (config?.mappings ?? []).flatMap((mapping) => (mapping.type === 'value' ? Object.keys(mapping.options) : []));

describe('comparison', () => {
  test('is a row for each metric and reference, change in percent, with what is worse apart from what is higher', () => {
    const frame = frameOf(query, { extras });
    expect(namesOf(frame)).toEqual([
      ...['name', 'metric', 'against', 'now', 'then', 'unit', 'change', 'z', 'verdict', 'judgement', 'text', 'id'],
      ...['since', 'until'],
    ]);
    expect(rowsOf(frame, 'name', 'metric', 'against', 'now', 'then', 'change', 'z', 'verdict', 'judgement')).toEqual([
      {
        name: 'Cart',
        metric: 'latency_p95',
        against: 'previous_hour',
        now: 0.4,
        then: 0.2,
        change: 100,
        z: 12.5,
        verdict: 'higher',
        judgement: 'worse',
      },
      {
        name: 'Cart',
        metric: 'latency_p95',
        against: 'previous_week',
        now: 0.4,
        then: null,
        change: null,
        z: null,
        verdict: 'unknown',
        judgement: 'unknown',
      },
      {
        name: 'Cart',
        metric: 'queue',
        against: 'previous_hour',
        now: null,
        then: 0.2,
        change: 100,
        z: 0,
        verdict: 'normal',
        judgement: 'neutral',
      },
    ]);
    expect(frame.meta?.channel).toBeUndefined();
  });

  test('has words and colours for each verdict, reference and judgement', () => {
    const frame = frameOf(query, { extras });
    expect(mapped(fieldOf(frame, 'verdict')).sort()).toEqual([...COMPARISON_VERDICTS].sort());
    expect(mapped(fieldOf(frame, 'against'))).toEqual([...COMPARISON_REFERENCES]);
    expect(mapped(fieldOf(frame, 'judgement'))).toEqual(['worse', 'not_worse', 'neutral', 'unknown']);
  });

  test('is for rules a number a row, null where it is not known, with labels that stay', () => {
    const frame = numericOf(query, { extras });
    expect(frame.meta).toMatchObject({ type: 'numeric-long' });
    expect(namesOf(frame)).toEqual(['id', 'name', 'metric', 'against', 'z']);
    expect(rowsOf(frame, 'metric', 'against', 'z')).toEqual([
      { metric: 'latency_p95', against: 'previous_hour', z: 12.5 },
      { metric: 'latency_p95', against: 'previous_week', z: null },
      { metric: 'queue', against: 'previous_hour', z: 0 },
    ]);
    const change = numericOf({ ...query, value: 'change' }, { extras });
    expect(rowsOf(change, 'change').map((row) => row['change'])).toEqual([1, null, 1]);
    expect(() => numericOf({ ...query, value: 'luck' }, { extras })).toThrow('There are: z, change');
  });

  test('says which metrics there was no room for', () => {
    const frame = frameOf(query, { extras: { comparisons: [response({ metrics_left_out: ['disk', 'heap'] })] } });
    expect(noticesOf(frame)).toEqual(['Not compared: disk, heap. Ask for one by its name.']);
  });

  test.each([undefined, {}, { ids: [] }])('of all services (%j) is refused before anything is read', async (filter) => {
    const all = { queryType: 'comparison' as const, ...(filter && { filter }) };
    await expect(readOf(all, {})).rejects.toMatchObject({ message: expect.stringContaining('name one to 10') });
  });

  test('of many services is of the ten most urgent, and says so', async () => {
    const failed = service('s20', { status: 'failed', health_score: 0 });
    const snapshot = snapshotOf([...Array.from({ length: 20 }, (_, k) => service(`s${k}`, {})), failed]);
    const filter = { name: '^s' };
    const asked: string[] = [];
    const comparison = async (id: string) => (asked.push(id), response({ resource_id: id }));
    await readOf({ queryType: 'comparison', filter }, { comparison }, { snapshot });
    expect(asked).toHaveLength(10);
    expect(asked).toContain('s20');
    expect(noticesOf(frameOf({ queryType: 'comparison', filter }, { snapshot }))).toEqual([
      'Showing 10 of 21 services. Narrow the filter or raise the limit.',
    ]);
  });

  test('is read about now, and of a range that has ended about its end; of one metric where one is named', async () => {
    const asked: [string, ComparisonQuery][] = [];
    const comparison = async (id: string, wanted: ComparisonQuery) => (asked.push([id, wanted]), response());
    await readOf(query, { comparison });
    await readOf({ ...query, metric: 'latency_p95' }, { comparison }, { range: { fromMs: 0, toMs: AT_MS - 50_000 } });
    await readOf(query, { comparison }, { range: { fromMs: 0, toMs: AT_MS - 3_600_000 } });
    expect(asked).toEqual([
      ['cart', {}],
      ['cart', { metric: 'latency_p95' }],
      ['cart', { at: '2026-01-31T11:00:00.000Z' }],
    ]);
  });

  test('of a service that is not there has no rows', () => {
    const gone = { ...query, filter: { ids: ['nobody'] } };
    expect(rowsOf(frameOf(gone, { snapshot: shop(), extras: {} }), 'metric')).toEqual([]);
    expect(numericOf(gone, { extras: {} }).fields).toEqual([]);
  });
});
