import { field, type Frame } from '../src/index.ts';

const NOON_NS = 1_700_000_000_123_456_789n;

/** Every field type in both forms; the first row holds values at the edge of the type, the second ordinary ones. */
export const everyType: Frame = {
  name: 'every type',
  meta: {
    type: 'table',
    typeVersion: [0, 1],
    custom: { answer: 42 },
    notices: [{ severity: 'warning', text: 'for a test' }],
    executedQueryString: 'SELECT 1',
  },
  fields: [
    field.int8('int8', [-128, 1]),
    field.int16('int16', [-32_768, 2]),
    field.int32('int32', [-2_147_483_648, 3]),
    field.int64('int64', [-9_223_372_036_854_775_808n, 4]),
    field.uint8('uint8', [255, 5]),
    field.uint16('uint16', [65_535, 6]),
    field.uint32('uint32', [4_294_967_295, 7]),
    field.uint64('uint64', [18_446_744_073_709_551_615n, 8]),
    field.float32('float32', [1.5, -0.25]),
    field.float64('float64', [0.1, Number.MAX_VALUE]),
    field.string('string', ['', 'Zürich 🏔']),
    field.bool('bool', [true, false]),
    field.time('time', [NOON_NS, new Date(-1)]),
    field.json('json', [{ a: [1, null] }, 'text']),
    field.enum('enum', [1, 0], { config: { type: { enum: { text: ['down', 'up'] } } } }),
    field.nullable.int8('int8', [null, 1]),
    field.nullable.int16('int16', [null, 2]),
    field.nullable.int32('int32', [null, 3]),
    field.nullable.int64('int64', [null, 4n]),
    field.nullable.uint8('uint8', [null, 5]),
    field.nullable.uint16('uint16', [null, 6]),
    field.nullable.uint32('uint32', [null, 7]),
    field.nullable.uint64('uint64', [null, 8n]),
    field.nullable.float32('float32', [null, -0.25]),
    field.nullable.float64('float64', [null, 0.1], { labels: { zone: 'a', näme: 'ü' } }),
    field.nullable.string('string', [null, 'text']),
    field.nullable.bool('bool', [null, true]),
    field.nullable.time('time', [null, NOON_NS]),
    field.nullable.json('json', [null, { b: 1 }]),
    field.nullable.enum('enum', [null, 1], { config: { type: { enum: { text: ['down', 'up'] } } } }),
  ],
};

/** Numbers that JSON has no form for. */
export const specialNumbers: Frame = {
  name: 'special',
  fields: [
    field.float64('float64', [NaN, Infinity, -Infinity, 1]),
    field.nullable.float32('float32', [-Infinity, null, NaN, 2]),
    field.float64('labelled', [1, 2, 3, 4], {
      labels: { service: 'checkout' },
      config: {
        unit: 'percent',
        displayName: 'Score',
        min: 0,
        thresholds: {
          mode: 'absolute',
          steps: [
            { value: -Infinity, color: 'red' },
            { value: 50, color: 'green' },
          ],
        },
      },
    }),
  ],
};

export const noFields: Frame = { name: 'empty', fields: [] };
export const noRows: Frame = {
  name: 'no rows',
  fields: [field.time('time', []), field.string('text', []), field.nullable.bool('flag', [])],
};

const STEP_MS = 15_000;

/** A series as a data source gives it: `points` times and values. */
export function series(points: number, fromMs = 1_700_000_000_000): Frame {
  const times = new BigInt64Array(points);
  const values = new Float64Array(points);
  for (let index = 0; index < points; index += 1) {
    times[index] = BigInt(fromMs + index * STEP_MS) * 1_000_000n;
    values[index] = Math.sin(index / 10);
  }
  return {
    name: 'series',
    fields: [field.time('time', times), field.float64('value', values, { labels: { host: 'a' } })],
  };
}
