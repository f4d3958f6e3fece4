import { QueryError } from '@topdeck/grafana-plugin-sdk';
import type { BridgeFault, BridgeState, Received } from './bridge/bridge.ts';
import type { Instance } from './instance.ts';

const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;

/** What the bridge did wrong is downstream of the plugin. */
export const unavailable = (fault: BridgeFault): QueryError =>
  new QueryError(`${fault.message}. ${fault.action}`, {
    status: fault.httpStatus ?? BAD_GATEWAY,
    source: 'downstream',
  });

/** Waits for a first word from the bridge, no longer than one request may take. */
export async function firstWord({ bridge, settings }: Instance, signal: AbortSignal): Promise<BridgeState> {
  const patience = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await bridge.ready(AbortSignal.any([signal, patience]));
  } catch (error) {
    if (signal.aborted || !patience.aborted) throw error;
    return bridge.state();
  }
}

/** The newest state received. Throws a QueryError that says why there is none. */
export function receivedOf({ received, connection }: BridgeState): Received {
  if (received !== undefined) return received;
  if ('fault' in connection) throw unavailable(connection.fault);
  throw new QueryError('The bridge has not answered yet. Try again', { status: UNAVAILABLE, source: 'downstream' });
}
