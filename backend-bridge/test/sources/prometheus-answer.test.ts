import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BridgeError } from '../../src/errors.ts';
import { apiError, readAnswer, type ResultType, type SeriesSink } from '../../src/sources/prometheus-answer.ts';
import { parseNumber } from '../../src/sources/prometheus-scan.ts';
import { matrix, vector, type StubSeries } from './prometheus-stub.ts';

interface Seen {
  readonly labels: readonly (string | undefined)[];
  readonly samples: (readonly [number, number])[];
}

class Recorder implements SeriesSink {
  readonly labels = ['source', 'target'];
  seen: Seen[] = [];
  series(...[{ bytes, starts, ends }]: Parameters<SeriesSink['series']>): void {
    const labels = this.labels.map((_, i) => (ends[i] < 0 ? undefined : bytes.toString('utf8', starts[i], ends[i])));
    this.seen.push({ labels, samples: [] });
  }
  sample(atMs: number, value: number): void {
    this.seen.at(-1)?.samples.push([atMs, value]);
  }
  reset(): void {
    this.seen = [];
  }
}

function read(body: string, expected: ResultType): { seen: Seen[]; notes: ReturnType<typeof readAnswer> } {
  const sink = new Recorder();
  const notes = readAnswer(Buffer.from(body), expected, sink);
  return { seen: sink.seen, notes };
}

const expectedOf = (series: readonly StubSeries[]): Seen[] =>
  series.map(({ metric, samples }) => ({
    labels: [metric['source'], metric['target']],
    samples: samples.map(([atS, text]) => {
      const value = Number(text);
      return [Math.round(atS * 1000), Number.isFinite(value) ? value : Number.NaN] as const;
    }),
  }));

/** A double as Go prints it, and the words it has for what is none. */
const valueText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom('NaN', '+Inf', '-Inf', '0', '1e-07', '2.5e+06', '0.1', '123456789.123456789'),
);
const sample = fc.tuple(
  fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000),
  valueText,
);
/** Plain, with what JSON escapes, and beyond ASCII. */
const labelValue = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', 'a"b\\', 'münchen', '"result":['),
);
const metric = fc.dictionary(fc.constantFrom('source', 'target', 'sourc', 'targets', 'le'), labelValue, {
  noNullPrototype: true,
});
const instant = fc.array(fc.record({ metric, samples: fc.tuple(sample) }), { maxLength: 8 });
const range = fc.array(fc.record({ metric, samples: fc.array(sample, { minLength: 1, maxLength: 6 }) }), {
  maxLength: 5,
});

/** Equal up to the last bit, which numbers of more than 15 digits may differ in. */
function expectSame(actual: readonly Seen[], expected: readonly Seen[]): void {
  expect(actual.map(({ labels }) => labels)).toEqual(expected.map(({ labels }) => labels));
  const flat = (seen: readonly Seen[]): number[] => seen.flatMap(({ samples }) => samples.flat());
  const [a, b] = [flat(actual), flat(expected)];
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => {
    const tolerance = Math.abs(b[i]) * Number.EPSILON * 2;
    if (!(Number.isNaN(value) && Number.isNaN(b[i])) && !(Math.abs(value - b[i]) <= tolerance))
      expect(value).toBe(b[i]);
  });
}

