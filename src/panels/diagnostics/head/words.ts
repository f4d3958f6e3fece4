import { t } from '@grafana/i18n';
import type { ConnectionStateName } from '@topdeck/protocol/grafana';
import { durationText } from '../../../ui/format.ts';
import type { Hop } from '../connection-state.ts';
import type { StatusCounts } from '../health.ts';

/** What the overall health means: how many are not as they should be, of how many. */
export function countsText({ failed, degraded, unknown, total }: StatusCounts): string {
  const parts = [
    failed > 0 && t('diagnostics.counts.failed', '{{value}} failed', { value: failed }),
    degraded > 0 && t('diagnostics.counts.degraded', '{{value}} degraded', { value: degraded }),
    unknown > 0 && t('diagnostics.counts.unknown', '{{value}} unknown', { value: unknown }),
  ].filter((part) => part !== false);
  if (total === 0) return t('diagnostics.counts.none', 'No service is listed');
  if (parts.length === 0) return t('diagnostics.counts.all-healthy', 'All {{total}} healthy', { total });
  return t('diagnostics.counts.of', '{{parts}} of {{total}}', {
    parts: parts.join(', '),
    total,
    interpolation: { escapeValue: false },
  });
}

export function connectionWord(state: ConnectionStateName): string {
  const words: Readonly<Record<ConnectionStateName, () => string>> = {
    websocket: () => t('diagnostics.connection.websocket', 'Websocket'),
    polling: () => t('diagnostics.connection.polling', 'Polling'),
    disconnected: () => t('diagnostics.connection.disconnected', 'Disconnected'),
  };
  return words[state]();
}

/** Why a hop is in its state; nothing where the state says it all. */
export function hopText({ reason }: Hop, silentS: number): string {
  switch (reason) {
    case 'live':
    case 'bridge':
      return '';
    case 'connecting':
      return t('diagnostics.connection.connecting', 'Grafana Live is being connected');
    case 'cut':
      return t('diagnostics.connection.cut', 'Grafana Live is cut; data is queried until it is back');
    case 'off':
      return t('diagnostics.connection.off', 'Grafana Live is switched off; data is queried instead');
    case 'overdue':
      return t('diagnostics.connection.overdue', 'Nothing has come for {{time}}', { time: durationText(silentS) });
  }
}
