import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Snapshot } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { Secret } from '@topdeck/protocol/secret';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/clock.ts';
import { buildPipeline, type Pipeline } from '../../src/pipeline/build-pipeline.ts';
import { concealConfig, revealConfig } from '../../src/pipeline/config-transfer.ts';
import { connectPipeline } from '../../src/pipeline/feed-client.ts';
import type { Feed, TickNotice } from '../../src/publisher/feed.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { createServerMetrics } from '../../src/telemetry/metrics.ts';
import { FakeClock } from '../fake-clock.ts';

type Env = Readonly<Record<string, string>>;
const QUIET: Env = { HISTORY_FILE: 'memory', LOG_LEVEL: 'silent', COLLECT_INTERVAL_S: '1', BACKFILL_S: '600' };
const json = (bytes: Uint8Array | undefined) => JSON.parse(Buffer.from(bytes!).toString());

let folder: string;
const closing: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});
const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('the pipeline in process', () => {
  async function started(env: Env): Promise<{ pipeline: Pipeline; clock: FakeClock }> {
    const clock = new FakeClock();
    const pipeline = buildPipeline(loadConfig({ ...QUIET, ...env }), { clock, log: silentLog });
    await pipeline.start();
    closing.push(() => pipeline.close());
    return { pipeline, clock };
  }

  test('runs on the embedded demo and simulator when nothing is configured', async () => {
    const { pipeline, clock } = await started({});
    const notices: TickNotice[] = [];
    pipeline.feed.listen((notice) => notices.push(notice));
    await clock.advance(3_000);
    expect(notices.length).toBeGreaterThanOrEqual(3);
    const snapshot = json(await pipeline.feed.read({ read: 'snapshot' }));
    expect(validator(Snapshot)(snapshot)).toMatchObject({ ok: true });
    expect(snapshot.services.length).toBeGreaterThan(10);
    expect(snapshot.overall_health).toBe('healthy');
    expect(snapshot.freshness).toMatchObject({
      topology: { source: 'file', state: 'fresh' },
      metrics: { source: 'simulator', state: 'fresh' },
      metric_outcomes: { 'service.request_rate': { outcome: 'ok', unit: '1/s' } },
      warming_up: false,
    });
  });

  test('shows a fault of the demo come, with its events in the stream and in the history', async () => {
    const { pipeline, clock } = await started({ COLLECT_INTERVAL_S: '5', BACKFILL_S: '3600' });
    pipeline.feed.listen(() => undefined);
    const failing: number[] = [];
    for (let k = 0; k < 12; k += 1) {
      await clock.advance(5_000);
      failing.push(json(await pipeline.feed.read({ read: 'failing-dependencies' })).length as number);
    }
    expect([failing[0], Math.max(...failing) > 0]).toEqual([0, true]);
    const { messages } = await pipeline.feed.renderEvents({ kind: 'all' }, 0);
    const types = new Set(messages.map(({ extended }) => json(extended).type as string));
    expect([...types]).toEqual(expect.arrayContaining(['health_change', 'anomaly_detected']));
    const ofIncidents = messages.filter(({ isIncident }) => isIncident);
    const kept = await pipeline.feed.events({ limit: 1_000 });
    expect(kept.length + ofIncidents.length).toBe(messages.length);
  });

  test('knows after a restart what it had learnt, without reading the past again', async () => {
    const env = { HISTORY_FILE: join(folder, 'history.sqlite'), COLLECT_INTERVAL_S: '5', BACKFILL_S: '0' };
    const first = await started(env);
    first.pipeline.feed.listen(() => undefined);
    await first.clock.advance(5_000);
    const warmingUp = async ({ feed }: Pipeline): Promise<boolean> =>
      json(await feed.read({ read: 'snapshot' })).freshness.warming_up as boolean;
    expect(await warmingUp(first.pipeline)).toBe(true);
    await first.clock.advance(400_000);
    expect(await warmingUp(first.pipeline)).toBe(false);
    await first.pipeline.close();
    const second = await started(env);
    await second.clock.advance(420_000);
    second.pipeline.feed.listen(() => undefined);
    await second.clock.advance(1_000);
    expect(await warmingUp(second.pipeline)).toBe(false);
  });

  test('takes thresholds for single entities from the configuration', async () => {
    const overrides = [
      { match: 'checkout', thresholds: { healthy_score: 100, degraded_score: 100, latency_p95_s: 0.0001 } },
    ];
    const { pipeline, clock } = await started({ THRESHOLD_OVERRIDES: JSON.stringify(overrides) });
    pipeline.feed.listen(() => undefined);
    await clock.advance(5_000);
    const snapshot = json(await pipeline.feed.read({ read: 'snapshot' }));
    const bad = snapshot.services.filter(({ status }: { status: string }) => status !== 'healthy');
    expect(bad.map(({ resource_id }: { resource_id: string }) => resource_id)).toEqual(['checkout']);
  });
});

