import { createServer, type Server } from 'node:net';
import { writeFileSync, mkdtempSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { eventually, getJson } from '../fixtures/node-process.ts';

const open: { stop(): Promise<unknown> }[] = [];
const start = (env: Record<string, string>): BridgeProcess => {
  const bridge = new BridgeProcess(env);
  open.push(bridge);
  return bridge;
};
const occupy = async (): Promise<number> => {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  open.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
  return (server.address() as { port: number }).port;
};
const folder = (): string => mkdtempSync(join(tmpdir(), 'topdeck-start-'));

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.stop()));
});

describe('faults at start are one clear line that says what to do', () => {
  test('every unknown and invalid key is listed with what was expected', async () => {
    const bridge = start({ PORT: 'eighty', LOG_LEVEL: 'loud', NEO4J_URL: 'bolt://x', COLLECT_INTERVAL_S: '0' });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toContain('PORT: expected integer from 0 to 65535');
    expect(bridge.output).toContain('LOG_LEVEL: expected one of trace, debug');
    expect(bridge.output).toContain('NEO4J_URL: unknown key');
    expect(bridge.output).toContain('COLLECT_INTERVAL_S: expected number from 1 to 300');
    expect(bridge.output).not.toContain('    at ');
  });

  test('a port in use', async () => {
    const port = await occupy();
    const bridge = start({ PORT: String(port) });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toMatch(new RegExp(`PORT_IN_USE.*127.0.0.1:${port}`));
    expect(bridge.output).toContain('set PORT to a free one');
    expect(bridge.output).not.toContain('    at ');
  });

  test('an address that is not loopback without authentication', async () => {
    const bridge = start({ HOST: '0.0.0.0' });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toContain('INSECURE_BIND');
    expect(bridge.output).toContain('ALLOW_UNAUTHENTICATED=true');
  });

  test('an unreadable configuration file', async () => {
    const bridge = start({ CONFIG_FILE: join(folder(), 'none.yaml') });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toContain('CONFIG_FILE_UNREADABLE');
  });

  test('a missing and an invalid topology file', async () => {
    const missing = start({ TOPOLOGY_FILE: join(folder(), 'none.yaml') });
    expect(await missing.exited).not.toBe(0);
    expect(missing.output).toContain('TOPOLOGY_FILE_UNREADABLE');
    const file = join(folder(), 'bad.yaml');
    writeFileSync(file, 'resources: 7\n');
    const invalid = start({ TOPOLOGY_FILE: file });
    expect(await invalid.exited).not.toBe(0);
    expect(invalid.output).toContain('TOPOLOGY_FILE_INVALID');
  });

  test('an unknown preset', async () => {
    const bridge = start({ PROMETHEUS_URL: 'http://127.0.0.1:9', METRICS_PRESET: 'nonsense' });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toContain('METRICS_PRESET_INVALID');
  });

  test('a history file that is no database', async () => {
    const file = join(folder(), 'history.sqlite');
    writeFileSync(file, 'not a database, but somebody’s file\n'.repeat(100));
    chmodSync(file, 0o600);
    const bridge = start({ HISTORY_FILE: file });
    expect(await bridge.exited).not.toBe(0);
    expect(bridge.output).toContain('HISTORY_UNAVAILABLE');
  });
});

describe('what cannot be reached is waited for', () => {
  test('SNAP-2, SNAP-4 with Neo4j and Prometheus away the bridge runs, says so, and calls nothing healthy', async () => {
    const closed = await occupy();
    await Promise.all(open.splice(0).map((one) => one.stop()));
    const bridge = start({
      NEO4J_URI: `bolt://127.0.0.1:${closed}`,
      NEO4J_PASSWORD: 'hunter2-hunter2',
      PROMETHEUS_URL: `http://127.0.0.1:${closed}`,
    });
    const url = await bridge.url();
    const health = await eventually(
      'health tells of the unreachable sources',
      () =>
        getJson<{ status: string; components: object }>(`${url}/api/v1/live-diagnostics/health`).catch(() => undefined),
      15_000,
    );
    expect(health).toMatchObject({ status: 'unhealthy', components: { neo4j: 'unhealthy' } });
    const snapshot = await getJson<{ overall_health: string; services: unknown[]; freshness: object }>(
      `${url}/api/v1/live-diagnostics/snapshot`,
    );
    expect(snapshot).toMatchObject({
      overall_health: 'unknown',
      services: [],
      freshness: { topology: { state: 'unavailable', error_code: 'NEO4J_UNREACHABLE' } },
    });
    expect(bridge.output).not.toContain('hunter2');
  }, 40_000);

  test('SIGTERM ends it cleanly', async () => {
    const bridge = start({});
    await bridge.url();
    expect(await bridge.stop()).toBe(0);
  });
});
