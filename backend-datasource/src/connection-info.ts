import type { ConnectionInfo } from '@topdeck/protocol/grafana';
import { snapshotAgeMs } from './answer.ts';
import type { BridgeState, Received } from './bridge/bridge.ts';

const toSeconds = (ms: number): number => Math.round(ms) / 1000;

/** Age of the newest metrics: of what the snapshot says, and not of the snapshot, which goes on while sources are down. */
function dataAgeS({ snapshot, sentAtMs, receivedAtMs }: Received, nowMs: number): number | null {
  const last = snapshot.freshness.metrics.last_success;
  if (last === undefined) return null;
  return toSeconds(Math.max(0, sentAtMs - Date.parse(last)) + Math.max(0, nowMs - receivedAtMs));
}

export function connectionInfo(
  { connection, received, reconnects, lastFault }: BridgeState,
  nowMs: number,
): ConnectionInfo {
  return {
    state: connection.state === 'connecting' ? 'disconnected' : connection.state,
    sinceMs: connection.sinceMs,
    dataAgeS: received === undefined ? null : dataAgeS(received, nowMs),
    snapshotAgeS: received === undefined ? null : toSeconds(snapshotAgeMs(received, nowMs)),
    epoch: received?.position?.epoch ?? null,
    seq: received?.position?.seq ?? null,
    reconnects,
    lastError: lastFault === undefined ? null : `${lastFault.message}. ${lastFault.action}`,
    nextAttemptInS: 'nextAttemptAtMs' in connection ? toSeconds(Math.max(0, connection.nextAttemptAtMs - nowMs)) : null,
  };
}
