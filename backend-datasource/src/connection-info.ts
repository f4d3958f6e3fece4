import type { ConnectionInfo } from '@topdeck/protocol/grafana';
import { dataAgeMs, snapshotAgeMs } from './age.ts';
import type { BridgeState } from './bridge/bridge.ts';

const toSeconds = (ms: number): number => Math.round(ms) / 1000;

export function connectionInfo(
  { connection, received, reconnects, lastFault }: BridgeState,
  nowMs: number,
): ConnectionInfo {
  const dataAge = received && dataAgeMs(received, nowMs);
  return {
    state: connection.state === 'connecting' ? 'disconnected' : connection.state,
    sinceMs: connection.sinceMs,
    dataAgeS: dataAge === undefined ? null : toSeconds(dataAge),
    snapshotAgeS: received === undefined ? null : toSeconds(snapshotAgeMs(received, nowMs)),
    epoch: received?.position?.epoch ?? null,
    seq: received?.position?.seq ?? null,
    reconnects,
    lastError: lastFault === undefined ? null : `${lastFault.message}. ${lastFault.action}`,
    nextAttemptInS: 'nextAttemptAtMs' in connection ? toSeconds(Math.max(0, connection.nextAttemptAtMs - nowMs)) : null,
  };
}
