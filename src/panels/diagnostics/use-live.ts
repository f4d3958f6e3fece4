import { useEffect, useState } from 'react';
import { config, getGrafanaLiveSrv, type GrafanaLiveSrv } from '@grafana/runtime';
import { useClock } from '../../ui/clock.ts';
import type { LiveState } from './connection-state.ts';

/** Grafana Live reconnects by itself; only a cut that lasts is one. A page that is being loaded starts with one. */
const CUT_AFTER_MS = 3_000;

/** Viewers of a public dashboard cannot subscribe. */
const mayBeLive = (): boolean => config.liveEnabled && !config.publicDashboardAccessToken;

/** A page that is no Grafana has none. */
const liveServer = (): GrafanaLiveSrv | undefined => (mayBeLive() ? getGrafanaLiveSrv() : undefined);

export function useLive(): LiveState {
  const clock = useClock();
  const server = liveServer();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (server === undefined) return;
    let callOff: (() => void) | undefined;
    const subscription = server.getConnectionState().subscribe((isUp) => {
      callOff?.();
      callOff = isUp ? undefined : clock.schedule(CUT_AFTER_MS, () => setState('cut'));
      if (isUp) setState('connected');
    });
    return () => {
      callOff?.();
      subscription.unsubscribe();
    };
  }, [server, clock]);
  if (server === undefined) return mayBeLive() ? 'none' : 'off';
  return state;
}
