import { describe, expect, test } from '@jest/globals';
import { InstanceManager, QueryError, type Call, type Health, type PluginContext } from '@topdeck/grafana-plugin-sdk';
import type { HealthResponse } from '@topdeck/protocol';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { BridgeUnavailable, type BridgeFault } from '../src/bridge/bridge.ts';
import { createCheckHealth } from '../src/check-health.ts';
import type { Instance } from '../src/instance.ts';
import { FakeBridge, REFUSED } from './fake-bridge.ts';
import { FakeClock } from './fake-clock.ts';
import { instanceWith, silent } from './instances.ts';
import { service, snapshotOf } from './snapshots.ts';

const HEALTHY = { status: 'healthy' } as HealthResponse;
const CONTEXT = { orgId: 1, pluginId: 'p', grafanaConfig: {} } as unknown as PluginContext;

async function check(
  bridge: FakeBridge,
  clock = new FakeClock(),
): Promise<Health & { hops: Record<string, HealthHop> }> {
  const instance = instanceWith(bridge, clock);
  const handler = createCheckHealth(new InstanceManager<Instance>({ create: () => instance }));
  const call: Call = { signal: new AbortController().signal, log: silent };
  const health = await handler.checkHealth({ context: CONTEXT, headers: {} }, call);
  const hops = health.details?.['hops'] as HealthHop[];
  return { ...health, hops: Object.fromEntries(hops.map((hop) => [hop.hop, hop])) };
}

const answering = (): FakeBridge => new FakeBridge({ sourceHealth: async () => HEALTHY });
const failing = (fault: BridgeFault): FakeBridge =>
  new FakeBridge({ sourceHealth: () => Promise.reject(new BridgeUnavailable(fault)) });

describe('the health check', () => {
  test('names every hop when all is well', async () => {
    const clock = new FakeClock();
    const bridge = answering();
    bridge.receive(snapshotOf([service('a'), service('b')]), clock.nowMs());
    const { status, message, hops } = await check(bridge, clock);
    expect(status).toBe('ok');
    expect(Object.keys(hops)).toEqual(['bridge', 'authorisation', 'stream', 'topology', 'metrics', 'data']);
    expect(Object.values(hops).map(({ state }) => state)).toEqual(Array(6).fill('ok'));
    expect(message).toMatch(/neo4j \(topology\) is fresh: 2 resources/);
    expect(message).toMatch(/prometheus \(metrics\) is fresh/);
  });

  test('a bridge that is not there is told apart from what follows from it', async () => {
    const { status, message, hops } = await check(failing(REFUSED));
    expect(status).toBe('error');
    expect(message).toBe('Nothing listens at http://127.0.0.1:8000. Start the bridge');
    expect(hops['bridge']).toMatchObject({ state: 'error', action: 'Start the bridge' });
    expect(hops['authorisation']?.state).toBe('unknown');
    expect(hops['metrics']?.state).toBe('unknown');
  });

  test('a refused token is not a bridge out of reach', async () => {
    const fault = { code: 'UNAUTHENTICATED', message: 'No valid token', action: 'Set the token', httpStatus: 401 };
    const { status, message, hops } = await check(failing(fault));
    expect(status).toBe('error');
    expect(hops['bridge']?.state).toBe('ok');
    expect(hops['authorisation']).toMatchObject({ state: 'error', text: 'No valid token' });
    expect(message).toBe('No valid token. Set the token');
  });

  test('a stale source is a warning with its error, one that never answered an error', async () => {
    const clock = new FakeClock();
    const bridge = answering();
    const snapshot = snapshotOf([]);
    snapshot.freshness.topology = { source: 'neo4j', state: 'stale', last_success: 'T', error: 'refused' };
    bridge.receive(snapshot, clock.nowMs());
    const stale = await check(bridge, clock);
    expect(stale.status).toBe('ok');
    expect(stale.message).toMatch(/But: neo4j \(topology\) is stale, last read T: refused/);

    snapshot.freshness.metrics = { source: 'prometheus', state: 'unavailable', error_code: 'PROMETHEUS_DOWN' };
    bridge.receive(snapshot, clock.nowMs());
    const lost = await check(bridge, clock);
    expect(lost.status).toBe('error');
    expect(lost.message).toMatch(/prometheus \(metrics\) is unavailable and never was read: PROMETHEUS_DOWN/);
  });

  test('polling is a warning that says why there is no stream', async () => {
    const clock = new FakeClock();
    const bridge = answering();
    bridge.receive(snapshotOf([service('a')]), clock.nowMs());
    bridge.lose({ state: 'polling', fault: { ...REFUSED, message: 'The proxy cuts WebSockets' } });
    const { status, hops } = await check(bridge, clock);
    expect(status).toBe('ok');
    expect(hops['stream']).toMatchObject({ state: 'warning' });
    expect(hops['stream']?.text).toMatch(/The proxy cuts WebSockets/);
  });

  test('old data fails, for alert rules do not judge by it', async () => {
    const clock = new FakeClock();
    const bridge = answering();
    bridge.receive(snapshotOf([service('a')]), clock.nowMs());
    clock.advance(600_000);
    const { status, hops } = await check(bridge, clock);
    expect(status).toBe('error');
    expect(hops['data']?.text).toMatch(/600\.0 s old/);
  });

  test('settings that cannot be used are the first hop', async () => {
    const refuse = (): never => {
      throw new QueryError('The URL is missing', { status: 400, source: 'downstream' });
    };
    const handler = createCheckHealth(new InstanceManager<Instance>({ create: refuse }));
    const call: Call = { signal: new AbortController().signal, log: silent };
    const health = await handler.checkHealth({ context: CONTEXT, headers: {} }, call);
    expect(health).toMatchObject({ status: 'error', message: 'The URL is missing' });
  });
});
