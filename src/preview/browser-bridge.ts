import {
  BridgeClient,
  createReads,
  RETRY_DEFAULTS,
  type Bridge,
  type BridgeParts,
} from '@topdeck/backend-datasource/bridge';
import { DATA_SOURCE_DEFAULTS } from '@topdeck/protocol/grafana';
import type { Clock } from '../ui/clock.ts';
import { createRequest } from './browser-request.ts';
import { createOpenSocket } from './browser-socket.ts';
import { pageBase } from './page-base.ts';

/** What goes wrong is shown where people look; the console stays empty. */
const silent: BridgeParts['log'] = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};

export interface BridgeChoices {
  readonly token: string | undefined;
  readonly intervalS: number;
  readonly clock: Clock;
}

/** Connects to the bridge that served the page, and stays connected until it is closed. */
export function createBrowserBridge({ token, intervalS, clock }: BridgeChoices): Bridge {
  const base = pageBase().replace(/\/+$/, '');
  const address = { base, isSecure: base.startsWith('https:') };
  const { pollIntervalS, timeoutS } = DATA_SOURCE_DEFAULTS;
  const timeoutMs = timeoutS * 1000;
  const lifetime = new AbortController();
  const request = createRequest({ token, clock, timeoutMs });
  return new BridgeClient({
    log: silent,
    clock,
    random: Math.random,
    options: { ...RETRY_DEFAULTS, pollIntervalMs: pollIntervalS * 1000, answerTimeoutMs: timeoutMs },
    openSocket: createOpenSocket({ address, token, intervalS, request, lifetime: lifetime.signal }),
    reads: createReads(address, request, lifetime.signal),
    lifetime,
  });
}
