import { describe, expect, test } from '@jest/globals';
import { connectionState, type BridgeReading, type LiveState } from '../../panels/diagnostics/connection-state.ts';
import { Table } from '../../panels/diagnostics/read-frames.ts';
import { arrive, intervalOf } from '../../panels/diagnostics/use-bridge-reading.ts';
import { connection, NOW_MS } from './fixtures.ts';

const reading = (row: Record<string, unknown> = {}, intervalMs = 5_000): BridgeReading => ({
  table: new Table('connection', connection(row)),
  arrivedMs: 1_000,
  intervalMs,
});

interface Case {
  readonly live: LiveState;
  readonly bridge: string;
  readonly silentS: number;
  /** Chip, browser hop (with its reason), bridge hop. */
  readonly expected: readonly [string, string | undefined, string];
}

const ws = 'websocket';
const CASES: readonly Case[] = [
  { live: 'connected', bridge: ws, silentS: 0, expected: [ws, 'websocket live', ws] },
  { live: 'connected', bridge: 'polling', silentS: 0, expected: ['polling', 'websocket live', 'polling'] },
  {
    live: 'connected',
    bridge: 'disconnected',
    silentS: 0,
    expected: ['disconnected', 'websocket live', 'disconnected'],
  },
  // Missed frames: not live any more, whatever the socket says.
  { live: 'connected', bridge: ws, silentS: 15, expected: [ws, 'websocket live', ws] },
  { live: 'connected', bridge: ws, silentS: 16, expected: ['polling', 'polling overdue', ws] },
  {
    live: 'connected',
    bridge: 'disconnected',
    silentS: 60,
    expected: ['disconnected', 'polling overdue', 'disconnected'],
  },
  // A page that is being loaded has not heard from Live yet.
  { live: 'connecting', bridge: ws, silentS: 0, expected: [ws, 'websocket connecting', ws] },
  // While Live is cut the data source polls; when that brings nothing either, Grafana is out of reach.
  { live: 'cut', bridge: ws, silentS: 0, expected: ['polling', 'polling cut', ws] },
  { live: 'cut', bridge: 'disconnected', silentS: 0, expected: ['disconnected', 'polling cut', 'disconnected'] },
  { live: 'cut', bridge: ws, silentS: 20, expected: ['disconnected', 'disconnected overdue', ws] },
  { live: 'off', bridge: ws, silentS: 0, expected: ['polling', 'polling off', ws] },
  { live: 'off', bridge: ws, silentS: 20, expected: ['disconnected', 'disconnected overdue', ws] },
  // The preview has one hop.
  { live: 'none', bridge: ws, silentS: 0, expected: [ws, undefined, ws] },
  { live: 'none', bridge: 'polling', silentS: 0, expected: ['polling', undefined, 'polling'] },
  { live: 'none', bridge: ws, silentS: 20, expected: ['polling', undefined, 'polling'] },
  { live: 'none', bridge: 'disconnected', silentS: 20, expected: ['disconnected', undefined, 'disconnected'] },
  // A word of another version is not taken for a connection.
  {
    live: 'connected',
    bridge: 'carrier pigeon',
    silentS: 0,
    expected: ['disconnected', 'websocket live', 'disconnected'],
  },
];

describe('the connection', () => {
  test.each(CASES)('is the worse of both hops: Live $live, bridge $bridge, silent $silentS s', (one) => {
    const state = connectionState(reading({ state: one.bridge }), one.live, 1_000 + one.silentS * 1000);
    if (!state.known) throw new Error('unknown');
    const { browser } = state;
    expect([state.state, browser && `${browser.state} ${browser.reason}`, state.bridge.state]).toEqual(one.expected);
  });

  test('waits for three intervals of a slow data source', () => {
    const at = (silentS: number) => connectionState(reading({}, 30_000), 'connected', 1_000 + silentS * 1000);
    expect([at(90), at(91)].map((state) => state.known && state.state)).toEqual(['websocket', 'polling']);
  });

  test('is not known without a frame, and the browser’s hop is', () => {
    expect(connectionState(undefined, 'cut', 0)).toEqual({
      known: false,
      browser: { state: 'polling', reason: 'cut' },
    });
  });

  test('counts ages on and the next attempt down since the frame came', () => {
    const row = { data_age_s: 4, snapshot_age_s: null, next_attempt_in_s: 9, since: NOW_MS - 60_000, updated: NOW_MS };
    const at = (nowMs: number) => {
      const state = connectionState(reading({ ...row, state: 'polling' }), 'connected', nowMs);
      if (!state.known) throw new Error('unknown');
      const { dataAgeS, snapshotAgeS, nextAttemptInS, sinceS } = state.details;
      return [dataAgeS, snapshotAgeS, nextAttemptInS, sinceS];
    };
    expect(at(1_000)).toEqual([4, null, 9, 60]);
    expect(at(4_500)).toEqual([7.5, null, 5.5, 63.5]);
    expect(at(13_000)).toEqual([16, null, 0, 72]);
    // A clock that goes back makes nothing younger.
    expect(at(0)).toEqual([4, null, 9, 60]);
  });
});

describe('arrivals of the connection frame', () => {
  test('are told by the time in it, and keep the first sight of the same one', () => {
    const first = arrive(undefined, 100, 5_000);
    expect(arrive(first, 100, 9_000)).toBe(first);
    expect(arrive(first, 200, 9_000)).toEqual({ updated: 200, arrivedMs: 9_000, gapsMs: [4_000] });
  });

  test('give the interval: the longest gap lately, since changes come between', () => {
    const after = (...gapsMs: number[]) => intervalOf({ updated: 0, arrivedMs: 0, gapsMs });
    expect([after(), after(500), after(2_000, 30_000, 100), after(300_000)]).toEqual([60_000, 5_000, 30_000, 60_000]);
  });
});
