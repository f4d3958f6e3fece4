import { describe, expect, test } from '@jest/globals';
import type { Topology } from '@topdeck/protocol';
import { BridgeError } from '../../src/errors.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { neo4jRefreshPolicy } from '../../src/sources/neo4j-topology.ts';
import { RefreshingTopologySource, type TopologyReader } from '../../src/sources/topology-refresher.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';

const graph = (...ids: string[]): Topology =>
  buildTopology(
    ids.map((id) => ({ id })),
    [],
  );
const SECOND_MS = 1000;

/** A reader whose next outcomes a test sets; `loads` are the times at which it was asked. */
function openSource(refreshS = 30) {
  const clock = new FakeClock();
  const metrics = createPipelineMetrics();
  const { log, events } = captureLog();
  const loads: number[] = [];
  let next: () => Promise<Topology> = () => Promise.resolve(graph('a'));
  const reader: TopologyReader = {
    kind: 'neo4j',
    load: () => {
      loads.push(clock.monotonicMs() / SECOND_MS);
      return next();
    },
    close: () => Promise.resolve(),
  };
  const policy = neo4jRefreshPolicy(refreshS, () => 0.5);
  const source = new RefreshingTopologySource(reader, policy, { clock, log, metrics });
  const will = (outcome: () => Promise<Topology>): void => {
    next = outcome;
  };
  const fail = (code: ConstructorParameters<typeof BridgeError>[0]): void =>
    will(() => Promise.reject(new BridgeError(code)));
  return { clock, metrics, events, loads, source, will, fail };
}

