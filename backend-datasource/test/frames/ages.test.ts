import { describe, expect, test } from '@jest/globals';
import { ageS, dataTime } from '../../src/frames/ages.ts';
import { service, snapshotOf } from '../snapshots.ts';

const QUIET = '2026-01-31T11:57:00.000Z';
const SNAPSHOT = snapshotOf([]);

describe('time of a service’s data', () => {
  test('is that of the state, however long its own values have not moved', () => {
    expect(dataTime(service('a', { last_updated: QUIET }), SNAPSHOT)).toBe(SNAPSHOT.timestamp);
  });

  test('is the last known one while nothing is known of it', () => {
    expect(dataTime(service('a', { status: 'unknown', last_updated: QUIET }), SNAPSHOT)).toBe(QUIET);
  });
});

describe('ages', () => {
  const sentAtMs = Date.parse(SNAPSHOT.timestamp) + 2_000;

  test('need no agreement of the two clocks', () => {
    const received = { snapshot: SNAPSHOT, sentAtMs, receivedAtMs: 5_000 };
    expect(ageS(SNAPSHOT.timestamp, received, 8_000)).toBe(5);
  });

  test('are never negative, and unknown without a time', () => {
    const received = { snapshot: SNAPSHOT, sentAtMs, receivedAtMs: 5_000 };
    expect(ageS(new Date(sentAtMs + 9_000).toISOString(), received, 4_000)).toBe(0);
    expect(ageS(undefined, received, 8_000)).toBeNull();
    expect(ageS('yesterday', received, 8_000)).toBeNull();
  });
});
