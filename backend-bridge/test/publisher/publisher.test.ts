import { describe, expect, test } from '@jest/globals';
import { Snapshot } from '@topdeck/protocol';
import { parseServerMessage, validator } from '@topdeck/protocol/validate';
import { BridgeError } from '../../src/errors.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import type { Rendered, TickNotice } from '../../src/publisher/feed.ts';
import { alert, graph, healthChange } from './diagnoses.ts';
import { bench, type Bench } from './stub-parts.ts';

const ALL = { kind: 'all' } as const;
const json = (bytes: Uint8Array | undefined) => JSON.parse(Buffer.from(bytes!).toString());
const parsed = ({ text }: Pick<Rendered, 'text'>) => {
  const result = parseServerMessage(Buffer.from(text).toString());
  expect(result).toMatchObject({ ok: true });
  return json(text);
};

async function listening(rig: Bench): Promise<TickNotice[]> {
  const notices: TickNotice[] = [];
  rig.feed.listen((notice) => notices.push(notice));
  await rig.clock.advance(0);
  return notices;
}

describe('ticks', () => {
  test('number events first, then the state, in one ascending sequence', async () => {
    const rig = bench({
      findings: [{}, { events: [healthChange('a'), healthChange('b')] }, {}, { events: [healthChange('c')] }],
    });
    const notices = await listening(rig);
    await rig.clock.advance(15_000);
    expect(notices.map(({ seq, eventCount }) => [seq, eventCount])).toEqual([
      [1, 0],
      [4, 2],
      [5, 0],
      [7, 1],
    ]);
    expect(new Set(notices.map(({ epoch }) => epoch)).size).toBe(1);
    const { messages } = await rig.feed.renderEvents(ALL, 0);
    expect(messages.map(({ seq }) => seq)).toEqual([2, 3, 6]);
    expect(json(messages[0].extended)).toMatchObject({ type: 'health_change', seq: 2, epoch: notices[0].epoch });
    expect(json(messages[0].original)).not.toHaveProperty('seq');
  });

  test('CONN-8 run only while someone listens', async () => {
    const rig = bench({ config: { listenerGraceS: 0 } });
    await rig.clock.advance(20_000);
    expect(rig.source.collects).toEqual([]);
    expect(await rig.feed.status()).toMatchObject({ running: false, seq: 0, atMs: undefined });
    const stop = rig.feed.listen(() => undefined);
    await rig.clock.advance(6_000);
    expect(await rig.feed.status()).toMatchObject({ running: true, seq: 2 });
    stop();
    await rig.clock.advance(20_000);
    expect(rig.source.collects).toHaveLength(2);
    expect(await rig.feed.status()).toMatchObject({ running: false, seq: 2 });
  });

  test('without a topology publish an empty snapshot whose health is unknown (SNAP-2, SNAP-4)', async () => {
    const rig = bench({ topology: undefined });
    await listening(rig);
    const { data } = parsed(await rig.feed.render({ form: 'original', view: ALL, deflate: false }));
    expect(data).toMatchObject({ services: [], dependencies: [], overall_health: 'unknown' });
    expect(data.freshness.topology.state).toBe('unavailable');
    expect(rig.source.collects).toEqual([]);

    rig.topology.topology = graph('a>b');
    await rig.clock.advance(5_000);
    const later = parsed(await rig.feed.render({ form: 'full', view: ALL, deflate: false }));
    expect(later.data.services).toHaveLength(2);
  });

  test('give the engine another topology before they use it', async () => {
    const rig = bench();
    await listening(rig);
    rig.topology.topology = graph('a>b', 'x>y');
    await rig.clock.advance(5_000);
    expect(rig.source.collects[1].topology).toBe(rig.topology.topology);
    expect(rig.engines[0].topologies).toHaveLength(2);
    expect(json(await rig.feed.read({ read: 'snapshot' })).services).toHaveLength(4);
  });

  test('SNAP-4 tell rows that a new reading of the same graph dropped', async () => {
    const rig = bench();
    await listening(rig);
    const topology = rig.topology.topology!;
    rig.topology.topology = { ...topology, issues: { ...topology.issues, dangling_edge: 3 } };
    await rig.clock.advance(5_000);
    expect(json(await rig.feed.read({ read: 'snapshot' })).freshness.topology_issues.dangling_edge).toBe(3);
  });

  test('that fail are counted, and the next one goes on', async () => {
    const rig = bench();
    const notices = await listening(rig);
    rig.source.fault = new Error('broken');
    await rig.clock.advance(5_000);
    rig.source.fault = undefined;
    await rig.clock.advance(5_000);
    expect(notices.map(({ seq }) => seq)).toEqual([1, 2]);
    const text = await rig.feed.metricsText();
    expect(text).toContain('topdeck_ticks_total{outcome="failed"} 1');
    expect(text).toContain('topdeck_ticks_total{outcome="done"} 2');
  });

  test('are told to the other listeners when one throws, and not to one that has just left', async () => {
    const rig = bench();
    const told: string[] = [];
    rig.feed.listen(() => {
      stop();
      throw new Error('mine');
    });
    const stop = rig.feed.listen(() => told.push('left'));
    rig.feed.listen(() => told.push('stays'));
    await rig.clock.advance(0);
    expect(told).toEqual(['stays']);
  });

  test('set the self-metrics', async () => {
    const rig = bench({
      findings: [{ health: { a: [2, 10], b: [3, 0] }, alerts: [alert('1', 'a')], events: [healthChange('a')] }],
    });
    await listening(rig);
    const text = await rig.feed.metricsText();
    expect(text).toContain('topdeck_services{status="failed"} 1');
    expect(text).toContain('topdeck_services{status="unknown"} 1');
    expect(text).toContain('topdeck_services{status="healthy"} 1');
    expect(text).toContain('topdeck_open_anomalies 1');
    expect(text).toContain('topdeck_events_total{type="health_change"} 1');
    for (const stage of ['collect', 'diagnose', 'publish', 'total'])
      expect(text).toContain(`topdeck_tick_stage_seconds_count{stage="${stage}"} 1`);
  });
});

