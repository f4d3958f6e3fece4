import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HealthHistoryResponse, MetricRangeResponse } from '@topdeck/protocol';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { eventually, getJson } from '../fixtures/node-process.ts';

const INTERVAL_MS = 1_000;
const AWAY_MS = 2_000;
let folder: string;
let bridge: BridgeProcess;
let url: string;

async function start(): Promise<void> {
  bridge = new BridgeProcess({
    COLLECT_INTERVAL_S: String(INTERVAL_MS / 1000),
    BACKFILL_S: '0',
    HISTORY_FILE: join(folder, 'history.sqlite'),
  });
  url = `${await bridge.url()}/api/v1/live-diagnostics`;
}
const iso = (atMs: number): string => new Date(atMs).toISOString();
const read = (sinceMs: number, untilMs: number): Promise<HealthHistoryResponse> =>
  getJson(`${url}/health-history?since=${iso(sinceMs)}&until=${iso(untilMs)}`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-history-'));
  await start();
});
afterEach(async () => {
  await bridge.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('health over time of the embedded demo', () => {
  test('REST-12 survives a SIGKILL; the time without the bridge is unknown', async () => {
    const beganMs = Date.now();
    const before = await eventually(
      'a few seconds of history',
      async () => {
        const history = await read(beganMs - 60_000, Date.now());
        const [first] = history.services[0]?.points ?? [];
        return first !== undefined && Date.now() - first[0] > 2.5 * INTERVAL_MS ? history : undefined;
      },
      20_000,
    );
    expect(before.services.length).toBeGreaterThan(10);
    await bridge.kill();
    const killedMs = Date.now();
    await new Promise((later) => setTimeout(later, AWAY_MS));
    const restartMs = Date.now();
    await start();
    const after = await eventually(
      'health after the restart',
      async () => {
        const history = await read(beganMs - 60_000, Date.now());
        const last = history.services[0]?.points.at(-1);
        return last !== undefined && last[0] > restartMs && last[1] !== 'unknown' ? history : undefined;
      },
      20_000,
    );
    expect(after.services.map((service) => service.resource_id)).toEqual(
      before.services.map((service) => service.resource_id),
    );
    for (const { resource_id, points } of after.services) {
      const gap = points.findIndex(([, status]) => status === 'unknown');
      const [[atMs, , score], [backMs, backStatus]] = [points[gap], points[gap + 1]];
      expect(score).toBeNull();
      // What the last tick said held until the next one was due.
      expect(atMs).toBeGreaterThan(killedMs - 2 * INTERVAL_MS);
      expect(atMs).toBeLessThanOrEqual(killedMs + INTERVAL_MS);
      expect(backMs).toBeGreaterThanOrEqual(restartMs);
      expect(backStatus).not.toBe('unknown');
      const known = before.services.find((service) => service.resource_id === resource_id)?.points ?? [];
      expect(known.length).toBeGreaterThan(0);
      expect(points.slice(0, known.length)).toEqual(known);
    }
  }, 60_000);

  test('REST-13 a metric over time is there at once, of what is named alone', async () => {
    const untilMs = Date.now();
    const range = `since=${iso(untilMs - 600_000)}&until=${iso(untilMs)}&step_s=60&resource_id=checkout`;
    const services = await getJson<MetricRangeResponse>(`${url}/metrics/request_rate/range?${range}`);
    expect(services.series.map(({ resource_id }) => resource_id)).toEqual(['checkout']);
    expect(services.times).toHaveLength(10);
    expect(services.series[0]?.values.every((value) => value !== null && value > 0)).toBe(true);
    const edges = await getJson<MetricRangeResponse>(`${url}/metrics/request_rate/range?${range}&scope=edge`);
    expect(edges.series.length).toBeGreaterThan(1);
    for (const { resource_id, target_id } of edges.series) expect([resource_id, target_id]).toContain('checkout');
    const missing = await fetch(`${url}/metrics/luck/range?${range}`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('request_rate, error_rate, latency_p95'),
    });
  }, 40_000);
});
