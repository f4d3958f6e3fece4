import {
  QueryError,
  type Call,
  type CheckHealthHandler,
  type Health,
  type InstanceManager,
} from '@topdeck/grafana-plugin-sdk';
import type { SourceFreshness } from '@topdeck/protocol';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { BridgeUnavailable, type BridgeFault, type BridgeState } from './bridge/bridge.ts';
import { ageS } from './frames/ages.ts';
import { firstWord } from './first-word.ts';
import type { Instance } from './instance.ts';

/** The bridge answered, and would not have us. */
const REFUSALS: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN_SCOPE',
  'FORBIDDEN_HOST',
  'FORBIDDEN_ORIGIN',
]);
const REFUSED_STATUS: ReadonlySet<number> = new Set([401, 403]);

type Told = Pick<HealthHop, 'text' | 'action' | 'latencyMs'>;
const hop = (name: HealthHop['hop'], state: HealthHop['state'], told: string | Told): HealthHop => ({
  hop: name,
  state,
  ...(typeof told === 'string' ? { text: told } : told),
});
const wrong = ({ message: text, action }: BridgeFault): Told => ({ text, action });

const isRefusal = ({ code, httpStatus }: BridgeFault): boolean =>
  REFUSALS.has(code) || (httpStatus !== undefined && REFUSED_STATUS.has(httpStatus));

/** The first two hops: is a bridge there, and does it take our token. */
async function reach({ bridge, clock, settings }: Instance, signal: AbortSignal): Promise<readonly HealthHop[]> {
  const startMs = clock.nowMs();
  const text = `A bridge answers at ${settings.address.base}`;
  try {
    await bridge.reads.sourceHealth(signal);
  } catch (error) {
    if (!(error instanceof BridgeUnavailable)) throw error;
    const { fault } = error;
    if (isRefusal(fault)) {
      return [
        hop('bridge', 'ok', { text, latencyMs: clock.nowMs() - startMs }),
        hop('authorisation', 'error', wrong(fault)),
      ];
    }
    const unknown = hop('authorisation', 'unknown', 'Not looked at, because the bridge could not be reached');
    return [hop('bridge', 'error', wrong(fault)), unknown];
  }
  const latencyMs = clock.nowMs() - startMs;
  const authorised = settings.token === undefined ? 'The bridge asks for no token' : 'The bridge accepts the token';
  return [hop('bridge', 'ok', { text, latencyMs }), hop('authorisation', 'ok', authorised)];
}

function streamHop({ connection }: BridgeState): HealthHop {
  switch (connection.state) {
    case 'websocket':
      return hop('stream', 'ok', 'The stream is open');
    case 'polling':
      return hop('stream', 'warning', {
        text: `Read by polling, not streamed: ${connection.fault.message}`,
        action: connection.fault.action,
      });
    case 'disconnected':
      return hop('stream', 'error', wrong(connection.fault));
    case 'connecting':
      return hop('stream', 'warning', {
        text: 'The stream is still being opened',
        action: 'Test again in some seconds',
      });
  }
}

const SOURCE_ACTIONS = {
  topology: 'See the bridge’s log, and its settings of the topology source',
  metrics: 'See the bridge’s log, and its settings of the metrics source',
} as const;

function sourceHop(name: 'topology' | 'metrics', source: SourceFreshness, detail: string): HealthHop {
  const { state, error, error_code: code, last_success: last, read_ms: latencyMs } = source;
  const what = `${source.source} (${name})`;
  if (state === 'fresh') {
    const text = `${what} is fresh${detail}`;
    return hop(name, 'ok', latencyMs === undefined ? text : { text, latencyMs });
  }
  const why = error ?? code;
  const since = last === undefined ? ' and never was read' : `, last read ${last}`;
  const text = `${what} is ${state}${since}${why === undefined ? '' : `: ${why}`}`;
  return hop(name, state === 'stale' ? 'warning' : 'error', { text, action: SOURCE_ACTIONS[name] });
}

function dataHops(state: BridgeState, { clock, settings }: Instance): readonly HealthHop[] {
  const { received } = state;
  if (received === undefined) {
    const text = 'Not looked at, because no snapshot has come yet';
    return (['topology', 'metrics', 'data'] as const).map((name) => hop(name, 'unknown', text));
  }
  const { freshness, services, overall_health: overall } = received.snapshot;
  const age = ageS(received.snapshot.timestamp, received, clock.nowMs()) ?? Infinity;
  const old = age * 1000 > settings.alertAgeLimitMs;
  const text = `The newest snapshot is ${age.toFixed(1)} s old; overall health is ${overall}`;
  return [
    sourceHop('topology', freshness.topology, `: ${services.length} resources`),
    sourceHop('metrics', freshness.metrics, freshness.warming_up ? '; detectors are still learning' : ''),
    old
      ? hop('data', 'error', { text, action: 'Alert rules get an error until newer data comes' })
      : hop('data', 'ok', text),
  ];
}

const MARKS = { ok: '✓', warning: '!', error: '✗', unknown: '?' } as const;

function summary(hops: readonly HealthHop[]): Health {
  const failed = hops.find(({ state }) => state === 'error');
  const warned = hops.filter(({ state }) => state === 'warning');
  const details = {
    hops,
    verboseMessage: hops
      .map(({ state, hop: name, text, action }) => `${MARKS[state]} ${name}: ${text}${action ? `. ${action}` : ''}`)
      .join('\n'),
  };
  if (failed) {
    const action = failed.action === undefined ? '' : `. ${failed.action}`;
    return { status: 'error', message: `${failed.text}${action}`, details };
  }
  const rest = warned.length === 0 ? '' : ` But: ${warned.map(({ text }) => text).join('; ')}.`;
  const texts = hops.filter(({ state }) => state === 'ok').map(({ text }) => text);
  return { status: 'ok', message: `${texts.join('. ')}.${rest}`, details };
}

async function check(instance: Instance, { signal }: Call): Promise<Health> {
  const reached = await reach(instance, signal);
  if (reached.some(({ state }) => state === 'error')) {
    const text = 'Not looked at, because of the above';
    const left = (['stream', 'topology', 'metrics', 'data'] as const).map((name) => hop(name, 'unknown', text));
    return summary([...reached, ...left]);
  }
  const state = await firstWord(instance, signal);
  return summary([...reached, streamHop(state), ...dataHops(state, instance)]);
}

/** Each hop from Grafana to the data, and what to do about the first that fails. */
export function createCheckHealth(instances: InstanceManager<Instance>): CheckHealthHandler {
  return {
    async checkHealth({ context }, call) {
      try {
        return await instances.use(context, (instance) => check(instance, call));
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        // The settings themselves are not usable; the error lists why.
        return summary([hop('settings', 'error', error.message)]);
      }
    },
  };
}