describe('the pipeline in its own thread', () => {
  async function connected(env: Env): Promise<Feed> {
    const metrics = createServerMetrics();
    const config = loadConfig({ ...QUIET, ...env });
    const feed = await connectPipeline({ config, clock: systemClock, log: silentLog, metrics });
    closing.push(() => feed.close());
    return feed;
  }

  test('starts, ticks and answers', async () => {
    const feed = await connected({ DELTA_RESOLUTION: '0' });
    const notices: TickNotice[] = [];
    const second = new Promise<void>((resolve) => {
      feed.listen((notice) => {
        notices.push(notice);
        if (notices.length === 2) resolve();
      });
    });
    await second;
    expect(notices[1].epoch).toBe(notices[0].epoch);
    const delta = await feed.render({ form: 'delta', view: { kind: 'all' }, fromSeq: notices[0].seq, deflate: true });
    expect(json(delta.text)).toMatchObject({ type: 'snapshot_delta', base_seq: notices[0].seq });
    expect(delta.deflated!.length).toBeLessThan(delta.text.length);
    expect(json(await feed.read({ read: 'service', resourceId: 'checkout' }))).toMatchObject({
      resource_id: 'checkout',
    });
    expect((await feed.refresh()).seq).toBeGreaterThanOrEqual(notices[1].seq);
    expect(await feed.metricsText()).toContain('topdeck_ticks_total{outcome="done"}');
  });

  const broken: readonly [string, () => Env][] = [
    [
      'TOPOLOGY_FILE_INVALID',
      () => ({ TOPOLOGY_FILE: fileOf('t.yaml', 'resources: [{name: no id}]\ndependencies: 7\n') }),
    ],
    ['TOPOLOGY_FILE_UNREADABLE', () => ({ TOPOLOGY_FILE: join(folder, 'absent.yaml') })],
    ['METRICS_PRESET_INVALID', () => ({ PROMETHEUS_URL: 'http://127.0.0.1:1', METRICS_PRESET: 'no-such-preset' })],
    [
      'HISTORY_UNAVAILABLE',
      () => ({ HISTORY_FILE: fileOf('h.sqlite', 'this is no database, and long enough to be read as one') }),
    ],
    ['CONFIG_INVALID', () => ({ DETECTORS: 'robust,crystal-ball' })],
  ];
  test.each(broken)('%s rejects the start with the fault', async (code, env) => {
    await expect(connected(env())).rejects.toMatchObject({ name: 'BridgeError', code });
  });

  test('an unreachable Prometheus does not keep it from starting; the snapshot tells of it (SNAP-2, SNAP-4)', async () => {
    const feed = await connected({ PROMETHEUS_URL: 'http://127.0.0.1:1', BACKFILL_S: '0' });
    const snapshot = json(await feed.read({ read: 'snapshot' }));
    expect(snapshot.overall_health).toBe('unknown');
    expect(snapshot.services[0]).toMatchObject({ status: 'unknown', health_score: 0, metrics: {} });
    expect(snapshot.traffic_patterns).toEqual([]);
    expect(snapshot.freshness.metrics).toMatchObject({ state: 'unavailable', error_code: 'PROMETHEUS_UNREACHABLE' });
  });
});

describe('a configuration that crosses threads', () => {
  test('keeps its values, and secrets stay hidden on both sides', () => {
    const config = loadConfig({
      ...QUIET,
      NEO4J_URI: 'bolt://127.0.0.1:7687',
      NEO4J_PASSWORD: 'hush',
      PROMETHEUS_HEADERS: '{"X-Scope-OrgID":"tenant"}',
    });
    const copy = concealConfig(structuredClone(revealConfig(config)));
    expect(copy.NEO4J_PASSWORD).toBeInstanceOf(Secret);
    expect(copy.NEO4J_PASSWORD?.reveal()).toBe('hush');
    expect(copy.PROMETHEUS_HEADERS['X-Scope-OrgID'].reveal()).toBe('tenant');
    expect(JSON.stringify(copy)).not.toMatch(/hush|tenant/);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(JSON.parse(JSON.stringify(config)));
    expect(Object.isFrozen(copy)).toBe(true);
  });
});