describe('messages', () => {
  test('EXT-2 EXT-3 a full snapshot, then deltas from the state held', async () => {
    const rig = bench({ findings: [{}, { values: { 0: { 0: 5 } } }] });
    const [{ epoch }] = await listening(rig);
    expect(parsed(await rig.feed.render({ form: 'full', view: ALL, deflate: false }))).toMatchObject({ epoch, seq: 1 });
    await rig.clock.advance(5_000);
    const delta = await rig.feed.render({ form: 'delta', view: ALL, fromSeq: 1, deflate: false });
    expect(delta).toMatchObject({ form: 'delta', seq: 2 });
    expect(parsed(delta)).toMatchObject({
      type: 'snapshot_delta',
      base_seq: 1,
      seq: 2,
      data: { services: { upsert: [['a', { metrics: { request_rate: 5 } }]] } },
    });
  });

  test('EXT-7 a full snapshot when the state is not in the log', async () => {
    const rig = bench({ config: { resumeWindowS: 10 } });
    await listening(rig);
    await rig.clock.advance(60_000);
    for (const fromSeq of [1, 99, -5]) {
      const rendered = await rig.feed.render({ form: 'delta', view: ALL, fromSeq, deflate: false });
      expect(rendered).toMatchObject({ form: 'full', seq: 13 });
      expect(parsed(rendered).type).toBe('snapshot_update');
    }
  });

  test('CONN-5 from the newest state itself the delta is empty', async () => {
    const rig = bench();
    await listening(rig);
    const { data } = parsed(await rig.feed.render({ form: 'delta', view: ALL, fromSeq: 1, deflate: false }));
    expect(Object.keys(data)).toEqual(['timestamp', 'overall_health']);
  });

  test('are written once for all who share view, form and base: the same bytes', async () => {
    const rig = bench({ topology: graph(...Array.from({ length: 40 }, (_, i) => `s${i}>t`)) });
    await listening(rig);
    await rig.clock.advance(5_000);
    const view = { kind: 'resources', resourceIds: ['s1', 't', 's2'], depth: 1 } as const;
    const same = { ...view, resourceIds: ['t', 's2', 's1'] } as const;
    for (const form of ['original', 'full'] as const) {
      const first = await rig.feed.render({ form, view, deflate: true });
      const second = await rig.feed.render({ form, view: same, deflate: true });
      expect(second.text).toBe(first.text);
      expect(second.deflated).toBe(first.deflated);
      expect(first.deflated!.length).toBeLessThan(first.text.length / 2);
      expect((await rig.feed.render({ form, view, deflate: false })).text).toBe(first.text);
      expect((await rig.feed.render({ form, view: ALL, deflate: true })).text).not.toBe(first.text);
    }
    const delta = { form: 'delta', view, fromSeq: 1, deflate: false } as const;
    expect((await rig.feed.render(delta)).text).toBe((await rig.feed.render({ ...delta, view: same })).text);
    expect((await rig.feed.render(delta)).text).not.toBe((await rig.feed.render({ ...delta, fromSeq: 2 })).text);
    const old = await rig.feed.render({ form: 'full', view, deflate: false });
    await rig.clock.advance(5_000);
    expect((await rig.feed.render({ form: 'full', view, deflate: false })).text).not.toBe(old.text);
  });

  test('CONN-5 between ticks an original client gets the same state with the time of sending', async () => {
    const rig = bench();
    await listening(rig);
    const request = { form: 'original', view: ALL, deflate: false } as const;
    const first = parsed(await rig.feed.render(request));
    await rig.clock.advance(2_000);
    const second = parsed(await rig.feed.render(request));
    expect(second.data).toEqual(first.data);
    expect(Date.parse(second.timestamp) - Date.parse(first.timestamp)).toBe(2_000);
    expect(Date.parse(second.data.timestamp)).toBe(Date.parse(first.timestamp));
    expect(Object.keys(second)).toEqual(['type', 'timestamp', 'data']);
  });

  test('EXT-5 the original stream carries exact values while the extended one is settled', async () => {
    const rig = bench({ findings: [{}, { values: { 0: { 0: 1.1 } } }] });
    await listening(rig);
    await rig.clock.advance(5_000);
    const rate = async (form: 'original' | 'full') =>
      parsed(await rig.feed.render({ form, view: ALL, deflate: false })).data.services[0].metrics.request_rate;
    expect([await rate('original'), await rate('full')]).toEqual([1.1, 1]);
  });

  test('there are none before the first state: NOT_READY', async () => {
    const rig = bench();
    for (const form of ['original', 'full'] as const)
      await expect(rig.feed.render({ form, view: ALL, deflate: false })).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(await rig.feed.renderEvents(ALL, 0)).toEqual({ messages: [], complete: true });
  });

  test('SUB-3 EVT-3 events are cut to the view, and the original has no word for an end', async () => {
    const resolved = {
      type: 'anomaly_resolved',
      atMs: 0,
      data: { alert_id: '1', resource_id: 'a', metric_name: 'm', severity: 'low', duration_s: 5 },
    } as const;
    const rig = bench({ findings: [{ events: [healthChange('a'), healthChange('c'), resolved] }] });
    await listening(rig);
    const view = { kind: 'resources', resourceIds: ['a'], depth: 0 } as const;
    const { messages } = await rig.feed.renderEvents(view, 0);
    expect(messages.map(({ seq, original }) => [seq, original !== undefined])).toEqual([
      [1, true],
      [3, false],
    ]);
    for (const { extended } of messages) parsed({ text: extended });
  });
});

