import { describe, expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import {
  InstanceManager,
  type Call,
  type Frame,
  type FrameParts,
  type PluginContext,
} from '@topdeck/grafana-plugin-sdk';
import { channelPath } from '../src/channel.ts';
import type { Instance } from '../src/instance.ts';
import { PluginMetrics } from '../src/metrics.ts';
import { createStream } from '../src/stream.ts';
import { FakeBridge } from './fake-bridge.ts';
import { FakeClock } from './fake-clock.ts';
import { instanceWith, silent, UID } from './instances.ts';
import { service, snapshotOf } from './snapshots.ts';

const NOTHING = new Uint8Array();
const SERVICES = channelPath({ queryType: 'services', format: 'table' }, 'main', UID);
const SNAPSHOT = snapshotOf([service('a'), service('b', { status: 'failed', health_score: 10 })]);

const contextAt = (updatedMs: number): PluginContext =>
  ({ orgId: 1, pluginId: 'p', dataSource: { uid: UID, updatedMs }, grafanaConfig: {} }) as unknown as PluginContext;
const CONTEXT = contextAt(1);

interface Sent {
  readonly frame: Frame;
  readonly parts: FrameParts | undefined;
}

/** A stream handler over a fake bridge, and what its channels were sent. */
function setUp() {
  const clock = new FakeClock();
  const bridge = new FakeBridge();
  const metrics = new PluginMetrics(clock);
  const instances = new InstanceManager<Instance>({ create: () => instanceWith(bridge, clock) });
  const handler = createStream(instances, metrics);
  const run = (path: string) => {
    const sent: Sent[] = [];
    const host = new AbortController();
    const call: Call = { signal: host.signal, log: silent };
    const frame = async (one: Frame, parts?: FrameParts): Promise<void> => {
      sent.push({ frame: one, parts });
    };
    const send = { frame, json: async () => undefined };
    const done = handler.runStream({ context: CONTEXT, path, data: NOTHING, headers: {} }, send, call);
    const stop = async (): Promise<void> => {
      host.abort();
      await done;
    };
    return { sent, done, stop };
  };
  const subscribe = (path: string, context = CONTEXT) =>
    handler.subscribeStream(
      { context, path, data: NOTHING, headers: {} },
      { signal: new AbortController().signal, log: silent },
    );
  return { clock, bridge, metrics, instances, handler, run, subscribe };
}

const textOf = (frame: Frame, name: string): unknown[] =>
  Array.from(frame.fields.find((field) => field.name === name)?.values ?? []);
const names = ({ fields }: Frame): string[] => fields.map(({ name }) => name);

describe('subscribing', () => {
  test('gives the whole table at once', async () => {
    const { bridge, clock, subscribe } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { verdict, initial } = await subscribe(SERVICES);
    expect(verdict).toBe('ok');
    const frame = (initial as { frame: Frame }).frame;
    expect(textOf(frame, 'status')).toEqual(expect.arrayContaining(['healthy', 'failed']));
  });

  test('refuses what is no channel, and a call that is about no data source', async () => {
    const { bridge, clock, subscribe } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    expect(await subscribe('services/everything')).toEqual({ verdict: 'not found' });
    expect(await subscribe('services/nodes')).toEqual({ verdict: 'not found' });
    const app = { orgId: 1, pluginId: 'p', grafanaConfig: {} } as unknown as PluginContext;
    expect(await subscribe(SERVICES, app)).toEqual({ verdict: 'not found' });
  });

  test('nobody may publish', () => {
    expect(setUp().handler.publishStream).toBeUndefined();
  });

  test('is granted while the bridge is away: what its connection is like can be streamed', async () => {
    const { bridge, subscribe } = setUp();
    bridge.lose();
    const { verdict, initial } = await subscribe(
      channelPath({ queryType: 'connection', format: 'table' }, 'main', UID),
    );
    expect(verdict).toBe('ok');
    expect(textOf((initial as { frame: Frame }).frame, 'state')).toEqual(['disconnected']);
  });
});

describe('a running stream', () => {
  test('sends its columns once and then values alone', async () => {
    const { bridge, clock, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { sent, stop } = run(SERVICES);
    await setImmediate();
    bridge.receive(snapshotOf([service('a'), service('b')]), clock.nowMs(), 2);
    await setImmediate();
    await stop();
    expect(sent.map(({ parts }) => parts)).toEqual(['schema and data', 'data']);
    expect(textOf(sent[1].frame, 'status')).toEqual(['healthy', 'healthy']);
    expect(names(sent[1].frame)).toEqual(names(sent[0].frame));
  });

  test('sends at least once an interval, so that a reader sees the data grow old', async () => {
    const { bridge, clock, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { sent, stop } = run(channelPath({ queryType: 'connection', format: 'table' }, 'main', UID));
    await setImmediate();
    clock.advance(5_000);
    await setImmediate();
    await stop();
    expect(sent.map(({ frame }) => textOf(frame, 'snapshot_age_s')[0])).toEqual([0, 5]);
  });

  test('reads from the one connection, and lets go of it', async () => {
    const { bridge, clock, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const runs = Array.from({ length: 200 }, () => run(SERVICES));
    await setImmediate();
    expect(bridge.listeners).toBe(200);
    expect(runs.every(({ sent }) => sent.length === 1)).toBe(true);
    await Promise.all(runs.map(({ stop }) => stop()));
    expect(bridge.listeners).toBe(0);
    expect(clock.scheduled).toBe(0);
  });

  test('starts again with new settings where the host has not stopped it', async () => {
    const { bridge, clock, instances, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { done } = run(SERVICES);
    const failed = expect(done).rejects.toThrow(/saved anew/);
    await setImmediate();
    await instances.use(contextAt(2), async () => undefined);
    clock.advance(5_000);
    await failed;
    expect(clock.scheduled).toBe(0);
  });

  test('is counted while it runs', async () => {
    const { bridge, clock, metrics, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { stop } = run(SERVICES);
    await setImmediate();
    expect(await metrics.registry.metrics()).toMatch(/streams\{query_type="services"\} 1/);
    await stop();
    const after = await metrics.registry.metrics();
    expect(after).toMatch(/streams\{query_type="services"\} 0/);
    expect(after).toMatch(/stream_frames_total\{query_type="services"\} 1/);
  });

  test('ends when the host wants it to', async () => {
    const { bridge, clock, run } = setUp();
    bridge.receive(SNAPSHOT, clock.nowMs());
    const { stop } = run(SERVICES);
    await expect(stop()).resolves.toBeUndefined();
  });
});
