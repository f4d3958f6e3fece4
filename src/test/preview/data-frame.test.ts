import { expect, test } from '@jest/globals';
import { FieldType } from '@grafana/data';
import { field } from '@topdeck/grafana-plugin-sdk/frames';
import { dataFrame } from '../../preview/data-frame.ts';

const config = { unit: 'reqps', mappings: [{ type: 'value' as const, options: { a: { text: 'A' } } }] };
const frame = {
  name: 'services',
  meta: {
    preferredVisualisationType: 'table' as const,
    custom: { a: 1 },
    notices: [{ severity: 'info' as const, text: 'x' }],
  },
  fields: [
    field.nullable.float64('score', [1.5, null], { labels: { team: 'amber' }, config }),
    field.int64('count', BigInt64Array.of(7n, 9n)),
    field.time('at', [new Date(5), 6]),
    field.nullable.time('seen', [7_000_000n, null]),
    field.bool('ok', [true, false]),
    field.string('id', ['a', 'b']),
    field.json('labels', [{ a: '1' }, {}]),
  ],
};

test('a frame becomes what Grafana makes of it on its way to the browser', () => {
  const made = dataFrame(frame, 'A');
  expect([made.name, made.refId, made.length, made.meta]).toEqual(['services', 'A', 2, frame.meta]);
  expect(made.fields.map(({ name, type, values }) => [name, type, values])).toEqual([
    ['score', FieldType.number, [1.5, null]],
    ['count', FieldType.number, [7, 9]],
    ['at', FieldType.time, [5, 6]],
    ['seen', FieldType.time, [7, null]],
    ['ok', FieldType.boolean, [true, false]],
    ['id', FieldType.string, ['a', 'b']],
    ['labels', FieldType.other, [{ a: '1' }, {}]],
  ]);
  expect([made.fields[0].labels, made.fields[0].config]).toEqual([{ team: 'amber' }, config]);
});

test('each has a config of its own, for Grafana writes into it', () => {
  const [first, second] = [dataFrame(frame, 'A'), dataFrame(frame, 'A')];
  first.fields[0].config.unit = 'changed';
  expect([second.fields[0].config.unit, config.unit]).toEqual(['reqps', 'reqps']);
});
