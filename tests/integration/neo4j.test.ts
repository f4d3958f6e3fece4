import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Secret } from '@topdeck/protocol/secret';
import type { Neo4jTopologyOptions } from '../../backend-bridge/src/sources/neo4j-topology.ts';
import type { TopologySource } from '../../backend-bridge/src/sources/topology-source.ts';
import { describeTopologySource, type Graph } from '../../backend-bridge/test/sources/topology-source.contract.ts';
import { TcpProxy } from '../fixtures/neo4j-proxy.ts';
import { selfSignedCertificate } from '../fixtures/neo4j-certificate.ts';
import { Neo4jServer, prepareNeo4j } from '../fixtures/neo4j-server.ts';
import {
  eventually,
  openTopology,
  queryCounts,
  sleep,
  writeGraph,
  type OpenedTopology,
} from '../fixtures/neo4j-topology.ts';
import { watchHeap } from '../fixtures/neo4j-heap.ts';

const available = await prepareNeo4j();
const describeReal = available.available ? describe : describe.skip;
const title = available.available ? `a real Neo4j (${available.how})` : `a real Neo4j: absent, ${available.reason}`;
if (!available.available) process.stdout.write(`skipped: ${title}\n`);
/** What only a server of our own lets us do: kill it, change its users. */
const testOwned = process.env['NEO4J_TEST_URL'] === undefined ? test : test.skip;

const SECOND_MS = 1000;
const START_LIMIT_MS = 150_000;
// A server that has just started plans its first queries for seconds on a busy machine.
jest.setTimeout(60_000);

