import type { Logger } from '@topdeck/grafana-plugin-sdk';
import type { Bridge } from '../src/bridge/bridge.ts';
import type { Clock } from '../src/clock.ts';
import type { Instance } from '../src/instance.ts';

const nothing = (): void => undefined;
export const silent: Logger = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => silent,
};

export const UID = 'live-diagnostics';

/** A data source as it is after its defaults, with this bridge. */
export const instanceWith = (bridge: Bridge, clock: Clock): Instance => ({
  uid: UID,
  bridge,
  clock,
  settings: {
    address: { base: 'http://127.0.0.1:8000', isSecure: false },
    token: undefined,
    updateIntervalMs: 5_000,
    pollIntervalMs: 30_000,
    timeoutMs: 200,
    alertAgeLimitMs: 60_000,
    tls: { skipVerify: false },
  },
});
