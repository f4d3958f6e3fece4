import { describe, expect, test } from '@jest/globals';
import type { BridgeState, Received } from '../../src/bridge/bridge.ts';
import { REFUSED } from '../fake-bridge.ts';
import { AT_MS, connected, frameOf, numericOf, receive, rowsOf, shop, valuesOf } from './fixtures.ts';

const query = { queryType: 'connection' } as const;
const NOTHING = Object.freeze({}) as Received;
const down: BridgeState = {
  connection: { state: 'polling', sinceMs: 2_000, fault: REFUSED, attempts: 6, nextAttemptAtMs: 9_000 },
  received: receive(shop()),
  reconnects: 3,
  lastFault: undefined,
};

describe('connection', () => {
  test('is one row about the way to the data', () => {
    const columns = [
      'state',
      'state_code',
      'overall_health',
      'overall_code',
      'epoch',
      'seq',
      'metrics_state',
      'last_error',
    ];
    expect(rowsOf(frameOf(query), ...columns)).toEqual([
      {
        state: 'websocket',
        state_code: 0,
        overall_health: 'critical',
        overall_code: 2,
        epoch: 'e1',
        seq: 7,
        metrics_state: 'fresh',
        last_error: null,
      },
    ]);
  });

  test('counts ages by the clock of the bridge until it was sent and by ours since it came', () => {
    const snapshot = shop({ timestamp: '2026-01-31T11:59:50.000Z' });
    snapshot.freshness.metrics = { source: 'prometheus', state: 'stale', last_success: '2026-01-31T11:59:00.000Z' };
    const frame = frameOf(query, { snapshot, nowMs: 5_000 + 30_000 });
    expect(rowsOf(frame, 'data_age_s', 'snapshot_age_s')).toEqual([{ data_age_s: 61 + 30, snapshot_age_s: 11 + 30 }]);
  });

  test('has no age below zero when a clock went back', () => {
    const received = receive(shop(), { sentAtMs: AT_MS - 5_000, receivedAtMs: 9_000 });
    expect(valuesOf(frameOf(query, { state: connected(received), nowMs: 8_000 }), 'snapshot_age_s')).toEqual([0]);
  });

  test('has no data age while the metrics were never read', () => {
    const snapshot = shop();
    snapshot.freshness.metrics = { source: 'prometheus', state: 'unavailable', error: 'refused' };
    expect(rowsOf(frameOf(query, { snapshot }), 'data_age_s', 'snapshot_age_s', 'metrics_error')).toEqual([
      { data_age_s: null, snapshot_age_s: 2, metrics_error: 'refused' },
    ]);
    expect(valuesOf(numericOf(query, { snapshot }), 'data_age_s')).toEqual([null]);
  });

  test('tells why it is not connected and what to do', () => {
    expect(
      rowsOf(frameOf(query, { state: down }), 'state', 'state_code', 'reconnects', 'last_error', 'action', 'since'),
    ).toEqual([
      {
        state: 'polling',
        state_code: 1,
        reconnects: 3,
        last_error: REFUSED.message,
        action: REFUSED.action,
        since: 2_000,
      },
    ]);
  });

  test('counts down to the next attempt, which there is only without a connection', () => {
    const inS = (nowMs: number) => valuesOf(frameOf(query, { state: down, nowMs }), 'next_attempt_in_s');
    expect([inS(5_500), inS(9_000), inS(20_000)]).toEqual([[3.5], [0], [0]]);
    expect(valuesOf(frameOf(query), 'next_attempt_in_s')).toEqual([null]);
  });

  test('is disconnected before the first attempt has ended, without anything received', () => {
    const state: BridgeState = { ...connected(undefined), connection: { state: 'connecting', sinceMs: 0 } };
    const input = { state, received: NOTHING };
    expect(
      rowsOf(frameOf(query, input), 'state', 'state_code', 'data_age_s', 'overall_health', 'overall_code', 'seq'),
    ).toEqual([
      {
        state: 'disconnected',
        state_code: 2,
        data_age_s: null,
        overall_health: 'unknown',
        overall_code: null,
        seq: null,
      },
    ]);
    expect(frameOf(query, input).fields.map(({ name }) => name)).toEqual(frameOf(query).fields.map(({ name }) => name));
  });

  test('as a number has no labels that could change', () => {
    const frame = numericOf({ ...query, value: 'state_code' }, { state: down });
    expect(frame.fields.map(({ name, type }) => [name, type])).toEqual([['state_code', 'float64']]);
    expect(valuesOf(frame, 'state_code')).toEqual([1]);
  });
});
