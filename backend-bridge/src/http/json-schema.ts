import {
  AnomalyAlert,
  ChangeEvent,
  ErrorResponse,
  EVENT_DATA,
  FailingDependency,
  Freshness,
  HealthResponse,
  HistoryEvent,
  Incident,
  Labels,
  MetricValues,
  RefreshResponse,
  ResourceId,
  RootCauseSuspect,
  ServiceHealth,
  Severity,
  Snapshot,
  SnapshotDeltaSchema,
  SocketHealthResponse,
  SourceFreshness,
  Status,
  Timestamp,
  TrafficPattern,
} from '@topdeck/protocol';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Parts of the contract that have a name of their own in the generated documents. */
const NAMED: Readonly<Record<string, object>> = {
  AnomalyAlert,
  AnomalyDetected: EVENT_DATA.anomaly_detected,
  AnomalyResolved: EVENT_DATA.anomaly_resolved,
  ChangeEvent,
  ErrorResponse,
  FailingDependency,
  Freshness,
  HealthChange: EVENT_DATA.health_change,
  HealthResponse,
  HistoryEvent,
  Incident,
  Labels,
  MetricValues,
  RefreshResponse,
  ResourceId,
  RootCauseSuspect,
  ServiceHealth,
  Severity,
  Snapshot,
  SnapshotDelta: SnapshotDeltaSchema,
  SocketHealthResponse,
  SourceFreshness,
  Status,
  Timestamp,
  TrafficAnomaly: EVENT_DATA.traffic_anomaly,
  TrafficPattern,
};

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema as plain JSON (draft 7, which is what TypeBox writes and AsyncAPI reads). */
export const plainSchema = (schema: object): JsonObject => JSON.parse(JSON.stringify(schema)) as JsonObject;

/** What TypeBox writes for a record of any key. */
const ANY_KEY = '^.*$';

/** The schema in JSON Schema 2020-12, which is what OpenAPI 3.1 reads; records in the form its tools understand best. */
export function toOpenApiSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toOpenApiSchema);
  if (!isObject(schema)) return schema;
  const { items, additionalItems, patternProperties, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, toOpenApiSchema(value)]),
  );
  const record = patternProperties && isObject(patternProperties) ? patternProperties[ANY_KEY] : undefined;
  return {
    ...rest,
    ...(Array.isArray(items)
      ? { prefixItems: items, items: additionalItems ?? true }
      : items !== undefined && { items }),
    ...(record !== undefined
      ? { additionalProperties: record }
      : patternProperties !== undefined && { patternProperties }),
  };
}

/** Text that is equal for equal schemas, however their keys are ordered. */
function fingerprint(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(fingerprint).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${fingerprint(value[key])}`).join()}}`;
}

export interface Referenced {
  /** The document with every part that has a name replaced by a reference. */
  readonly document: JsonObject;
  /** The parts referred to, for `components.schemas`. */
  readonly schemas: JsonObject;
}

/** Schemas are recognised by content, since the tools in between copy them. `convert` is applied to the named ones first. */
export function referNamedSchemas(
  document: JsonObject,
  convert: (schema: Json) => Json = (schema) => schema,
): Referenced {
  const named = Object.entries(NAMED).map(([name, schema]) => [name, convert(plainSchema(schema))] as const);
  const nameOf = new Map(named.map(([name, schema]) => [fingerprint(schema), name]));
  const used = new Set<string>();
  const refer = (value: Json, within?: string): Json => {
    if (Array.isArray(value)) return value.map((item) => refer(item));
    if (!isObject(value)) return value;
    const name = nameOf.get(fingerprint(value));
    if (name !== undefined && name !== within) {
      used.add(name);
      return { $ref: `#/components/schemas/${name}` };
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, refer(member)]));
  };
  const referred = refer(document) as JsonObject;
  const bodies = new Map(named.map(([name, schema]) => [name, refer(schema, name)]));
  return {
    document: referred,
    schemas: Object.fromEntries([...bodies].filter(([name]) => used.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
