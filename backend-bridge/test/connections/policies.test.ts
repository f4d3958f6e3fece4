import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Admission } from '../../src/connections/admission.ts';
import { FLOWING, nextPressure, verdict } from '../../src/connections/backpressure.ts';
import { checkup } from '../../src/connections/checkup.ts';
import { isDueAtTick, isDueBetweenTicks } from '../../src/connections/schedule.ts';
import { NO_SEQ, StreamPosition } from '../../src/connections/stream-position.ts';
import { createBucket, secondsToToken, takeToken } from '../../src/connections/token-bucket.ts';
import { ViewRegistry } from '../../src/connections/view-registry.ts';
import { GENEROUS } from './test-bridge.ts';

describe('backpressure', () => {
  const at = { nowMs: 1000, maxQueueBytes: 100 };
  const limits = { slowClientTimeoutMs: 500 };

  test('LIM-8 above the limit a client gets nothing until its queue is empty', () => {
    expect(nextPressure(FLOWING, 100, at)).toBe(FLOWING);
    const saturated = nextPressure(FLOWING, 101, at);
    expect(saturated).toEqual({ kind: 'saturated', sinceMs: 1000 });
    expect(verdict(saturated, 1001, limits)).toBe('skip');
    expect(nextPressure(saturated, 1, { ...at, nowMs: 1200 })).toBe(saturated);
    expect(nextPressure(saturated, 0, { ...at, nowMs: 1200 })).toBe(FLOWING);
  });

  test('LIM-8 one that has not drained for the timeout is closed', () => {
    const saturated = { kind: 'saturated', sinceMs: 1000 } as const;
    expect(verdict(saturated, 1499, limits)).toBe('skip');
    expect(verdict(saturated, 1500, limits)).toBe('close');
    expect(verdict(FLOWING, 99_999, limits)).toBe('send');
  });
});

describe('schedule', () => {
  const every = (intervalS: number, collectS: number) => ({
    intervalMs: intervalS * 1000,
    collectIntervalMs: collectS * 1000,
  });

  /** Times at which a client is served, in seconds, with a beat each second and ticks where told. */
  function served(cadence: ReturnType<typeof every>, ticksS: readonly number[], untilS: number): number[] {
    const times: number[] = [];
    let lastServedMs = 0;
    let lastTickMs = 0;
    const moments = [...ticksS, ...Array.from({ length: untilS }, (_, i) => i + 0.999)].sort((a, b) => a - b);
    for (const moment of moments) {
      const nowMs = moment * 1000;
      const isTick = ticksS.includes(moment);
      const since = nowMs - lastServedMs;
      if (isTick) lastTickMs = nowMs;
      if (!(isTick ? isDueAtTick(cadence, since) : isDueBetweenTicks(cadence, since, nowMs - lastTickMs))) continue;
      times.push(moment);
      lastServedMs = nowMs;
    }
    return times;
  }

  test('CONN-4 a client of 10 s is served by exactly every second tick of 5 s, however late each comes', () => {
    expect(served(every(10, 5), [5.6, 10.1, 15.9, 20.2, 25.01, 30.7], 32)).toEqual([10.1, 20.2, 30.7]);
  });

  test('CONN-4 a client of 1 s is served by each tick of 1 s and by nothing else', () => {
    const ticks = [1.2, 2.3, 3.1, 4.25, 5.2];
    expect(served(every(1, 1), ticks, 5)).toEqual(ticks);
  });

  test('CONN-4 an interval that is no multiple of the collection’s is kept by serving between ticks', () => {
    expect(served(every(7, 5), [5, 10, 15, 20, 25], 24)).toEqual([6.999, 13.999, 20.999]);
  });

  test('CONN-5 a client of 1 s with a tick every 5 s is served each second', () => {
    const times = served(every(1, 5), [5.3, 10.3], 11);
    const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1.6);
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times).toContain(5.3);
  });

  test('CONN-4 when ticks stay away clients are served the newest state there is', () => {
    const times = served(every(5, 5), [5], 25);
    expect(times.length).toBeGreaterThanOrEqual(3);
  });

  test('CONN-4 over any ticks and intervals the mean gap stays within a collection of the interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 30 }), (intervalS, collectS) => {
        const ticks = Array.from({ length: Math.floor(600 / collectS) }, (_, i) => (i + 1) * collectS + 0.1);
        const times = served(every(intervalS, collectS), ticks, 600);
        const meanGapS = (times.at(-1) ?? 0) / times.length;
        expect(Math.abs(meanGapS - intervalS)).toBeLessThan(Math.max(1.01, intervalS * 0.1));
      }),
    );
  });
});

describe('checkup', () => {
  const vitals = { lastHeardMs: 0, pingedMs: 0, expiresAtMs: undefined };
  const now = (monotonicMs: number, wallMs = 0) => ({ monotonicMs, wallMs });

  test('LIM-7 a silent client is pinged, and closed after the timeout', () => {
    const limits = { idleTimeoutMs: 60_000 };
    expect(checkup(vitals, now(19_999), limits)).toBe('fine');
    expect(checkup(vitals, now(20_000), limits)).toBe('ping');
    expect(checkup({ ...vitals, pingedMs: 20_000 }, now(39_999), limits)).toBe('fine');
    expect(checkup({ ...vitals, pingedMs: 40_000 }, now(60_000), limits)).toBe('IDLE_TIMEOUT');
    expect(checkup({ ...vitals, lastHeardMs: 50_000 }, now(60_000), limits)).toBe('fine');
  });

  test('SEC-4 an expired token ends the connection, by wall time', () => {
    const limits = { idleTimeoutMs: 60_000 };
    expect(checkup({ ...vitals, expiresAtMs: 5000 }, now(0, 4999), limits)).toBe('fine');
    expect(checkup({ ...vitals, expiresAtMs: 5000 }, now(0, 5000), limits)).toBe('AUTH_EXPIRED');
  });
});

