import { describe, expect, test } from '@jest/globals';
import { STATUSES } from '@topdeck/protocol';
import type { HealthChange, HealthState } from '../../src/history/history-store.ts';
import { HealthSampler } from '../../src/publisher/health-sampler.ts';
import { diagnosisOf, graph, START_MS } from './diagnoses.ts';

const [HEALTHY, DEGRADED, UNKNOWN] = (['healthy', 'degraded', 'unknown'] as const).map((s) => STATUSES.indexOf(s));
type Health = Readonly<Record<string, readonly [number, number]>>;

/** `tick` gives what is kept of a tick, as `id status score`; one that `isKept` is not is refused by the store. */
function setUp(ids: readonly string[], newest: Readonly<Record<string, HealthState>> = {}) {
  const sampler = new HealthSampler(new Map(Object.entries(newest)));
  let topology = graph(...ids);
  const tick = (offsetS: number, health: Health, isKept = true): string[] => {
    const changes = sampler.changes(diagnosisOf({ topology, atMs: START_MS + offsetS * 1000, health }));
    if (isKept) sampler.confirm();
    return changes.map(({ resourceId, status, score }: HealthChange) => `${resourceId} ${status} ${score}`);
  };
  const setTopology = (...next: readonly string[]): void => void (topology = graph(...next));
  return { tick, setTopology };
}

describe('REST-12 samples of health', () => {
  test('are kept of every known service at first, then of what changes', () => {
    const { tick } = setUp(['a', 'b', 'c']);
    expect(tick(0, { a: [HEALTHY, 100], b: [DEGRADED, 60], c: [UNKNOWN, 0] })).toEqual([
      'a healthy 100',
      'b degraded 60',
    ]);
    expect(tick(5, { a: [HEALTHY, 100], b: [DEGRADED, 60], c: [UNKNOWN, 0] })).toEqual([]);
    expect(tick(10, { a: [HEALTHY, 100], b: [UNKNOWN, 0], c: [HEALTHY, 90] })).toEqual([
      'b unknown null',
      'c healthy 90',
    ]);
  });

  test('a status is kept at once, a score by 1 point and every 30 s', () => {
    const { tick } = setUp(['a']);
    tick(0, { a: [HEALTHY, 100] });
    expect(tick(5, { a: [HEALTHY, 80] })).toEqual([]);
    expect(tick(10, { a: [DEGRADED, 69] })).toEqual(['a degraded 69']);
    expect(tick(15, { a: [HEALTHY, 71] })).toEqual(['a healthy 71']);
    expect(tick(40, { a: [HEALTHY, 95] })).toEqual([]);
    expect(tick(45, { a: [HEALTHY, 95] })).toEqual(['a healthy 95']);
    expect(tick(100, { a: [HEALTHY, 95.9] })).toEqual([]);
    expect(tick(105, { a: [HEALTHY, 96] })).toEqual(['a healthy 96']);
  });

  test('a clock that stepped back does not silence the score', () => {
    const { tick } = setUp(['a']);
    tick(3600, { a: [HEALTHY, 100] });
    expect(tick(0, { a: [HEALTHY, 80] })).toEqual(['a healthy 80']);
  });

  test('what the store refused comes again with the next tick, as it is by then', () => {
    const { tick } = setUp(['a', 'b'], { gone: { status: 'healthy', score: 100 } });
    const health: Health = { a: [HEALTHY, 100], b: [HEALTHY, 100] };
    expect(tick(0, health, false)).toHaveLength(3);
    expect(tick(5, { ...health, b: [DEGRADED, 60] }, false)).toEqual([
      'gone unknown null',
      'a healthy 100',
      'b degraded 60',
    ]);
    expect(tick(10, health)).toEqual(['gone unknown null', 'a healthy 100', 'b healthy 100']);
    expect(tick(15, health)).toEqual([]);
  });

  test('a service that leaves the topology becomes unknown, the others stay as they are', () => {
    const { tick, setTopology } = setUp(['a', 'b', 'c']);
    tick(0, { b: [DEGRADED, 60], c: [UNKNOWN, 0] });
    setTopology('aa', 'b');
    expect(tick(5, { b: [DEGRADED, 60] })).toEqual(['a unknown null', 'aa healthy 100']);
    expect(tick(10, { b: [DEGRADED, 60] })).toEqual([]);
    setTopology('a', 'aa', 'b');
    expect(tick(15, { b: [DEGRADED, 60] })).toEqual(['a healthy 100']);
  });

  test('go on from what an earlier run kept', () => {
    const { tick } = setUp(['a', 'b'], {
      a: { status: 'healthy', score: 99.5 },
      b: { status: 'healthy', score: 100 },
      gone: { status: 'failed', score: 10 },
    });
    expect(tick(0, { b: [DEGRADED, 60] })).toEqual(['gone unknown null', 'b degraded 60']);
    expect(tick(5, { b: [DEGRADED, 60] })).toEqual([]);
  });
});
