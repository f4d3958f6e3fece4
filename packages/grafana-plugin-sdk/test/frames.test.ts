import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  column,
  field,
  FrameError,
  frameFromRows,
  frameToArrow,
  frameToJson,
  rowCount,
  type Field,
  type Frame,
} from '../src/index.ts';
import { splitNanoseconds, toNanoseconds } from '../src/frames/time.ts';

const json = (frame: Frame) => JSON.parse(frameToJson(frame));
const valuesOf = (one: Field) => json({ fields: [one] }).data.values[0];

describe('frames from rows', () => {
  const rows = [
    { name: 'cart', score: 98.5, seen: new Date(5) },
    { name: 'pay', score: null, seen: new Date(7) },
  ];

  test('take each column from a reader, also two of one name', () => {
    const frame = frameFromRows(
      rows,
      [
        column.string('name', (row) => row.name),
        column.nullable.float64('value', (row) => row.score, { config: { unit: 'percent' } }),
        column.time('value', (row) => row.seen, { labels: { kind: 'seen' } }),
      ],
      { name: 'services', refId: 'A', meta: { type: 'table' } },
    );
    expect(json(frame)).toEqual({
      schema: {
        name: 'services',
        refId: 'A',
        meta: { type: 'table' },
        fields: [
          { name: 'name', type: 'string', typeInfo: { frame: 'string' } },
          {
            name: 'value',
            type: 'number',
            typeInfo: { frame: 'float64', nullable: true },
            config: { unit: 'percent' },
          },
          { name: 'value', type: 'time', typeInfo: { frame: 'time.Time' }, labels: { kind: 'seen' } },
        ],
      },
      data: {
        values: [
          ['cart', 'pay'],
          [98.5, null],
          [5, 7],
        ],
      },
    });
  });

  test('have the columns also without rows', () => {
    const frame = frameFromRows([] as typeof rows, [column.string('name', (row) => row.name)]);
    expect(json(frame).schema.fields).toHaveLength(1);
    expect(rowCount(frame)).toBe(0);
  });
});

describe('values that their column cannot hold are refused by name, row and value', () => {
  test.each<[string, Field]>([
    ['field "n", row 1: 128 is no int8', field.int8('n', [1, 128])],
    ['field "n", row 0: -1 is no uint32', field.uint32('n', [-1])],
    ['field "n", row 0: 1.5 is no int32', field.int32('n', [1.5])],
    ['field "n", row 0: NaN is no int16', field.int16('n', [NaN])],
    ['field "n", row 0: 9007199254740992 is no int64', field.int64('n', [2 ** 53])],
    ['field "n", row 0: 9223372036854775808n is no int64', field.int64('n', [2n ** 63n])],
    ['field "n", row 0: -1n is no uint64', field.uint64('n', [-1n])],
    ['field "t", row 0: Invalid Date is no time', field.time('t', [new Date(NaN)])],
    ['field "s", row 1: null is no string', field.string('s', ['a', null as unknown as string])],
    ['field "s", row 0: 5 is no nullable string', field.nullable.string('s', [5 as unknown as string])],
    ['field "f", row 0: \'1\' is no float64', field.float64('f', ['1' as unknown as number])],
    ['field "b", row 0: 1 is no bool', field.bool('b', [1 as unknown as boolean])],
    ['field "e", row 0: 65536 is no enum', field.enum('e', [65_536])],
  ])('%s', (message, one) => {
    expect(() => frameToJson({ fields: [one] })).toThrow(new FrameError(message));
    expect(() => frameToArrow({ fields: [one] })).toThrow(new FrameError(message));
  });

  test('columns of unequal length', () => {
    const frame = { name: 'f', fields: [field.int8('a', [1]), field.int8('b', [1, 2])] };
    expect(() => frameToArrow(frame)).toThrow('frame "f": field "b" has 2 rows, "a" has 1');
    expect(() => frameToJson(frame)).toThrow(FrameError);
  });
});

