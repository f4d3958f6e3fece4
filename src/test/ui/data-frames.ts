import type { DataFrame } from '@grafana/data';
import { QUERY_TYPE_ENTRIES, type Extras } from '@topdeck/backend-datasource/frames';
import type { Snapshot } from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { dataFrame } from '../../preview/data-frame.ts';

/** The frames as the executable makes them, as the browser has them. */
export function framesOf(snapshot: Snapshot, query: DiagnosticsQuery, refId: string, extras: Extras = {}): DataFrame[] {
  const nowMs = Date.parse(snapshot.timestamp);
  const received = { snapshot, sentAtMs: nowMs, receivedAtMs: nowMs };
  const frames = QUERY_TYPE_ENTRIES[query.queryType].frames({
    query,
    state: {
      connection: { state: 'websocket', sinceMs: nowMs },
      received,
      reconnects: 0,
      lastFault: undefined,
    },
    received,
    nowMs,
    format: query.format ?? 'table',
    extras,
  });
  return frames.map((frame) => dataFrame(frame, refId));
}
