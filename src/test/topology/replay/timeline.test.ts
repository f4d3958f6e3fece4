import { describe, expect, test } from '@jest/globals';
import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import {
  changeBeside,
  everBad,
  rowAt,
  statusAt,
  tailFromMs,
  timelineOf,
  withTail,
} from '../../../panels/topology/replay/timeline.ts';
import { stackOf } from '../../../panels/topology/replay/Strip.tsx';

type Codes = Readonly<Record<string, readonly (number | null)[]>>;

/** As a `health-history` query for status codes answers. */
const frame = (times: readonly number[], codes: Codes, interval = 1_000): DataFrame =>
  toDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: [...times], config: { interval } },
      ...Object.entries(codes).map(([id, values]) => ({
        name: id,
        type: FieldType.number,
        values: [...values],
        labels: { id },
      })),
    ],
  });

const seconds = (...values: number[]): number[] => values.map((value) => value * 1_000);

describe('the timeline', () => {
  const timeline = timelineOf(
    [frame(seconds(1, 2, 3, 4), { a: [0, 0, 2, 0], b: [null, 0, 1, null] })],
    ['a', 'b', 'absent'],
  );
  const statuses = (id: string) => Array.from(timeline.times, (_, row) => statusAt(timeline, row, id));

  test('has the status of each service at each time, and unknown where there is none', () => {
    expect(statuses('a')).toEqual(['healthy', 'healthy', 'failed', 'healthy']);
    expect(statuses('b')).toEqual(['unknown', 'healthy', 'degraded', 'unknown']);
    expect(statuses('absent')).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(statusAt(timeline, 0, 'stranger')).toBeUndefined();
  });

  test('finds the row that tells of a time: the next, and the last after the end', () => {
    expect([0, 1_000, 1_001, 2_999, 4_000, 9_000].map((at) => rowAt(timeline, at))).toEqual([0, 0, 1, 2, 3, 3]);
    expect(rowAt({ times: new Float64Array() }, 5)).toBe(0);
  });

  test('counts what was wrong at each time', () => {
    expect(Array.from(timeline.counts.failed)).toEqual([0, 0, 1, 0]);
    expect(Array.from(timeline.counts.degraded)).toEqual([0, 0, 1, 0]);
    expect(Array.from(timeline.counts.unknown)).toEqual([2, 1, 1, 2]);
  });

  test('knows the changes beside a row', () => {
    const calm = timelineOf([frame(seconds(1, 2, 3, 4, 5), { a: [0, 0, 2, 2, 0] })], ['a']);
    expect(Array.from(calm.changes)).toEqual([2, 4]);
    expect([0, 2, 3, 4].map((row) => changeBeside(calm, row, 1))).toEqual([2, 4, 4, undefined]);
    expect([5, 4, 3, 2].map((row) => changeBeside(calm, row, -1))).toEqual([4, 2, 2, undefined]);
  });

  test('lists what was bad, the longest first', () => {
    const bad = timelineOf([frame(seconds(1, 2, 3), { a: [0, 0, 0], b: [2, 0, 0], c: [1, 1, 0] })], ['a', 'b', 'c']);
    expect(everBad(bad)).toEqual([2, 1]);
  });

  test('joins answers that end at different times, one after the other or of other services', () => {
    const joined = timelineOf(
      [
        frame(seconds(10, 20, 23), { a: [0, 1, 0] }, 10_000),
        frame(seconds(20, 30, 34), { a: [0, 2, null] }, 10_000),
        frame(seconds(10, 20, 30, 35), { b: [0, 0, 0, 1] }, 10_000),
      ],
      ['a', 'b'],
    );
    expect(Array.from(joined.times)).toEqual(seconds(10, 20, 30, 35));
    const rows = (id: string) => Array.from(joined.times, (_, row) => statusAt(joined, row, id));
    expect(rows('a')).toEqual(['healthy', 'degraded', 'failed', 'unknown']);
    expect(rows('b')).toEqual(['healthy', 'healthy', 'healthy', 'degraded']);
  });

  test('grows at its end, keeps its step and forgets what has left the range', () => {
    const old = timelineOf([frame(seconds(10, 20, 30, 33), { a: [2, 0, 0, 0] }, 10_000)], ['a']);
    expect(tailFromMs(old)).toBe(30_000);
    const fine = [30, 31, 35, 40, 44].map((s) => s * 1_000);
    const grown = withTail(old, [frame(fine, { a: [0, 0, 2, 0, 1] })], 15_000);
    expect(Array.from(grown.times)).toEqual(seconds(20, 30, 40, 44));
    expect(Array.from(grown.times, (_, row) => statusAt(grown, row, 'a'))).toEqual([
      'healthy',
      'healthy',
      'failed',
      'degraded',
    ]);
    expect(withTail(old, [], 0)).toBe(old);
  });
});

describe('the picture of it', () => {
  test('shows one of a thousand, and nothing where all is well', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`s${i}`, [0, i === 0 ? 2 : 0]]));
    const { failed } = stackOf(timelineOf([frame(seconds(1, 2), many)], Object.keys(many)));
    const heights = [...failed.matchAll(/L(\d+) ([\d.]+)H/g)].map(([, row, top]) => [Number(row), 100 - Number(top)]);
    expect(heights[0]).toEqual([0, 0]);
    expect(heights[1][1]).toBeGreaterThan(10);
  });
});

describe('1,000 services at 360 times', () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `service-${i}`);
  const times = Array.from({ length: 360 }, (_, i) => i * 10_000);
  const codes = Object.fromEntries(ids.map((id, i) => [id, times.map((_, at) => ((i * 7 + at) % 97 === 0 ? 2 : 0))]));
  const frames = [frame(times, codes, 10_000)];

  /** Of the processor, the least of several: others work on the machine too. */
  function quickestMs(run: () => void): number {
    const spent = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    return Math.min(...spent);
  }

  test('are read and looked up within a frame', () => {
    const timeline = timelineOf(frames, ids);
    expect(timeline.codes).toHaveLength(360_000);
    expect(quickestMs(() => timelineOf(frames, ids))).toBeLessThan(100);
    expect(
      quickestMs(() => {
        const row = rowAt(timeline, 1_234_567);
        for (const id of ids) statusAt(timeline, row, id);
      }),
    ).toBeLessThan(16);
  });
});
