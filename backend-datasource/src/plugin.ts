import { collectFrom, type Logger, type Plugin } from '@topdeck/grafana-plugin-sdk';
import { createBridge } from './bridge/create-bridge.ts';
import { createCheckHealth } from './check-health.ts';
import type { Clock } from './clock.ts';
import { createInstances } from './instance.ts';
import { PluginMetrics } from './metrics.ts';
import { createQueryData } from './query-data.ts';
import { createResources } from './resources.ts';
import { createStream } from './stream.ts';

/** The composition root: what Grafana asks, put together from the data sources it asks about. */
export function createPlugin(log: Logger, clock: Clock): Plugin {
  const metrics = new PluginMetrics(clock);
  const instances = createInstances({
    clock,
    log,
    metrics,
    createBridge: (settings, bridgeLog) => createBridge(settings, { log: bridgeLog, clock, random: Math.random }),
  });
  return {
    data: createQueryData(instances, metrics),
    health: createCheckHealth(instances),
    resource: createResources(instances),
    stream: createStream(instances, metrics),
    metrics: collectFrom(metrics.registry),
    dispose: () => instances.disposeAll(),
  };
}