describeReal(title, () => {
  let server: Neo4jServer;
  let proxy: TcpProxy;
  const opened: TopologySource[] = [];

  beforeAll(async () => {
    server = await Neo4jServer.start();
    proxy = await TcpProxy.before(server.boltUri);
  }, START_LIMIT_MS);
  afterAll(async () => {
    await proxy?.cut();
    await server?.clear();
    await server?.stop();
  }, START_LIMIT_MS);
  beforeEach(() => server.clear());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((source) => source.close()));
    await proxy.mend();
  });

  const write = (graph: Graph): Promise<void> => writeGraph(server, graph);
  /** A source on the server, through the proxy, closed after the test. */
  function open(options: Partial<Neo4jTopologyOptions> = {}): OpenedTopology {
    const access = { username: server.username, password: new Secret(server.password) };
    const result = openTopology({ uri: `bolt://127.0.0.1:${proxy.port}`, ...access, ...options });
    opened.push(result.source);
    return result;
  }

  describeTopologySource('neo4j', () => {
    const { source, metrics, events } = open();
    const edgesRead = async (): Promise<number> => (await queryCounts(metrics))['edges ok'] ?? 0;
    return Promise.resolve({
      source,
      events,
      write,
      break: () => proxy.cut(),
      mend: () => proxy.mend(),
      passInterval: async () => {
        const before = await edgesRead();
        // Two, for one may have begun before what the test did last; none after close.
        for (let waitedMs = 0; waitedMs < 4000 && (await edgesRead()) < before + 2; waitedMs += 50) await sleep(50);
      },
      close: () => proxy.mend(),
    });
  });

  test('default queries: any label, type from the node’s label, integers as text, allow-listed labels only', async () => {
    await server.run(`
      CREATE (w:Service:Web {id: 7, name: 'Web', team: 'front', tier: 2, secret: 's', at: datetime()}),
             (d {id: 'db', resource_type: 'database', tier: [1, 2]}),
             (:Note {text: 'has no id'}), (w)-[:DEPENDS_ON]->(d), (d)-[:KNOWS]->(w)`);
    const { source, metrics } = open();
    await source.start();
    expect(source.read().topology?.resources).toEqual([
      { id: '7', name: 'Web', resource_type: 'Service', labels: { team: 'front', tier: '2' } },
      { id: 'db', name: 'db', resource_type: 'database', labels: {} },
    ]);
    expect(source.read().topology?.dependencies).toEqual([{ source: '7', target: 'db' }]);
    expect(await queryCounts(metrics)).toEqual({ 'nodes ok': 1, 'edges ok': 1 });
  });

  test('any graph serves by custom queries', async () => {
    await server.run(`
      CREATE (a:App {key: 'a', title: 'A', owner: 'me'}), (b:App {key: 'b', title: 'B'}),
             (q:Topic {key: 't'}), (a)-[:PUBLISHES]->(q), (q)-[:FEEDS]->(b)`);
    const { source } = open({
      nodesQuery: 'MATCH (n) RETURN n.key AS id, n.title AS name, labels(n) AS labels, n.owner AS team',
      edgesQuery: 'MATCH (s)-[:PUBLISHES|FEEDS]->(t) RETURN s.key AS source, t.key AS target',
    });
    await source.start();
    expect(source.read().topology).toMatchObject({
      resources: [
        { id: 'a', name: 'A', resource_type: 'App', labels: { team: 'me' } },
        { id: 'b', name: 'B', resource_type: 'App', labels: {} },
        { id: 't', name: 't', resource_type: 'Topic', labels: {} },
      ],
      dependencies: [
        { source: 'a', target: 't' },
        { source: 't', target: 'b' },
      ],
    });
  });

  test('rows without an id, duplicates, dangling and self edges: counted, reported once, the rest served', async () => {
    await server.run(`
      CREATE (a:S {id: 'a', name: 'first'}), (:S {id: 'a', name: 'first'}), (b:S {id: 'b'}), (x:S {name: 'no id'}), (:S {id: ''}),
             (a)-[:DEPENDS_ON]->(b), (a)-[:DEPENDS_ON]->(b), (a)-[:DEPENDS_ON]->(a), (b)-[:DEPENDS_ON]->(x)`);
    const { source, events, metrics } = open({ nodesQuery: 'MATCH (n) RETURN n.id AS id, n.name AS name' });
    await source.start();
    await source.refresh();
    const { topology, freshness } = await source.refresh();
    const issues = { missing_id: 2, duplicate_id: 1, duplicate_edge: 1, dangling_edge: 1, self_edge: 1 };
    expect(topology?.resources.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(topology?.dependencies).toEqual([{ source: 'a', target: 'b' }]);
    expect({ issues: topology?.issues, state: freshness.state }).toEqual({ issues, state: 'fresh' });
    expect(events().filter(({ event }) => event === 'topology.rows_dropped')).toMatchObject([issues]);
    const { values } = await metrics.topologyIssues.get();
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]))).toEqual(issues);
  });

  test('an empty database is an empty topology, not a fault', async () => {
    const { source } = open();
    await source.start();
    expect(source.read()).toMatchObject({ topology: { resources: [] }, freshness: { state: 'fresh' } });
  });

  test('wrong password: start rejects, and no secret reaches the log', async () => {
    const { source, text } = open({ password: new Secret('hunter2-wrong') });
    await expect(source.start()).rejects.toMatchObject({ code: 'NEO4J_AUTH_FAILED' });
    expect(text()).toContain('NEO4J_AUTH_FAILED');
    expect(text()).not.toContain('hunter2');
  });

  testOwned('encrypted: +ssc takes a certificate of its own making, +s refuses it', async () => {
    await write({ resources: [{ id: 'a' }], dependencies: [] });
    const encrypted = await TcpProxy.before(server.boltUri, await selfSignedCertificate());
    const trusting = open({ uri: `bolt+ssc://127.0.0.1:${encrypted.port}` }).source;
    const strict = open({ uri: `bolt+s://127.0.0.1:${encrypted.port}` }).source;
    await Promise.all([trusting.start(), strict.start()]);
    await encrypted.cut();
    expect(trusting.read()).toMatchObject({ topology: { resources: [{ id: 'a' }] } });
    expect(strict.read()).toMatchObject({
      topology: undefined,
      freshness: { state: 'unavailable', error_code: 'NEO4J_UNREACHABLE' },
    });
  });

  testOwned('wrong password over a routing URI is told as such too', async () => {
    const uri = server.boltUri.replace('bolt', 'neo4j');
    const { source } = open({ uri, password: new Secret('wrong') });
    await expect(source.start()).rejects.toMatchObject({ code: 'NEO4J_AUTH_FAILED' });
  });

  testOwned('credentials refused later: stale, and fresh once they are good again', async () => {
    await server.run("CREATE USER bridge IF NOT EXISTS SET PASSWORD 'first-one' CHANGE NOT REQUIRED");
    const { source } = open({ username: 'bridge', password: new Secret('first-one') });
    await source.start();
    await server.run("ALTER USER bridge SET PASSWORD 'second-one'");
    await proxy.cut();
    await proxy.mend();
    await eventually(() => source.read().freshness.error_code === 'NEO4J_AUTH_FAILED', 5 * SECOND_MS);
    expect(source.read()).toMatchObject({ topology: { resources: [] }, freshness: { state: 'stale' } });
    await server.run("ALTER USER bridge SET PASSWORD 'first-one'");
    expect((await source.refresh()).freshness.state).toBe('fresh');
  });

  test('bad Cypher: unavailable with the database’s own words; start does not reject', async () => {
    const { source, metrics } = open({ nodesQuery: 'MATCH (n) RETRUN n.id AS id' });
    await source.start();
    expect(source.read().freshness).toMatchObject({ state: 'unavailable', error_code: 'NEO4J_QUERY_FAILED' });
    expect(source.read().freshness.error).toMatch(/^A topology query failed: .*RETRUN/s);
    expect(await queryCounts(metrics)).toEqual({ 'nodes NEO4J_QUERY_FAILED': 1 });
  });

  test('a query without the needed columns names them', async () => {
    const { source } = open({
      edgesQuery: 'MATCH (s)-->(t) RETURN s.id AS "from", t.id AS target'.replaceAll('"', '`'),
    });
    await source.start();
    expect(source.read().freshness.error).toBe(
      'A topology query failed: the edges query returns from, target but not source',
    );
  });

  test('queries run in read transactions: one that writes is refused and changes nothing', async () => {
    const { source } = open({ nodesQuery: "CREATE (n {id: 'intruder'}) RETURN n.id AS id" });
    await source.start();
    expect(source.read().freshness).toMatchObject({ error_code: 'NEO4J_QUERY_FAILED' });
    expect(await server.run('MATCH (n) RETURN count(n) AS nodes')).toEqual([{ nodes: 0 }]);
  });

  test('a database that is not there has its own code', async () => {
    const { source } = open({ database: 'nowhere' });
    await source.start();
    expect(source.read().freshness).toMatchObject({ error_code: 'NEO4J_DATABASE_NOT_FOUND' });
  });

  test('a query beyond the time limit is ended by the database', async () => {
    const nodesQuery = 'UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH sum(a * b) AS id RETURN id';
    const { source } = open({ nodesQuery, timeoutS: 0.5 });
    await source.start();
    expect(source.read().freshness.error_code).toBe('NEO4J_QUERY_FAILED');
    expect(source.read().freshness.error).toMatch(/timeout|timed out|terminated/i);
  });

  test('more rows than allowed: refused as soon as that shows, the last good topology stays', async () => {
    await write({ resources: [{ id: 'a' }, { id: 'b' }], dependencies: [{ source: 'a', target: 'b' }] });
    const { source } = open({ maxNodes: 3, refreshS: 30 });
    await source.start();
    const good = source.read().topology;
    await server.run("UNWIND range(1, 50000) AS i CREATE ({id: 'n' + i})");
    const { topology, freshness } = await source.refresh();
    expect(topology).toBe(good);
    expect(freshness).toMatchObject({
      state: 'stale',
      error_code: 'TOPOLOGY_TOO_LARGE',
      error: expect.stringContaining('the nodes query returns more than 3 rows'),
    });
    await server.run("MATCH (n) WHERE n.id STARTS WITH 'n' DETACH DELETE n");
    expect((await source.refresh()).freshness.state).toBe('fresh');
  });

  test('a server that hangs is given up after the limit; mended, the source recovers by itself', async () => {
    const { source } = open({ timeoutS: 0.5 });
    await source.start();
    const good = source.read().topology;
    proxy.hang();
    await eventually(() => source.read().freshness.state === 'stale', 6 * SECOND_MS);
    expect(source.read()).toMatchObject({ freshness: { error_code: 'NEO4J_UNREACHABLE' } });
    expect(source.read().freshness.error).toMatch(/no answer within 2.5 s$/);
    await proxy.mend();
    await eventually(() => source.read().freshness.state === 'fresh', 8 * SECOND_MS);
    expect(source.read().topology).toBe(good);
  });

  test('close does not wait for a server that hangs', async () => {
    const { source } = open();
    await source.start();
    proxy.hang();
    const refreshed = source.refresh();
    await sleep(100);
    const startMs = performance.now();
    await source.close();
    await refreshed;
    expect(performance.now() - startMs).toBeLessThan(SECOND_MS);
  });

  test('unreachable at start: start resolves, and the graph is there soon after the server is', async () => {
    await write({ resources: [{ id: 'a' }], dependencies: [] });
    await proxy.cut();
    const { source } = open({ refreshS: 30 });
    await source.start();
    expect(source.read()).toMatchObject({
      topology: undefined,
      freshness: { state: 'unavailable', error_code: 'NEO4J_UNREACHABLE', error: 'Neo4j cannot be reached' },
    });
    await proxy.mend();
    await eventually(() => source.read().topology?.resources.length === 1, 5 * SECOND_MS);
  });

  testOwned(
    'the server killed and restarted: stale within two refreshes, topology kept, recovered by itself',
    async () => {
      await write({ resources: [{ id: 'a' }, { id: 'b' }], dependencies: [{ source: 'a', target: 'b' }] });
      const refreshS = 2;
      const sources = [
        open({ uri: server.boltUri, refreshS }).source,
        open({ uri: server.boltUri.replace('bolt', 'neo4j'), refreshS }).source,
      ];
      await Promise.all(sources.map((source) => source.start()));
      const good = sources.map((source) => source.read().topology);
      expect(good.map((topology) => topology?.dependencies.length)).toEqual([1, 1]);
      await server.kill();
      const all = (state: string): boolean => sources.every((source) => source.read().freshness.state === state);
      await eventually(() => all('stale'), 2 * refreshS * SECOND_MS);
      for (const [index, source] of sources.entries()) {
        expect(source.read().topology).toBe(good[index]);
        expect(source.read().freshness).toMatchObject({ error_code: 'NEO4J_UNREACHABLE' });
      }
      await server.restart();
      const tookMs = await eventually(() => all('fresh'), 3 * refreshS * SECOND_MS);
      expect(sources.map((source) => source.read().topology)).toEqual(good);
      process.stdout.write(`neo4j restarted: topology fresh again after ${Math.round(tookMs)} ms\n`);
    },
    START_LIMIT_MS,
  );

  test('100,000 nodes and 500,000 edges load with two queries, without holding the rows', async () => {
    await server.run(`
        UNWIND range(0, 99999) AS i
        CREATE (n:Service {id: 'svc-' + i, name: 'Service ' + i, resource_type: 'service', team: 'team-' + (i % 20), tier: i % 3,
                           created: datetime(), note: 'a property that nobody asked for'})
        WITH collect(n) AS ns UNWIND range(0, 499999) AS i
        WITH ns[i % 100000] AS s, ns[(i * 7 + i / 100000 + 1) % 100000] AS t CREATE (s)-[:DEPENDS_ON]->(t)`);
    const { source, metrics } = open({ timeoutS: 120, refreshS: 3600 });
    const first = await watchHeap(() => source.start());
    const { topology, freshness } = source.read();
    expect(freshness).toMatchObject({ state: 'fresh' });
    expect(topology?.resources).toHaveLength(100_000);
    const edges = (topology?.dependencies.length ?? 0) + (topology?.issues.self_edge ?? 0);
    expect(edges + (topology?.issues.duplicate_edge ?? 0)).toBe(500_000);
    const again = await watchHeap(() => source.refresh());
    expect(source.read().topology).toBe(topology);
    expect(await queryCounts(metrics)).toEqual({ 'nodes ok': 2, 'edges ok': 2 });
    const told = { edges: topology?.dependencies.length, first, again };
    process.stdout.write(`neo4j 100,000 nodes / 500,000 edges: ${JSON.stringify(told)}\n`);
    // Held: 100,000 resources and 500,000 pairs take some 60 MB; a list of all records would take over 300 MB more.
    expect(first.heldMb).toBeLessThan(150);
    expect(first.peakMb).toBeLessThan(400);
    expect(again.heldMb).toBeLessThan(10);
  }, 300_000);
});
