import { setTimeout as delay } from 'node:timers/promises';
import { Counter, Registry } from 'prom-client';
import { collectFrom, queryEach, serve, type CheckHealthHandler, type Logger, type Plugin } from '../src/index.ts';
import { chunkedData, runQuery, state, type FixtureInstance } from './fixture-queries.ts';
import { resource } from './fixture-resources.ts';
import { stream } from './fixture-streams.ts';
import { InstanceManager } from '../src/index.ts';

/** A plugin that shows all there is, for the tests that talk to it like Grafana does. */

const health: CheckHealthHandler = {
  checkHealth: async ({ context }) => {
    const settings = context.dataSource?.jsonData as { readonly health?: 'ok' | 'error' | 'unknown' } | undefined;
    const status = settings?.health ?? 'ok';
    return { status, message: `feels ${status}`, details: { user: context.user?.login ?? null, orgId: context.orgId } };
  },
};

function create(log: Logger): Plugin {
  const registry = new Registry();
  const queries = new Counter({ name: 'fixture_queries_total', help: 'Queries so far.', registers: [registry] });
  const instances = new InstanceManager<FixtureInstance>({
    create: (context) => {
      state.instancesCreated += 1;
      return { id: state.instancesCreated, url: context.dataSource?.url ?? '' };
    },
    dispose: async () => {
      await delay(1);
      state.instancesDisposed += 1;
    },
    onDisposeError: (error) => log.error('an instance could not be disposed of', { error }),
  });
  log.info('created', { answer: 42, list: [1, 2], big: 10n, '@message': 'not this one' });
  return {
    data: queryEach(async (query, { context }, call) => {
      queries.inc();
      return instances.use(context, (instance) => runQuery(query, instance, call));
    }),
    chunkedData,
    health,
    metrics: collectFrom(registry),
    resource: resource(log),
    stream,
    dispose: async () => {
      await instances.disposeAll();
      log.info('disposed', { instances: state.instancesDisposed });
    },
  };
}

void serve({ name: 'fixture-plugin' }, create);
