import type { ConnectionInfo } from '@topdeck/protocol/grafana';
import type { BridgeState } from '../bridge/bridge.ts';
import { ageS } from './ages.ts';
import { connectionName } from './connection.ts';

export function connectionInfo(
  { connection, received, reconnects, lastFault }: BridgeState,
  nowMs: number,
): ConnectionInfo {
  const age = (timestamp: string | undefined): number | null => (received ? ageS(timestamp, received, nowMs) : null);
  return {
    state: connectionName(connection),
    sinceMs: connection.sinceMs,
    dataAgeS: age(received?.snapshot.freshness.metrics.last_success),
    snapshotAgeS: age(received?.snapshot.timestamp),
    epoch: received?.position?.epoch ?? null,
    seq: received?.position?.seq ?? null,
    reconnects,
    lastError: lastFault === undefined ? null : `${lastFault.message}. ${lastFault.action}`,
    nextAttemptInS: 'nextAttemptAtMs' in connection ? Math.max(0, connection.nextAttemptAtMs - nowMs) / 1000 : null,
  };
}
