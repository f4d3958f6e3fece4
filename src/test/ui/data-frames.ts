import { dataFrameFromJSON, FieldType, type DataFrame, type DataFrameJSON } from '@grafana/data';
import { QUERY_TYPE_ENTRIES, type Extras } from '@topdeck/backend-datasource/frames';
import type { Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { Snapshot } from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';

const TYPES: Readonly<Record<string, FieldType>> = {
  string: FieldType.string,
  float64: FieldType.number,
  bool: FieldType.boolean,
  time: FieldType.time,
  json: FieldType.other,
};

function overTheWire({ name, meta, fields }: Frame, refId: string): DataFrame {
  const json = {
    schema: {
      name,
      refId,
      meta,
      fields: fields.map(({ name: key, type, labels, config }) => ({ name: key, type: TYPES[type], labels, config })),
    },
    data: { values: fields.map(({ values }) => Array.from(values)) },
  };
  return dataFrameFromJSON(JSON.parse(JSON.stringify(json)) as DataFrameJSON);
}

/** The frames as the executable makes them, after they have been JSON. */
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
  return frames.map((frame) => overTheWire(frame, refId));
}