describe('answers of the HTTP API', () => {
  test('any vector is read as its JSON says, whatever labels and values are in it', () => {
    fc.assert(fc.property(instant, (series) => expectSame(read(vector(series), 'vector').seen, expectedOf(series))));
  });

  test('any matrix is read as its JSON says', () => {
    fc.assert(fc.property(range, (series) => expectSame(read(matrix(series), 'matrix').seen, expectedOf(series))));
  });

  test('white space, which no server writes but JSON allows, changes nothing', () => {
    fc.assert(
      fc.property(range, (series) => {
        const spaced = JSON.stringify(JSON.parse(matrix(series)), null, 2);
        expectSame(read(spaced, 'matrix').seen, expectedOf(series));
      }),
    );
  });

  test('no prefix of an answer is taken for a whole one', () => {
    const body = vector([{ metric: { source: 'a', target: 'b' }, samples: [[1700000000.5, '0.25']] }]);
    for (let length = 0; length < body.length; length += 1)
      expect(() => read(body.slice(0, length), 'vector')).toThrow(BridgeError);
  });

  test('the order of keys and unknown ones do not matter', () => {
    const body =
      '{"isPartial":false,"stats":{"seriesFetched":"1"},"status":"success","data":{"result":[{"metric":{"le":"+Inf","target":"b","source":"a"},"value":[1700000000,"7"]}],"resultType":"vector"}}';
    expect(read(body, 'vector').seen).toEqual([{ labels: ['a', 'b'], samples: [[1_700_000_000_000, 7]] }]);
  });

  test('a native histogram has no single value and is unknown', () => {
    const body = JSON.stringify({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { source: 'a' }, histogram: [1700000000, { count: '1', sum: '2', buckets: [] }] },
          { metric: { source: 'b' }, value: [1700000000, '3'] },
        ],
      },
    });
    expect(read(body, 'vector').seen).toEqual([
      { labels: ['a', undefined], samples: [] },
      { labels: ['b', undefined], samples: [[1_700_000_000_000, 3]] },
    ]);
  });

  test.each([
    ['HTML', '<html><body>It works!</body></html>', 'PROMETHEUS_BAD_ANSWER'],
    ['nothing', '', 'PROMETHEUS_BAD_ANSWER'],
    ['other JSON', '{"message":"hello"}', 'PROMETHEUS_BAD_ANSWER'],
    ['null', 'null', 'PROMETHEUS_BAD_ANSWER'],
    ['an error with status 200', '{"status":"error","errorType":"x","error":"y"}', 'PROMETHEUS_BAD_ANSWER'],
    [
      'a result that is no list',
      '{"status":"success","data":{"resultType":"vector","result":{}}}',
      'PROMETHEUS_BAD_ANSWER',
    ],
    [
      'a scalar',
      '{"status":"success","data":{"resultType":"scalar","result":[1700000000,"1"]}}',
      'PROMETHEUS_QUERY_FAILED',
    ],
    ['a matrix', matrix([{ metric: {}, samples: [[1, '1']] }]), 'PROMETHEUS_QUERY_FAILED'],
  ])('%s in place of a vector is refused', (_, body, code) => {
    expect(() => read(body, 'vector')).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['Thanos lost a store', { warnings: ['No StoreAPIs matched for this query'] }, true],
    ['VictoriaMetrics lost a node', { isPartial: true }, true],
    ['the engine remarks on the query', { warnings: ['PromQL warning: bucket label "le" is missing'] }, false],
    ['the engine informs', { infos: ['PromQL info: metric might not be a counter'] }, false],
    ['nothing is said', {}, false],
  ])('%s: partial or not', (_, extra, partial) => {
    const { notes } = read(vector([], extra), 'vector');
    expect(notes.partial).toBe(partial);
    const said = Object.values(extra).flatMap((value) => (Array.isArray(value) ? (value as string[]) : []));
    expect(notes.warnings).toEqual(said);
  });

  test('many and long warnings are cut', () => {
    const { notes } = read(vector([], { warnings: Array.from({ length: 40 }, () => 'w'.repeat(5000)) }), 'vector');
    expect(notes.warnings).toHaveLength(5);
    expect(Math.max(...notes.warnings.map(({ length }) => length))).toBeLessThanOrEqual(300);
  });

  test('the API’s own errors keep their words', () => {
    const body = (errorType: string): Buffer =>
      Buffer.from(JSON.stringify({ status: 'error', errorType, error: 'why' }));
    expect(apiError(body('bad_data'))).toMatchObject({ code: 'PROMETHEUS_QUERY_FAILED', detail: 'bad_data: why' });
    expect(apiError(body('timeout'))).toMatchObject({ code: 'PROMETHEUS_TIMEOUT', detail: 'timeout: why' });
    expect(apiError(Buffer.from('<html>'))).toBeUndefined();
    expect(apiError(Buffer.from('{"status":"success"}'))).toBeUndefined();
  });

  test('numbers are those that Number reads, or none', () => {
    const parse = (text: string): number => parseNumber(Buffer.from(`"${text}"`), 1, 1 + text.length);
    for (const text of ['0', '-0.5', '17', '0.1', '100', '.5', '3.', '123456.789', '-12.000', '1e3', '999999999999999'])
      expect([text, parse(text)]).toEqual([text, Number(text)]);
    for (const text of ['', '-', '+Inf', '-Inf', 'NaN', 'Infinity', '1e999', '1.2.3', 'x'])
      expect([text, parse(text)]).toEqual([text, Number.NaN]);
  });
});
