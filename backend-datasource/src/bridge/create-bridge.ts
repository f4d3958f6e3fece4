import type { Settings } from '../settings.ts';
import { BridgeClient, type BridgeDependencies } from './bridge-client.ts';
import type { Bridge } from './bridge.ts';
import { createRequest } from './http-request.ts';
import { createReads } from './rest-reads.ts';
import { RETRY_DEFAULTS } from './session-types.ts';
import { createOpenSocket } from './socket.ts';

/** Connects at once and stays connected until it is closed. */
export function createBridge(settings: Settings, dependencies: BridgeDependencies): Bridge {
  const { pollIntervalMs, timeoutMs, address } = settings;
  const lifetime = new AbortController();
  return new BridgeClient({
    ...dependencies,
    options: { ...RETRY_DEFAULTS, pollIntervalMs, answerTimeoutMs: timeoutMs, ...dependencies.retry },
    openSocket: createOpenSocket(settings),
    reads: createReads(address, createRequest(settings, dependencies.clock), lifetime.signal),
    lifetime,
  });
}
