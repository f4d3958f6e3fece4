import { LiveChannelScope, type DataFrameJSON, type LiveChannelAddress } from '@grafana/data';
import type { GrafanaLiveSrv } from '@grafana/runtime';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { distinctUntilChanged, map, of, switchMap, timer, type Observable } from 'rxjs';

/**
 * What is used of Grafana Live. Not getDataStream, whose buffer is shared by a channel's subscribers: it keeps as many rows of
 * replaced tables as its limit allows, cuts off longer tables, and empties the panel when the stream fails.
 */
export type LiveServer = Pick<GrafanaLiveSrv, 'getConnectionState' | 'getStream'>;
export type LiveMessage = DataFrameJSON;

/** Grafana Live reconnects by itself; only a cut that lasts is one. A page that is being loaded starts with one. */
const CUT_AFTER_MS = 3_000;

/** True while the page is connected to Grafana Live. Says nothing until that is known. */
export function liveConnection(server: LiveServer | undefined): Observable<boolean> {
  if (server === undefined) return of(false);
  return server.getConnectionState().pipe(
    distinctUntilChanged(),
    switchMap((isUp) => (isUp ? of(true) : timer(CUT_AFTER_MS).pipe(map(() => false)))),
    distinctUntilChanged(),
  );
}

/**
 * The channel `ds/<uid>/<path>`; subscribers send the query along, of which a long path holds only a digest. Grafana 12.3 reads
 * the uid from `namespace`, 12.4 from `stream`.
 */
export function channelAddress(
  uid: string,
  path: string,
  query: DiagnosticsQuery,
): LiveChannelAddress & { namespace: string } {
  return { scope: LiveChannelScope.DataSource, stream: uid, namespace: uid, path, data: query };
}