describe('reads over REST', () => {
  test('REST-8 wake a sleeping pipeline, keep it awake for the grace period, and get a state of now', async () => {
    const rig = bench({ config: { listenerGraceS: 12 } });
    const answer = rig.feed.read({ read: 'snapshot' });
    await rig.clock.advance(0);
    expect(validator(Snapshot)(json(await answer))).toMatchObject({ ok: true });
    await rig.clock.advance(60_000);
    expect(rig.source.collects).toHaveLength(3);

    const later = rig.feed.read({ read: 'snapshot' });
    await rig.clock.advance(0);
    expect(Date.parse(json(await later).timestamp)).toBe(rig.clock.nowMs());
  });

  test('REST-8 wait for the tick under way when the state is older than an interval', async () => {
    const rig = bench();
    await listening(rig);
    rig.source.collectMs = 3_000;
    await rig.clock.advance(6_000);
    let seen: string | undefined;
    void rig.feed.read({ read: 'snapshot' }).then((bytes) => (seen = json(bytes).timestamp));
    await rig.clock.advance(1_500);
    expect(seen).toBeUndefined();
    await rig.clock.advance(1_000);
    expect(seen).toBe('2026-01-01T00:00:05.000Z');
  });

  test('REST-8 are answered NOT_READY when no state comes in time', async () => {
    const rig = bench();
    rig.source.collectMs = 600_000;
    const answer = expect(rig.feed.read({ read: 'snapshot' })).rejects.toMatchObject({ code: 'NOT_READY' });
    await rig.clock.advance(15_000);
    await answer;
  });

  test('REST-1 to REST-5 give what they are asked for', async () => {
    const alerts = [
      alert('1', 'a', { severity: 'critical' }),
      alert('2', 'b', { severity: 'high' }),
      alert('3', 'c', { severity: 'high' }),
    ];
    const rig = bench({
      findings: [
        {
          health: { b: [2, 10] },
          alerts,
          values: { 2: { 1: Number.NaN }, 3: { 1: Number.NaN }, 4: { 1: Number.NaN } },
        },
      ],
    });
    await listening(rig);
    const read = async (request: Parameters<typeof rig.feed.read>[0]) => json(await rig.feed.read(request));
    expect(await read({ read: 'service', resourceId: 'b' })).toMatchObject({ resource_id: 'b', status: 'failed' });
    expect(await rig.feed.read({ read: 'service', resourceId: 'nobody' })).toBeUndefined();
    const ids = (list: { alert_id: string }[]): string[] => list.map(({ alert_id }) => alert_id);
    expect(ids(await read({ read: 'anomalies', limit: 2 }))).toEqual(['1', '2']);
    expect(ids(await read({ read: 'anomalies', severity: 'high', limit: 50 }))).toEqual(['2', '3']);
    // SNAP-1: the edge b → c has no data.
    expect(await read({ read: 'traffic', abnormalOnly: false })).toMatchObject([{ source_id: 'a', target_id: 'b' }]);
    expect(await read({ read: 'traffic', abnormalOnly: true })).toEqual([]);
    expect(await read({ read: 'failing-dependencies' })).toMatchObject([
      { source_id: 'a', target_id: 'b', status: 'failed' },
    ]);
  });

  test('REST-10 a refresh reads the topology, then collects, and tells the new position', async () => {
    const rig = bench();
    await listening(rig);
    await rig.clock.advance(1_000);
    rig.topology.onRefresh = () => (rig.topology.topology = graph('new>graph'));
    const notice = rig.feed.refresh();
    await rig.clock.advance(0);
    expect(await notice).toMatchObject({ seq: 2, atMs: rig.clock.nowMs() });
    expect(rig.topology.refreshes).toBe(1);
    expect(json(await rig.feed.read({ read: 'snapshot' })).services).toHaveLength(2);
  });

  test('a refresh whose collection fails says so', async () => {
    const rig = bench();
    await listening(rig);
    rig.source.fault = new Error('broken');
    const refreshed = expect(rig.feed.refresh()).rejects.toMatchObject({ code: 'PIPELINE_FAILED' });
    await rig.clock.advance(0);
    await refreshed;
  });
});

