import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createFileTopology, type FileTopologyOptions } from '../../src/sources/file-topology.ts';
import type { TopologySource } from '../../src/sources/topology-source.ts';
import { createPipelineMetrics, type PipelineMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { FakeClock } from '../fake-clock.ts';
import { CONTRACT_LABELS, describeTopologySource, type Graph } from './topology-source.contract.ts';

const SECOND_MS = 1000;
const asFile = ({ resources, dependencies }: Graph): object => ({
  resources: resources.map(({ properties, ...rest }) => ({ ...rest, ...properties })),
  dependencies,
});

/** A topology file in a folder of its own, and a source on it under a clock that the test drives. */
async function openFile(name: string, options: Partial<FileTopologyOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'topdeck-topology-'));
  const path = join(folder, name);
  const clock = new FakeClock();
  const metrics: PipelineMetrics = createPipelineMetrics();
  const { log, events } = captureLog();
  const limits = { labels: CONTRACT_LABELS, maxNodes: 1000, maxEdges: 1000 };
  const source: TopologySource = createFileTopology({ path, ...limits, ...options }, { clock, log, metrics });
  /** Stat and read are real, so the clock waits at each second for the look under way: the next is then scheduled. */
  const pass = async (ms: number): Promise<void> => {
    for (let passedMs = 0; passedMs < ms; passedMs += SECOND_MS) {
      const open = clock.pending > 0;
      await clock.advance(SECOND_MS);
      while (open && clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const close = async (): Promise<void> => {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, path, clock, metrics, events, source, pass, close };
}
type OpenFile = Awaited<ReturnType<typeof openFile>>;

for (const [name, write] of [
  ['topology.yaml', stringify],
  ['topology.json', JSON.stringify],
] as const) {
  describeTopologySource(name, async () => {
    const { path, source, events, pass, close } = await openFile(name);
    let good = '';
    return {
      source,
      events,
      write: (graph) => writeFile(path, (good = write(asFile(graph)))),
      break: () => writeFile(path, 'resources: oops'),
      mend: () => writeFile(path, good),
      passInterval: () => pass(2 * SECOND_MS),
      close,
    };
  });
}

describe('the topology file', () => {
  let file: OpenFile;
  beforeEach(async () => {
    file = await openFile('topology.yaml');
  });
  afterEach(() => file.close());

  const GOOD = 'resources: [{ id: a }, { id: b }]\ndependencies: [{ source: a, target: b }]\n';
  const resourceIds = (): string[] | undefined => file.source.read().topology?.resources.map(({ id }) => id);
  const startWith = async (text: string): Promise<void> => {
    await writeFile(file.path, text);
    await file.source.start();
  };

  test('keeps nested labels all, and further keys by the allow-list where they are scalars', async () => {
    await startWith(`
resources:
  - id: 42
    team: core
    tier: [1, 2]
    owner: somebody
    labels: { zone: eu, team: override, empty: null }
`);
    expect(file.source.read().topology?.resources).toEqual([
      { id: '42', name: '42', resource_type: 'unknown', labels: { team: 'override', zone: 'eu' } },
    ]);
  });

  test('counts a duplicate id and keeps the first', async () => {
    await startWith('resources: [{ id: a, name: first }, { id: a, name: second }]');
    const topology = file.source.read().topology;
    expect(topology?.resources.map(({ name }) => name)).toEqual(['first']);
    expect(topology?.issues.duplicate_id).toBe(1);
  });

  test('start rejects for a file that is not there, naming it but not its folder', async () => {
    await expect(file.source.start()).rejects.toMatchObject({
      code: 'TOPOLOGY_FILE_UNREADABLE',
      detail: 'topology.yaml (ENOENT)',
    });
  });

  test('start rejects for an invalid file with every fault and its line', async () => {
    const text = `resources:
  - { id: a, name: [x] }
  - name: nameless
  - { id: "", labels: { zone: { deep: 1 } } }
  - 7
dependencies:
  - { source: a }
  - { source: true, target: [] }
dependancies: []
`;
    await writeFile(file.path, text);
    const error = await file.source.start().catch((e: unknown) => e as { code: string; detail: string });
    expect(error).toMatchObject({ code: 'TOPOLOGY_FILE_INVALID' });
    expect((error as { detail: string }).detail.trim().split(/\n\s*/)).toEqual([
      'line 9: dependancies: unknown key',
      'line 2: resources[0].name: expected text',
      'line 3: resources[1]: needs id',
      'line 4: resources[2].id: expected the id: text of 1 to 512 characters, or a number',
      'line 4: resources[2].labels: expected a mapping of names to text, numbers or booleans',
      'line 5: resources[3]: expected a mapping',
      'line 7: dependencies[0]: needs target',
      'line 8: dependencies[1].source: expected id of the caller: text of 1 to 512 characters, or a number',
      'line 8: dependencies[1].target: expected id of the called: text of 1 to 512 characters, or a number',
    ]);
  });

  test.each([
    ['syntax', 'resources: [\n  { id: a', /line 2/],
    ['a key twice', 'resources: []\nresources: []', /line 2: Map keys must be unique/],
    ['nothing', '', /expected a mapping with resources and dependencies/],
    ['a list', '- a', /expected a mapping with resources/],
    ['no resources', 'dependencies: []', /needs resources/],
    ['an empty key', 'resources:', /resources: expected a list/],
    ['aliases without end', `a: &a [x]\nb: &b [${'*a,'.repeat(200)}]\nresources: [${'*b,'.repeat(200)}]`, /alias/],
  ])('start rejects for %s', async (_, text, detail) => {
    await writeFile(file.path, text);
    await expect(file.source.start()).rejects.toMatchObject({
      code: 'TOPOLOGY_FILE_INVALID',
      detail: expect.stringMatching(detail),
    });
  });

  test('shows the first faults of many and counts the others', async () => {
    await writeFile(file.path, `resources: [${'{},'.repeat(500)}]`);
    const error = await file.source.start().catch((e: unknown) => e as { detail: string });
    const lines = (error as { detail: string }).detail.trim().split('\n');
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)?.trim()).toBe('and 480 more');
  });

  test('start rejects for a file beyond the configured size', async () => {
    await writeFile(file.path, JSON.stringify({ resources: Array.from({ length: 1001 }, (_, id) => ({ id })) }));
    await expect(file.source.start()).rejects.toMatchObject({
      code: 'TOPOLOGY_TOO_LARGE',
      detail: 'the file has 1001 resources, more than 1000',
    });
  });

  test('an edit shows after it stood still for a second, and the metrics tell the size', async () => {
    await startWith(GOOD);
    await writeFile(file.path, 'resources: [{ id: a }]');
    await file.pass(SECOND_MS);
    expect(resourceIds()).toEqual(['a', 'b']);
    await file.pass(SECOND_MS);
    expect(resourceIds()).toEqual(['a']);
    const { values } = await file.metrics.topologySize.get();
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels.kind, value]))).toEqual({
      resources: 1,
      dependencies: 0,
    });
  });

  test('a file that is still being written is left alone until it is whole', async () => {
    await startWith(GOOD);
    let changes = 0;
    file.source.onChange(() => (changes += 1));
    for (const part of ['resources:\n', 'resources:\n- id: x\n', 'resources:\n- id: x\n- id: y\n']) {
      await writeFile(file.path, part);
      await file.pass(SECOND_MS);
    }
    expect(resourceIds()).toEqual(['a', 'b']);
    await file.pass(SECOND_MS);
    expect({ ids: resourceIds(), changes }).toEqual({ ids: ['x', 'y'], changes: 1 });
  });

  test('sees a file that was replaced by renaming, and a symbolic link that was turned', async () => {
    await startWith(GOOD);
    await writeFile(join(file.folder, 'next'), 'resources: [{ id: renamed }]');
    await rename(join(file.folder, 'next'), file.path);
    await file.pass(2 * SECOND_MS);
    expect(resourceIds()).toEqual(['renamed']);
    await writeFile(join(file.folder, 'mounted'), 'resources: [{ id: linked }]');
    await symlink('mounted', join(file.folder, 'link'));
    await rename(join(file.folder, 'link'), file.path);
    await file.pass(2 * SECOND_MS);
    expect(resourceIds()).toEqual(['linked']);
  });

  test('an invalid edit keeps the last good topology, stale with the faults; mended, it is fresh', async () => {
    await startWith(GOOD);
    const good = file.source.read().topology;
    await writeFile(file.path, 'resources: [{ id: a }, { nme: b }]');
    await file.pass(5 * SECOND_MS);
    expect(file.source.read()).toMatchObject({
      freshness: {
        state: 'stale',
        last_success: '2026-01-01T00:00:01.000Z',
        error_code: 'TOPOLOGY_FILE_INVALID',
        error: expect.stringContaining('line 1: resources[1]: needs id'),
      },
    });
    expect(file.source.read().topology).toBe(good);
    expect(file.events().filter(({ event }) => event === 'topology.refresh_failed')).toMatchObject([
      { level: 40, source: 'file', code: 'TOPOLOGY_FILE_INVALID', state: 'stale' },
    ]);
    await writeFile(file.path, GOOD);
    await file.pass(2 * SECOND_MS);
    expect(file.source.read()).toMatchObject({ freshness: { state: 'fresh' } });
    expect(file.source.read().topology).toBe(good);
  });

  test('a file that vanished leaves the last topology, stale, until it is back', async () => {
    await startWith(GOOD);
    await unlink(file.path);
    await file.pass(2 * SECOND_MS);
    expect(file.source.read().freshness).toMatchObject({ state: 'stale', error_code: 'TOPOLOGY_FILE_UNREADABLE' });
    await writeFile(file.path, GOOD);
    await file.pass(2 * SECOND_MS);
    expect(file.source.read().freshness.state).toBe('fresh');
  });

  test('an untouched file stays fresh: its age counts from the last look', async () => {
    await startWith(GOOD);
    await file.pass(60 * SECOND_MS);
    expect(file.source.read().freshness).toEqual({
      source: 'file',
      state: 'fresh',
      last_success: '2026-01-01T00:01:00.000Z',
      read_ms: 0,
    });
  });

  test('only the dropped rows changed: a new object tells, sharing the graph', async () => {
    await startWith(`${GOOD.trim().slice(0, -1)}, { source: a, target: a }]`);
    const before = file.source.read().topology;
    await writeFile(file.path, GOOD);
    const { topology } = await file.source.refresh();
    expect(before?.issues.self_edge).toBe(1);
    expect(topology?.issues.self_edge).toBe(0);
    expect(topology?.version).toBe(before?.version);
    expect(topology?.resources).toBe(before?.resources);
  });
});
