import { describe, expect, jest, test } from '@jest/globals';
import { InstanceManager, type InstanceManagerOptions, type PluginContext } from '../src/index.ts';

interface Instance {
  readonly name: string;
}

const context = (uid: string, updatedMs: number, grafanaConfig: Record<string, string> = {}): PluginContext => ({
  ...{ orgId: 1, pluginId: 'p', pluginVersion: '', apiVersion: '', userAgent: '', grafanaConfig },
  dataSource: {
    ...{ uid, updatedMs, name: uid, url: '', user: '', database: '', basicAuthEnabled: false, basicAuthUser: '' },
    ...{ jsonData: {}, secureJsonData: {}, apiVersion: '' },
  },
});

type Create = (context: PluginContext) => Instance | Promise<Instance>;
type Idle = Pick<InstanceManagerOptions<Instance>, 'idleMs' | 'after'>;

function manager(create?: Create, idle: Idle = {}) {
  const disposed: string[] = [];
  const errors: unknown[] = [];
  let made = 0;
  const instances = new InstanceManager<Instance>({
    ...idle,
    create: create ?? (({ dataSource }) => ({ name: `${dataSource?.uid ?? 'app'} ${++made}` })),
    dispose: ({ name }) => {
      if (name === 'sticky') throw new Error('does not go');
      disposed.push(name);
    },
    onDisposeError: (error) => errors.push((error as Error).message),
  });
  const nameOf = (of: PluginContext) => instances.use(of, async ({ name }) => name);
  return { instances, disposed, errors, nameOf };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('instances', () => {
  test('are made once a data source, also for callers at the same time', async () => {
    const { nameOf } = manager();
    expect(await Promise.all([nameOf(context('a', 1)), nameOf(context('a', 1)), nameOf(context('b', 1))])).toEqual([
      ...['a 1', 'a 1', 'b 2'],
    ]);
    expect(await nameOf({ ...context('a', 1), orgId: 2 })).toBe('a 3');
  });

  test('of apps and of data sources are apart', async () => {
    const { nameOf } = manager();
    const { orgId, pluginId, pluginVersion, apiVersion, userAgent, grafanaConfig } = context('a', 1);
    const app = { orgId, pluginId, pluginVersion, apiVersion, userAgent, grafanaConfig };
    expect(await nameOf(app)).toBe('app 1');
    expect(await nameOf(context('app', 1))).toBe('app 2');
  });

  test("are replaced when settings were saved, or Grafana's own changed, and the old is disposed of", async () => {
    const { nameOf, disposed } = manager();
    await nameOf(context('a', 1));
    expect(await nameOf(context('a', 2))).toBe('a 2');
    await turns();
    expect(disposed).toEqual(['a 1']);
    expect(await nameOf(context('a', 2, { feature: 'on' }))).toBe('a 3');
    expect(await nameOf(context('a', 2, { feature: 'on' }))).toBe('a 3');
  });

  test('in use are disposed of after their last user, who is told that they are superseded', async () => {
    const { instances, nameOf, disposed } = manager();
    const release = Promise.withResolvers<undefined>();
    const superseded = jest.fn();
    const users = [1, 2].map(() =>
      instances.use(context('a', 1), async (_instance, signal) => {
        signal.addEventListener('abort', () => superseded());
        await release.promise;
      }),
    );
    await turns();
    await nameOf(context('a', 2));
    await turns();
    expect(superseded).toHaveBeenCalledTimes(2);
    expect(disposed).toEqual([]);
    release.resolve(undefined);
    await Promise.all(users);
    await turns();
    expect(disposed).toEqual(['a 1']);
  });

  test('that could not be made fail their callers, and are tried again', async () => {
    let tries = 0;
    const { nameOf, disposed, errors } = manager(async () => {
      tries += 1;
      if (tries === 1) throw new Error('no database');
      return { name: 'second' };
    });
    await expect(Promise.all([nameOf(context('a', 1)), nameOf(context('a', 1))])).rejects.toThrow('no database');
    await turns();
    expect(await nameOf(context('a', 1))).toBe('second');
    expect([disposed, errors, tries]).toEqual([[], [], 2]);
  });

  test('all end at the end, after their users; one that fails to does not stop the others', async () => {
    const { instances, disposed, errors } = manager(({ dataSource }) => ({ name: dataSource?.uid ?? '' }));
    const release = Promise.withResolvers<undefined>();
    const user = instances.use(context('busy', 1), () => release.promise);
    await instances.use(context('sticky', 1), async () => undefined);
    let ended = false;
    const end = instances.disposeAll().then(() => {
      ended = true;
    });
    await turns();
    expect([ended, errors]).toEqual([false, ['does not go']]);
    release.resolve(undefined);
    await Promise.all([user, end]);
    expect(disposed).toEqual(['busy']);
  });

  test('that nobody uses for long are disposed of; a use in time keeps them', async () => {
    const timers = new Set<() => void>();
    const after = (ms: number, call: () => void) => {
      expect(ms).toBe(1000);
      timers.add(call);
      return () => timers.delete(call);
    };
    const pass = async () => {
      for (const call of [...timers]) call();
      timers.clear();
      await turns();
    };
    const { instances, nameOf, disposed } = manager(undefined, { idleMs: 1000, after });
    await nameOf(context('a', 1));
    await instances.use(context('a', 1), async () => {
      await pass();
      expect(disposed).toEqual([]);
    });
    expect(timers.size).toBe(1);
    await pass();
    expect(disposed).toEqual(['a 1']);
    expect(await nameOf(context('a', 1))).toBe('a 2');
    await instances.disposeAll();
    expect([disposed, timers.size]).toEqual([['a 1', 'a 2'], 0]);
  });
});