describe('the history', () => {
  test('REST-7 keeps every event, in order', async () => {
    const rig = bench({ findings: [{ events: [healthChange('a')] }, { events: [healthChange('b')] }] });
    await listening(rig);
    await rig.clock.advance(5_000);
    expect((await rig.feed.events({})).map(({ resource_id }) => resource_id)).toEqual(['b', 'a']);
  });

  test('that fails holds up nobody', async () => {
    const append = (): never => {
      throw new BridgeError('HISTORY_UNAVAILABLE');
    };
    const rig = bench({ findings: [{ events: [healthChange('a')] }], history: { ...createMemoryHistory(), append } });
    const notices = await listening(rig);
    await rig.clock.advance(5_000);
    expect(notices).toHaveLength(2);
    expect(await rig.feed.metricsText()).toContain('topdeck_history_writes_total{outcome="failed"} 2');
  });
});

test('resources are opened once and closed once, and nothing runs afterwards', async () => {
  const closed: string[] = [];
  const rig = bench({ history: { ...createMemoryHistory(), close: () => closed.push('history') } });
  await rig.publisher.start();
  await listening(rig);
  await rig.clock.advance(6_000);
  const waiting = rig.feed.read({ read: 'snapshot' });
  await waiting;
  await rig.feed.close();
  await rig.clock.advance(60_000);
  expect(rig.topology.calls).toEqual(['start', 'close']);
  expect(rig.source.closed).toBe(1);
  expect(closed).toEqual(['history']);
  expect(rig.source.collects).toHaveLength(2);
  expect(rig.clock.pending).toBe(0);
});
