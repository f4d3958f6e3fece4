import { InstanceManager, type Logger, type PluginContext } from '@topdeck/grafana-plugin-sdk';
import type { Bridge } from './bridge/bridge.ts';
import type { Clock } from './clock.ts';
import type { PluginMetrics } from './metrics.ts';
import { readSettings, type Settings } from './settings.ts';

/** One data source with its one connection to the bridge, whatever the number of panels, rules and viewers. */
export interface Instance {
  readonly uid: string;
  readonly settings: Settings;
  readonly bridge: Bridge;
  readonly clock: Clock;
}

export interface InstanceDependencies {
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: PluginMetrics;
  readonly createBridge: (settings: Settings, log: Logger) => Bridge;
}

/** Nobody says when a data source was deleted; one that nothing asks for so long lets go of its connection. */
const IDLE_MS = 15 * 60_000;

/** Throws a QueryError that lists what is wrong with the settings. */
function open({ dataSource }: PluginContext, dependencies: InstanceDependencies): Instance {
  const { clock, log, metrics, createBridge } = dependencies;
  const settings = readSettings(dataSource);
  const uid = dataSource?.uid ?? '';
  const bridge = createBridge(settings, log.with({ datasourceUid: uid }));
  metrics.bridgeState(uid, bridge.state());
  bridge.listen({ onState: (state) => metrics.bridgeState(uid, state) });
  return { uid, settings, bridge, clock };
}

export function createInstances(dependencies: InstanceDependencies): InstanceManager<Instance> {
  const { log, metrics } = dependencies;
  return new InstanceManager<Instance>({
    create: (context) => open(context, dependencies),
    dispose: async ({ uid, bridge }) => {
      await bridge.close();
      metrics.bridgeGone(uid);
    },
    onDisposeError: (error) => log.error('a connection to a bridge could not be closed', { error }),
    idleMs: IDLE_MS,
  });
}