describe('JSON frames', () => {
  test('64-bit integers keep all their digits', () => {
    expect(frameToJson({ fields: [field.uint64('n', [2n ** 64n - 1n])] }, 'data')).toBe(
      '{"data":{"values":[[18446744073709551615]]}}',
    );
  });

  test('numbers that JSON lacks stand as null, with their rows beside', () => {
    const { data } = json({
      fields: [field.int8('i', [1, 2, 3, 4]), field.float64('f', [NaN, Infinity, 1, -Infinity])],
    });
    expect(data).toEqual({
      values: [
        [1, 2, 3, 4],
        [null, null, 1, null],
      ],
      entities: [null, { NaN: [0], Inf: [1], NegInf: [3] }],
    });
  });

  test('times are milliseconds with the nanoseconds beside, where there are any', () => {
    const precise = field.nullable.time('t', [1_000_001n, null, -1n, new Date(3)]);
    expect(json({ fields: [precise] }).data).toEqual({ values: [[1, null, -1, 3]], nanos: [[1, 0, 999_999, 0]] });
    expect(json({ fields: [field.time('t', [0, 1.5])] }).data).toEqual({ values: [[0, 1]], nanos: [[0, 500_000]] });
    expect(json({ fields: [field.time('t', [5])] }).data).toEqual({ values: [[5]] });
  });

  test('typed arrays go in as they are, views of a larger buffer too', () => {
    const view = new Float64Array([0, 1, 2, 3]).subarray(1, 3);
    expect(valuesOf(field.float64('f', view))).toEqual([1, 2]);
    expect(valuesOf(field.time('t', new BigInt64Array([7_000_000n, 8_000_000n]).subarray(1)))).toEqual([8]);
    expect(valuesOf(field.float64('f', new Float32Array([1.5])))).toEqual([1.5]);
  });

  test('documents: undefined is null, null of a nullable column is no value', () => {
    expect(valuesOf(field.json('j', [undefined, { a: 1 }, null]))).toEqual([null, { a: 1 }, null]);
    expect(valuesOf(field.nullable.json('j', [null, 'x']))).toEqual([null, 'x']);
  });

  test('halves of a frame', () => {
    const frame = { name: 'f', fields: [field.bool('b', [true])] };
    expect(frameToJson(frame, 'schema')).toBe(
      '{"schema":{"name":"f","fields":[{"name":"b","type":"boolean","typeInfo":{"frame":"bool"}}]}}',
    );
    expect(frameToJson(frame, 'data')).toBe('{"data":{"values":[[true]]}}');
    expect(JSON.parse(frameToJson(frame))).toEqual({
      ...JSON.parse(frameToJson(frame, 'schema')),
      ...JSON.parse(frameToJson(frame, 'data')),
    });
  });
});

describe('Arrow files', () => {
  const int32At = (bytes: Uint8Array, at: number) => Buffer.from(bytes).readInt32LE(at);

  test('begin and end with the mark, with the length of the footer before the last one', () => {
    const bytes = frameToArrow({ fields: [field.string('s', ['a'])] });
    expect(Buffer.from(bytes.subarray(0, 8)).toString('latin1')).toBe('ARROW1\0\0');
    expect(Buffer.from(bytes.subarray(-6)).toString('latin1')).toBe('ARROW1');
    const footer = int32At(bytes, bytes.byteLength - 10);
    // Before the footer: the end of the stream, which eight bytes mark.
    const end = bytes.byteLength - 10 - footer;
    expect([int32At(bytes, end - 8), int32At(bytes, end - 4)]).toEqual([-1, 0]);
  });

  test('values lie in memory as they are, at multiples of eight', () => {
    const values = [1.25, -3.5, 1e300];
    const bytes = frameToArrow({ fields: [field.int8('a', [1, 2, 3]), field.float64('b', values)] });
    const at = Buffer.from(bytes).indexOf(Buffer.from(new Float64Array(values).buffer));
    expect(at).toBeGreaterThan(0);
    expect(at % 8).toBe(0);
  });

  test('lone surrogates become replacement characters and shift nothing', () => {
    const bytes = frameToArrow({ fields: [field.string('s', ['\ud83d', '\ude00', 'é'])] });
    expect(Buffer.from(bytes).indexOf('��é')).toBeGreaterThan(0);
  });
});

describe('nanoseconds', () => {
  test('split like bigints do, over the whole range', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (times) => {
        const { ms, rest } = splitNanoseconds(BigInt64Array.from(times));
        times.forEach((time, row) => {
          expect(BigInt(ms[row]) * 1_000_000n + BigInt(rest[row])).toBe(time);
          expect(rest[row]).toBeLessThan(1_000_000);
        });
      }),
    );
  });

  test('of dates, milliseconds with a fraction, bigints', () => {
    expect(toNanoseconds(new Date(-1))).toBe(-1_000_000n);
    expect(toNanoseconds(1.000_001)).toBe(1_000_001n);
    expect(toNanoseconds(5n)).toBe(5n);
    expect(toNanoseconds(Infinity)).toBeUndefined();
  });
});
