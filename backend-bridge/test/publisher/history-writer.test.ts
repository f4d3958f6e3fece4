import { describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { HistoryWriter } from '../../src/publisher/history-writer.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { diagnosisOf, graph, healthChange, type DiagnosisParts } from './diagnoses.ts';

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = new FakeClock();
  const history = createMemoryHistory();
  const appends: number[] = [];
  let fault: BridgeError | undefined;
  const store = {
    ...history,
    append(...[events, health]: Parameters<typeof history.append>) {
      appends.push(events.length);
      if (fault !== undefined) throw fault;
      history.append(events, health);
    },
  };
  const metrics = createPipelineMetrics();
  const { log, events } = captureLog('info');
  const topology = graph('a', 'b');
  const writer = new HistoryWriter({
    history: store,
    retentionMs: 24 * HOUR_MS,
    intervalMs: 5_000,
    clock,
    log,
    metrics,
  });
  const fail = (on: boolean): void => void (fault = on ? new BridgeError('HISTORY_UNAVAILABLE') : undefined);
  const write = (found: Pick<DiagnosisParts, 'events' | 'health'> = {}): void =>
    writer.write(diagnosisOf({ topology, atMs: clock.nowMs(), ...found }));
  return { clock, history, write, appends, fail, logged: events, metrics };
}
const eventsOf = (...ids: string[]) => ids.map((id) => healthChange(id));

describe('the history', () => {
  test('gets the events of a tick in one batch; one without events tells that somebody looked', () => {
    const { write, history, appends } = setUp();
    write({ events: eventsOf('a', 'b') });
    write();
    expect(appends).toEqual([2, 0]);
    expect(history.query({}).map(({ resource_id }) => resource_id)).toEqual(['b', 'a']);
  });

  test('that fails does not hurt, and gets what it missed in order when it recovers', async () => {
    const { write, history, fail, logged, metrics } = setUp();
    fail(true);
    write({ events: eventsOf('a') });
    write({ events: eventsOf('b') });
    fail(false);
    write();
    expect(history.query({}).map(({ resource_id }) => resource_id)).toEqual(['b', 'a']);
    expect(logged().map(({ event }) => event)).toEqual(['history.write_failed', 'history.recovered']);
    const counts = await metrics.historyWrites.get();
    expect(counts.values).toMatchObject([
      { labels: { outcome: 'failed' }, value: 2 },
      { labels: { outcome: 'ok' }, value: 1 },
    ]);
  });

  test('that stays away costs bounded memory: the oldest events are given up, and that is said', () => {
    const { write, fail, appends, logged } = setUp();
    fail(true);
    for (let k = 0; k < 4; k += 1) write({ events: Array.from({ length: 4_000 }, () => healthChange('a')) });
    expect(appends.at(-1)).toBe(14_000);
    expect(logged().at(-1)).toMatchObject({ event: 'history.write_failed', waiting: 10_000, lost: 4_000 });
  });

  test('is pruned once an hour', async () => {
    const { write, history, clock, logged } = setUp();
    write({ events: [healthChange('old', clock.nowMs() - 25 * HOUR_MS), healthChange('new', clock.nowMs())] });
    expect(history.query({}).map(({ resource_id }) => resource_id)).toEqual(['new']);
    await clock.advance(23.5 * HOUR_MS);
    write();
    expect(history.query({})).toHaveLength(1);
    await clock.advance(HOUR_MS);
    write();
    expect(history.query({})).toEqual([]);
    expect(logged()).toMatchObject([
      { event: 'history.pruned', events: 1 },
      { event: 'history.pruned', events: 1 },
    ]);
  });

  test('REST-12 loses the health of every service that is past its time, a part a minute', async () => {
    const { write, history, clock } = setUp();
    const startMs = clock.nowMs();
    const kept = (id: string): number =>
      history.samples(id, { sinceMs: startMs - 1, untilMs: startMs + 48 * HOUR_MS, limit: 10 }).length;
    write();
    await clock.advance(60_000);
    write({ health: { a: [1, 60], b: [1, 60] } });
    expect([kept('a'), kept('b')]).toEqual([2, 2]);
    await clock.advance(24 * HOUR_MS);
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(60_000);
      write({ health: { a: [1, 60], b: [1, 60] } });
    }
    expect([kept('a'), kept('b')]).toEqual([1, 1]);
  });
});
