import { describe, expect, test } from '@jest/globals';
import type { Frame } from '@topdeck/grafana-plugin-sdk';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { answer } from '../src/answer.ts';
import { isAlert } from '../src/query-data.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeClock } from './fake-clock.ts';
import { instanceWith } from './instances.ts';
import { service, snapshotOf } from './snapshots.ts';

const SNAPSHOT = snapshotOf([service('a'), service('b', { status: 'failed', health_score: 10 })]);

function setUp(bridge = new FakeBridge()) {
  const clock = new FakeClock();
  const instance = instanceWith(bridge, clock);
  const ask = (query: DiagnosticsQuery, forAlert = false): Promise<readonly Frame[]> =>
    answer(
      instance,
      { query, forAlert, range: { fromMs: 0, toMs: 1 }, maxDataPoints: 100, intervalMs: 1000 },
      new AbortController().signal,
    );
  return { clock, bridge, ask };
}

const liveOf = (frame: Frame | undefined): unknown => (frame?.meta?.custom as { live?: unknown } | undefined)?.live;

describe('a query', () => {
  test('is answered from the state held, with nothing said while the stream is open', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const [frame] = await ask({ queryType: 'services', format: 'table' });
    expect(frame?.fields.find(({ name }) => name === 'status')?.values).toHaveLength(2);
    expect(frame?.meta?.notices ?? []).toEqual([]);
    expect(liveOf(frame)).toBeUndefined();
  });

  test('that can go on by Live says where, if asked for', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const [frame] = await ask({ queryType: 'services', format: 'table', live: true });
    expect(liveOf(frame)).toEqual({ action: 'replace', path: expect.stringMatching(/^services\/main\//) });
    expect(frame?.meta?.channel).toBeUndefined();
  });

  test('keeps its data while the bridge is away, and says how old it is and why', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    bridge.lose();
    clock.advance(42_000);
    const [frame] = await ask({ queryType: 'services', format: 'table' });
    expect(frame?.fields[0]?.values).toHaveLength(2);
    expect(frame?.meta?.notices).toEqual([
      { severity: 'warning', text: 'Nothing listens at http://127.0.0.1:8000. This data is 42 s old.' },
    ]);
  });

  test('before any data is an error that says what to do, and is not the plugin’s', async () => {
    const { bridge, ask } = setUp();
    bridge.lose();
    await expect(ask({ queryType: 'services' })).rejects.toMatchObject({
      message: 'Nothing listens at http://127.0.0.1:8000. Start the bridge',
      status: 502,
      source: 'downstream',
    });
  });

  test('waits for the bridge’s first answer no longer than a request may take', async () => {
    const { ask } = setUp();
    await expect(ask({ queryType: 'services' })).rejects.toMatchObject({ status: 503, source: 'downstream' });
  });

  test('whose own read fails says what the bridge said', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    await expect(ask({ queryType: 'events' })).rejects.toMatchObject({ status: 502, source: 'downstream' });
  });
});

describe('a metric with its expected bands', () => {
  const query: DiagnosticsQuery = { queryType: 'metric', metric: 'request_rate', live: true };
  const range = { metric: 'request_rate', scope: 'service' as const, unit: '1/s', step_s: 1, times: [0], series: [] };
  const setUpMetric = () => {
    const asked: unknown[] = [];
    const set = setUp(new FakeBridge({ metricRange: async (_, { bands }) => (asked.push(bands), range) }));
    set.bridge.receive(SNAPSHOT, set.clock.nowMs());
    return { ...set, asked };
  };

  test('does not go on by Live, as it does without them', async () => {
    const { ask } = setUpMetric();
    expect(liveOf((await ask(query))[0])).toEqual(expect.objectContaining({ action: 'append' }));
    expect(liveOf((await ask({ ...query, bands: true }))[0])).toBeUndefined();
  });

  test('is judged by a rule without the bands', async () => {
    const { ask, asked } = setUpMetric();
    const [frame] = await ask({ ...query, bands: true }, true);
    expect(frame.fields.map(({ name }) => name)).toEqual(['time', 'a', 'b']);
    expect(asked).toEqual([undefined]);
  });
});

describe('an alert rule’s query', () => {
  test('gets one number a row, whatever the query says, and never a channel', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const query: DiagnosticsQuery = { queryType: 'services', format: 'table', live: true };
    const [frame] = await ask(query, true);
    expect(frame?.fields.filter(({ type }) => type === 'float64')).toHaveLength(1);
    expect(liveOf(frame)).toBeUndefined();
  });

  test('fails on data that is too old to judge by', async () => {
    const { bridge, clock, ask } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    clock.advance(60_000);
    await expect(ask({ queryType: 'services' }, true)).resolves.toHaveLength(1);
    bridge.lose();
    clock.advance(1_000);
    await expect(ask({ queryType: 'services' }, true)).rejects.toMatchObject({
      message: expect.stringMatching(/61 s old, too old to judge by: Nothing listens/),
      source: 'downstream',
    });
  });

  test('about the connection is answered whatever its state', async () => {
    const { bridge, ask } = setUp();
    bridge.lose();
    const [frame] = await ask({ queryType: 'connection', value: 'state_code' }, true);
    expect(frame?.fields.find(({ type }) => type === 'float64')?.values).toEqual([2]);
  });

  test.each([
    [{ FromAlert: 'true' }, true],
    [{ http_FromAlert: 'true' }, true],
    [{ fromalert: 'true' }, true],
    [{ FromAlert: 'false' }, false],
    [{ 'X-Dashboard-Uid': 'true' }, false],
  ])('is known by its header: %j', (headers, expected) => {
    expect(isAlert({ headers })).toBe(expected);
  });
});