describe('refreshing a topology', () => {
  test('reads every interval, counted from the end of the reading before', async () => {
    const { clock, loads, source, will } = openSource();
    await source.start();
    const slow = Promise.withResolvers<Topology>();
    will(() => slow.promise);
    await clock.advance(100 * SECOND_MS);
    expect(loads).toEqual([0, 30]);
    slow.resolve(graph('a'));
    await clock.advance(30 * SECOND_MS);
    expect(loads).toEqual([0, 30, 130]);
    expect(clock.pending).toBe(1);
    await source.close();
    expect(clock.pending).toBe(0);
  });

  test('unreachable at start: start resolves, retries come after 1, 2, 4 … s up to the interval, then it recovers', async () => {
    const { clock, loads, source, will, fail, events } = openSource(10);
    fail('NEO4J_UNREACHABLE');
    await source.start();
    expect(source.read()).toMatchObject({
      topology: undefined,
      freshness: { state: 'unavailable', error_code: 'NEO4J_UNREACHABLE', error: 'Neo4j cannot be reached' },
    });
    await clock.advance(36 * SECOND_MS);
    expect(loads).toEqual([0, 1, 3, 7, 15, 25, 35]);
    will(() => Promise.resolve(graph('a')));
    await clock.advance(10 * SECOND_MS);
    expect(source.read()).toMatchObject({ freshness: { state: 'fresh', last_success: '2026-01-01T00:00:45.000Z' } });
    const named = (event: string) => events().filter((entry) => entry['event'] === event);
    expect(named('topology.refresh_failed').map(({ level }) => level)).toEqual([40, 20, 20, 20, 20, 20, 20]);
    expect(named('topology.recovered')).toMatchObject([{ failures: 7 }]);
    expect(named('topology.changed')).toMatchObject([{ resources: 1, dependencies: 0 }]);
    await source.close();
  });

  test('refused credentials: start rejects and nothing runs any more', async () => {
    const { clock, loads, source, fail } = openSource();
    fail('NEO4J_AUTH_FAILED');
    await expect(source.start()).rejects.toMatchObject({ code: 'NEO4J_AUTH_FAILED' });
    await clock.advance(3600 * SECOND_MS);
    expect(loads).toEqual([0]);
  });

  test('refused credentials later: stale, and asked again, but slowly', async () => {
    const { clock, loads, source, fail } = openSource(2);
    await source.start();
    fail('NEO4J_AUTH_FAILED');
    await clock.advance(32 * SECOND_MS);
    expect(loads).toEqual([0, 2, 12, 22, 32]);
    expect(source.read()).toMatchObject({
      topology: { resources: [{ id: 'a' }] },
      freshness: { state: 'stale', error_code: 'NEO4J_AUTH_FAILED', last_success: '2026-01-01T00:00:00.000Z' },
    });
    await source.close();
  });

  test('a bad query at start: start resolves, unavailable with the reason, asked again at the usual pace', async () => {
    const { clock, loads, source, fail } = openSource(30);
    fail('NEO4J_QUERY_FAILED');
    await source.start();
    await clock.advance(60 * SECOND_MS);
    expect(loads).toEqual([0, 30, 60]);
    expect(source.read().freshness).toMatchObject({ state: 'unavailable', error_code: 'NEO4J_QUERY_FAILED' });
    await source.close();
  });

  test('refresh reads at once and the next reading is one interval later', async () => {
    const { clock, loads, source } = openSource();
    await source.start();
    await clock.advance(20 * SECOND_MS);
    await source.refresh();
    await clock.advance(29 * SECOND_MS);
    expect(loads).toEqual([0, 20]);
    await clock.advance(SECOND_MS);
    expect(loads).toEqual([0, 20, 50]);
    await source.close();
  });

  test('refreshes join the reading under way: one load, one answer', async () => {
    const { clock, loads, source, will } = openSource();
    await source.start();
    const slow = Promise.withResolvers<Topology>();
    will(() => slow.promise);
    const readings = Promise.all([source.refresh(), source.refresh()]);
    await clock.advance(0);
    slow.resolve(graph('a', 'b'));
    const [first, second] = await readings;
    expect(loads).toHaveLength(2);
    expect(first?.topology?.resources).toHaveLength(2);
    expect(second?.topology).toBe(first?.topology);
    await source.close();
  });

  test('a reading that ends after close changes nothing', async () => {
    const { source, will } = openSource();
    await source.start();
    const before = source.read();
    let told = 0;
    source.onChange(() => (told += 1));
    const slow = Promise.withResolvers<Topology>();
    will(() => slow.promise);
    const refreshed = source.refresh();
    const closed = source.close();
    slow.resolve(graph('b'));
    await Promise.all([refreshed, closed]);
    expect(source.read()).toEqual(before);
    expect(told).toBe(0);
  });

  test('a wall clock that jumps moves no schedule', async () => {
    const { clock, loads, source } = openSource();
    await source.start();
    clock.jumpWall(-7200 * SECOND_MS);
    await clock.advance(30 * SECOND_MS);
    clock.jumpWall(86_400 * SECOND_MS);
    await clock.advance(30 * SECOND_MS);
    expect(loads).toEqual([0, 30, 60]);
    await source.close();
  });

  test('metrics tell the last success, the size and the dropped rows', async () => {
    const { metrics, source, will } = openSource();
    will(() =>
      Promise.resolve(buildTopology([{ id: 'a' }, { id: 'b' }, { id: null }], [{ source: 'a', target: 'b' }])),
    );
    await source.start();
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      `topdeck_source_last_success_timestamp_seconds{source="topology"} ${Date.parse('2026-01-01T00:00:00Z') / 1000}`,
    );
    expect(text).toContain('topdeck_topology_size{kind="resources"} 2');
    expect(text).toContain('topdeck_topology_size{kind="dependencies"} 1');
    expect(text).toContain('topdeck_topology_issues{reason="missing_id"} 1');
    await source.close();
  });
});

test('lost connections are retried with jitter: a fifth up or down, never beyond the interval', () => {
  const lost = new BridgeError('NEO4J_UNREACHABLE');
  const delays = (random: number): number[] =>
    [1, 2, 3, 6, 100].map((failures) => neo4jRefreshPolicy(30, () => random).retryDelayMs(lost, failures));
  expect(delays(0)).toEqual([800, 1600, 3200, 25_600, 30_000]);
  expect(delays(1)).toEqual([1200, 2400, 4800, 30_000, 30_000]);
});
