import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnomalyAlert, Snapshot } from '@topdeck/protocol';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { getJson } from '../fixtures/node-process.ts';
import { OriginalClient, renderOriginalPage } from '../fixtures/original-client.ts';

type Fields = Record<string, unknown>;

/** What a person sees who has nothing but the repository: embedded topology, embedded simulator, TopDeck's own client. */
describe('a client of the original protocol at the embedded demo', () => {
  let bridge: BridgeProcess;
  let url: string;
  let client: OriginalClient;
  let connectedMs: number;

  beforeAll(async () => {
    bridge = new BridgeProcess({ COLLECT_INTERVAL_S: '2' });
    url = await bridge.url();
    connectedMs = performance.now();
    client = await OriginalClient.connect(url, 2);
  }, 30_000);

  afterAll(async () => {
    client.close();
    await bridge.stop();
  });

  test('the start table says that topology and metrics are embedded', () => {
    expect(bridge.output).toMatch(/topology\s+embedded/);
    expect(bridge.output).toMatch(/metrics\s+embedded/);
  });

  test('CONN-2, CONN-3 it is greeted and has a snapshot within 5 s', async () => {
    await client.until(() => client.ofType('snapshot_update')[0], 5_000);
    expect(performance.now() - connectedMs).toBeLessThan(5_000);
    expect(client.received[0]).toMatchObject({ type: 'connected', update_interval: 2, message: expect.any(String) });
    expect(client.page?.services.length).toBeGreaterThan(10);
  });

  test('MSG-1, MSG-2, MSG-4, SUB-1, SUB-4 it is answered in the original’s words', async () => {
    client.send({ type: 'ping' });
    await client.until(() => client.ofType('pong')[0], 2_000);
    const before = client.ofType('snapshot_update').length;
    client.send({ type: 'get_snapshot' });
    await client.until(() => (client.ofType('snapshot_update').length > before ? true : undefined), 1_500);
    const some = String(client.page?.services[0]?.['resource_id']);
    client.send({ type: 'subscribe', resource_ids: [some] });
    expect(await client.until(() => client.ofType('subscribed')[0], 2_000)).toMatchObject({ resource_ids: [some] });
    client.send({ type: 'unsubscribe', resource_ids: [some] });
    expect(await client.until(() => client.ofType('unsubscribed')[0], 2_000)).toMatchObject({ resource_ids: [some] });
    client.send({ type: 'dance' });
    const error = await client.until(() => client.ofType('error')[0], 2_000);
    expect(String(error['message'])).toContain('Unknown message type: dance');
  });

  test('EVT-1, EVT-4 within a minute it sees a fault come, spread along the dependencies and go', async () => {
    const left = (): number => 65_000 - (performance.now() - connectedMs);
    const came = await client.until(() => client.ofType('anomaly_detected')[0], left());
    expect(came['data']).toMatchObject({ resource_id: expect.any(String), metric_name: expect.any(String) });
    const worse = new Set(['degraded', 'failed']);
    const changes = (): Fields[] => client.ofType('health_change').map((message) => message['data'] as Fields);
    const sick = (): string[] =>
      changes()
        .filter((c) => worse.has(String(c['new_status'])))
        .map((c) => String(c['resource_id']));
    await client.until(() => (new Set(sick()).size >= 2 ? true : undefined), left());
    const snapshot = await getJson<Snapshot>(`${url}/api/v1/live-diagnostics/snapshot`);
    const sickIds = new Set(sick());
    expect(snapshot.dependencies.some(([source, target]) => sickIds.has(source) && sickIds.has(target))).toBe(true);
    const healed = await client.until(() => changes().find((c) => c['new_status'] === 'healthy'), left());
    expect(sickIds).toContain(healed['resource_id']);
  }, 70_000);

  test('CONN-7 it never met a message type that the original lacks, nor an extended envelope', () => {
    expect(client.unknownTypes).toEqual([]);
    for (const message of client.received) {
      expect(message).not.toHaveProperty('seq');
      expect(message).not.toHaveProperty('epoch');
    }
  });

  test('REST-1 … REST-6 polling, its fallback, gives what its page needs', async () => {
    const rest = `${url}/api/v1/live-diagnostics`;
    const snapshot = await getJson<Snapshot>(`${rest}/snapshot?duration_hours=1`, {
      headers: { origin: 'http://localhost:3000' },
    });
    expect(renderOriginalPage(snapshot as unknown as Parameters<typeof renderOriginalPage>[0])).toContain('services');
    const first = snapshot.services[0];
    expect(await getJson(`${rest}/services/${encodeURIComponent(first.resource_id)}/health`)).toMatchObject({
      resource_id: first.resource_id,
      resource_name: first.resource_name,
    });
    expect(Array.isArray(await getJson<AnomalyAlert[]>(`${rest}/anomalies?severity=high&limit=5`))).toBe(true);
    expect((await getJson<unknown[]>(`${rest}/traffic-patterns?abnormal_only=false`)).length).toBeGreaterThan(5);
    expect(Array.isArray(await getJson<unknown[]>(`${rest}/failing-dependencies`))).toBe(true);
    expect(await getJson(`${rest}/health`)).toMatchObject({ status: 'healthy', timestamp: expect.any(String) });
    expect(await getJson(`${url}/api/v1/ws/live-diagnostics/health`)).toMatchObject({
      active_connections: 1,
      publisher_running: true,
    });
  });

  test('REST-7 the events it saw are in the history', async () => {
    const events = await getJson<{ type: string }[]>(`${url}/api/v1/live-diagnostics/events?limit=1000`);
    expect(events.filter((e) => e.type === 'health_change').length).toBeGreaterThanOrEqual(
      client.ofType('health_change').length,
    );
  });
});
