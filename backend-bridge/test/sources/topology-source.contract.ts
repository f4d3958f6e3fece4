import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Topology } from '@topdeck/protocol';
import { buildTopology } from '../../src/sources/build-topology.ts';
import type { TopologySource } from '../../src/sources/topology-source.ts';

export interface GraphResource {
  readonly id: string;
  readonly name?: string;
  readonly resource_type?: string;
  /** Written as properties beside the others. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
}
export interface Graph {
  readonly resources: readonly GraphResource[];
  readonly dependencies: readonly { readonly source: string; readonly target: string }[];
}

/** The label allow-list that the harness must make its source with. */
export const CONTRACT_LABELS = ['team', 'tier'];

/** What a test needs of an adapter: the source, not started, and handles on what it reads. */
export interface TopologySourceHarness {
  readonly source: TopologySource;
  /** Events logged so far. */
  events(): readonly Record<string, unknown>[];
  /** Replaces the graph behind the source. */
  write(graph: Graph): Promise<void>;
  /** From now on no reading succeeds, until `mend`. */
  break(): Promise<void>;
  mend(): Promise<void>;
  /** Lets so much time pass that a scheduled refresh, or a retry, has come to its end. */
  passInterval(): Promise<void>;
  close(): Promise<void>;
}

const SHOP: Graph = {
  resources: [
    { id: 'web', name: 'Web', resource_type: 'service', properties: { team: 'front', tier: 1, secret: 'x' } },
    { id: 'db', name: 'Orders', resource_type: 'database', properties: { team: 'data' } },
    { id: 'api', name: 'API', resource_type: 'service' },
  ],
  dependencies: [
    { source: 'web', target: 'api' },
    { source: 'api', target: 'db' },
  ],
};
const GROWN: Graph = { ...SHOP, resources: [...SHOP.resources, { id: 'cache', resource_type: 'cache' }] };

const ids = (topology: Topology | undefined): string[] | undefined => topology?.resources.map(({ id }) => id);

/** The contract of {@link TopologySource}; every adapter runs it. `makeHarness` gives a fresh source for each test. */
export function describeTopologySource(name: string, makeHarness: () => Promise<TopologySourceHarness>): void {
  describe(`TopologySource contract: ${name}`, () => {
    let harness: TopologySourceHarness;
    let source: TopologySource;
    beforeEach(async () => {
      harness = await makeHarness();
      source = harness.source;
      await harness.write(SHOP);
    });
    afterEach(async () => {
      await source.close();
      await harness.close();
    });

    test('before start it is unavailable, and read does not throw', () => {
      expect(source.read()).toEqual({
        topology: undefined,
        freshness: { source: source.kind, state: 'unavailable' },
      });
    });

    test('start reads the graph: sorted, indexed, labels by the allow-list, fresh', async () => {
      await source.start();
      const { topology, freshness } = source.read();
      expect(freshness).toMatchObject({ source: source.kind, state: 'fresh', last_success: expect.any(String) });
      expect(topology?.resources).toEqual([
        { id: 'api', name: 'API', resource_type: 'service', labels: {} },
        { id: 'db', name: 'Orders', resource_type: 'database', labels: { team: 'data' } },
        { id: 'web', name: 'Web', resource_type: 'service', labels: { team: 'front', tier: '1' } },
      ]);
      expect(topology?.dependencies).toEqual([
        { source: 'api', target: 'db' },
        { source: 'web', target: 'api' },
      ]);
      expect([...(topology?.edgeSource ?? [])]).toEqual([0, 2]);
      expect([...(topology?.edgeTarget ?? [])]).toEqual([1, 0]);
      expect(topology?.indexOf.get('web')).toBe(2);
    });

    test('equal graphs have equal versions, whatever source they come from', async () => {
      await source.start();
      const expected = buildTopology(
        SHOP.resources.map(({ properties: { team, tier } = {}, ...rest }) => ({ ...rest, labels: { team, tier } })),
        SHOP.dependencies,
      );
      expect(source.read().topology?.version).toBe(expected.version);
    });

    test('duplicate, dangling and self edges are counted and logged once, and the rest is served', async () => {
      const dirty = {
        resources: SHOP.resources,
        dependencies: [
          ...SHOP.dependencies,
          { source: 'web', target: 'api' },
          { source: 'db', target: 'db' },
          { source: 'web', target: 'nowhere' },
        ],
      };
      await harness.write(dirty);
      await source.start();
      await source.refresh();
      await source.refresh();
      const { topology } = source.read();
      expect(topology?.dependencies).toHaveLength(2);
      expect(topology?.issues).toEqual({
        missing_id: 0,
        duplicate_id: 0,
        duplicate_edge: 1,
        dangling_edge: 1,
        self_edge: 1,
      });
      expect(harness.events().filter(({ event }) => event === 'topology.rows_dropped')).toHaveLength(1);
    });

    test('refresh reads at once; listeners run after read shows the new topology', async () => {
      await source.start();
      const seen: (string[] | undefined)[] = [];
      source.onChange(() => seen.push(ids(source.read().topology)));
      await harness.write(GROWN);
      const reading = await source.refresh();
      expect(ids(reading.topology)).toEqual(['api', 'cache', 'db', 'web']);
      expect(seen).toEqual([['api', 'cache', 'db', 'web']]);
    });

    test('it refreshes by itself', async () => {
      await source.start();
      await harness.write(GROWN);
      await harness.passInterval();
      expect(ids(source.read().topology)).toEqual(['api', 'cache', 'db', 'web']);
    });

    test('an equal graph keeps the identical topology, and no listener runs', async () => {
      await source.start();
      const before = source.read().topology;
      let changes = 0;
      source.onChange(() => (changes += 1));
      await harness.write({
        resources: SHOP.resources.toReversed(),
        dependencies: SHOP.dependencies.toReversed(),
      });
      const { topology } = await source.refresh();
      expect(topology).toBe(before);
      expect(changes).toBe(0);
    });

    test('refreshes at the same time join and see the same', async () => {
      await source.start();
      await harness.write(GROWN);
      const readings = await Promise.all([source.refresh(), source.refresh(), source.refresh()]);
      const [first, ...others] = readings.map(({ topology }) => topology);
      expect(first?.resources).toHaveLength(4);
      for (const other of others) expect(other).toBe(first);
    });

    test('a failed refresh keeps the last topology, stale with its last success; it recovers by itself', async () => {
      await source.start();
      const good = source.read();
      await harness.break();
      const { topology, freshness } = await source.refresh();
      expect(topology).toBe(good.topology);
      expect(freshness).toMatchObject({ state: 'stale', last_success: good.freshness.last_success });
      expect(freshness.error_code).toMatch(/^(NEO4J|TOPOLOGY)_/);
      expect(freshness.error).toEqual(expect.any(String));
      await source.refresh();
      const warnings = harness
        .events()
        .filter(({ event, level }) => event === 'topology.refresh_failed' && level === 40);
      expect(warnings).toHaveLength(1);

      await harness.mend();
      await harness.passInterval();
      const mended = source.read();
      expect(mended.freshness).toMatchObject({ state: 'fresh' });
      expect(mended.freshness.error_code).toBeUndefined();
      expect(mended.topology).toBe(good.topology);
    });

    test('a listener that throws stops neither the others nor the source', async () => {
      await source.start();
      let told = 0;
      source.onChange(() => {
        throw new Error('listener');
      });
      source.onChange(() => (told += 1));
      await harness.write(GROWN);
      const { freshness } = await source.refresh();
      expect({ told, state: freshness.state }).toEqual({ told: 1, state: 'fresh' });
    });

    test('after unsubscribing, and after close, nothing runs any more', async () => {
      await source.start();
      const before = source.read().topology;
      let told = 0;
      const unsubscribe = source.onChange(() => (told += 1));
      unsubscribe();
      await harness.write(GROWN);
      await source.refresh();
      expect(told).toBe(0);
      source.onChange(() => (told += 1));
      const last = source.read().topology;
      await source.close();
      await harness.write(SHOP);
      await harness.passInterval();
      expect((await source.refresh()).topology).toBe(last);
      expect(last).not.toBe(before);
      expect(told).toBe(0);
    });
  });
}