describe('token bucket', () => {
  test('LIM-5 a burst of one second’s worth passes, then the rate holds', () => {
    const bucket = createBucket(5, 0);
    expect(Array.from({ length: 7 }, () => takeToken(bucket, 5, 0))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(secondsToToken(bucket, 5)).toBeCloseTo(0.2);
    expect(takeToken(bucket, 5, 199)).toBe(false);
    expect(takeToken(bucket, 5, 200)).toBe(true);
  });

  test('a rate below one a second lets one through at a time', () => {
    const bucket = createBucket(0.1, 0);
    expect(takeToken(bucket, 0.1, 0)).toBe(true);
    expect(takeToken(bucket, 0.1, 9000)).toBe(false);
    expect(takeToken(bucket, 0.1, 10_000)).toBe(true);
  });

  test('no sequence of times, not even one that goes back, lets more than burst plus rate through', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 200 }), (times) => {
        const bucket = createBucket(10, 0);
        const sorted = times.toSorted((a, b) => a - b);
        const passed = sorted.filter((at) => takeToken(bucket, 10, at)).length;
        expect(passed).toBeLessThanOrEqual(10 + ((sorted.at(-1) ?? 0) / 1000) * 10);
      }),
    );
  });
});

describe('admission', () => {
  const limits = { ...GENEROUS, maxConnections: 3, maxConnectionsPerAddress: 2, connectionRatePerAddress: 2 };

  test('LIM-1, LIM-2 counts in all and per address', () => {
    const admission = new Admission(limits);
    admission.enter('a');
    admission.enter('a');
    expect(admission.refusal('a')).toEqual({ code: 'TOO_MANY_CONNECTIONS_FROM_ADDRESS' });
    expect(admission.refusal('b')).toBeUndefined();
    admission.enter('b');
    expect(admission.refusal('c')).toEqual({ code: 'TOO_MANY_CONNECTIONS' });
    admission.leave('a');
    expect(admission.refusal('a')).toBeUndefined();
  });

  test('LIM-3 the rate is charged per address and tells when to come back', () => {
    const admission = new Admission(limits);
    expect([1, 2].map(() => admission.chargeAttempt('a', 0))).toEqual([undefined, undefined]);
    expect(admission.chargeAttempt('a', 0)).toEqual({ code: 'CONNECTION_RATE_EXCEEDED', retryAfterS: 1 });
    expect(admission.chargeAttempt('b', 0)).toBeUndefined();
    expect(admission.chargeAttempt('a', 500)).toBeUndefined();
  });

  test('addresses are forgotten', () => {
    const admission = new Admission(limits);
    for (let i = 0; i < 1000; i += 1) admission.chargeAttempt(`address ${i}`, 0);
    admission.enter('address 7');
    expect(admission.size).toBe(1000);
    admission.sweep(60_000);
    expect(admission.size).toBe(1);
    admission.leave('address 7');
    expect(admission.size).toBe(0);
  });
});

describe('stream position', () => {
  const notice = (seq: number, eventCount: number, epoch = 'e') => ({ epoch, seq, eventCount, atMs: 0 });

  test('clients that lack only the newest events share one cursor, whichever quiet tick they are at', () => {
    const position = new StreamPosition();
    position.adopt({ epoch: 'e', seq: 10 });
    position.advance(notice(11, 0));
    position.advance(notice(12, 0));
    position.advance(notice(15, 2));
    expect([10, 11, 12].map((seq) => position.eventsMissingAfter(seq))).toEqual([12, 12, 12]);
    expect(position.eventsMissingAfter(14)).toBeUndefined();
    position.advance(notice(16, 0));
    position.advance(notice(18, 1));
    expect([15, 16].map((seq) => position.eventsMissingAfter(seq))).toEqual([16, 16]);
    expect(position.eventsMissingAfter(12)).toBe(12);
  });

  test('what came before a position that was adopted may have been events', () => {
    const position = new StreamPosition();
    position.adopt({ epoch: 'e', seq: 10 });
    expect(position.eventsMissingAfter(7)).toBe(7);
    expect(position.eventsMissingAfter(10)).toBeUndefined();
    position.advance(notice(12, 1));
    expect(position.eventsMissingAfter(7)).toBe(7);
    expect(position.eventsMissingAfter(10)).toBe(10);
  });

  test('a new epoch starts before its first events', () => {
    const position = new StreamPosition();
    position.adopt({ epoch: 'e', seq: 1000 });
    expect(position.advance(notice(1001, 0))).toBeUndefined();
    expect(position.advance(notice(4, 3, 'f'))).toBe(0);
    expect(position.eventsMissingAfter(0)).toBe(0);
    expect(position.eventsMissingAfter(4)).toBeUndefined();
    expect(NO_SEQ).toBeLessThan(0);
  });
});

describe('view registry', () => {
  test('equal views are one object and go with their last holder', () => {
    const views = new ViewRegistry();
    const one = views.acquire({ resourceIds: ['a', 'b'], depth: 1 });
    expect(views.acquire({ resourceIds: ['a', 'b'], depth: 1 })).toBe(one);
    expect(views.acquire({ resourceIds: ['a', 'b'], depth: 2 })).not.toBe(one);
    expect(views.acquire({ resourceIds: [], depth: 3 })).toBe(views.all);
    expect(views.size).toBe(2);
    views.release(one);
    views.release(views.all);
    expect(views.size).toBe(2);
    views.release(one);
    expect(views.size).toBe(1);
  });
});
