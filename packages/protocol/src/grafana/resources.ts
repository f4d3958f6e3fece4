import Type, { type Static } from 'typebox';
import { QueryFilter } from './query.ts';

/** Lists that variables and editors choose from. */
export const VARIABLE_KINDS = [
  'services',
  'types',
  'namespaces',
  'teams',
  'label-keys',
  'label-values',
  'metrics',
  'edge-metrics',
] as const;
export type VariableKind = (typeof VARIABLE_KINDS)[number];

/** A variable's query as its editor saves it. */
export const VariableQuery = Type.Object({
  kind: Type.Enum([...VARIABLE_KINDS]),
  label: Type.Optional(Type.String({ description: 'Of label-values: which label' })),
  filter: Type.Optional(QueryFilter),
});
export type VariableQuery = Static<typeof VariableQuery>;

export interface VariableValue {
  readonly text: string;
  readonly value: string;
}

/**
 * Resources of the data source, below `/api/datasources/uid/<uid>/resources/`:
 *
 * | method and path | answer |
 * | --- | --- |
 * | POST `variable-values` {@link VariableQuery} | {@link VariableValue}[] |
 * | GET `topology/search?q&limit` | {@link SearchHit}[], best first |
 * | GET `connection` | {@link ConnectionInfo} |
 * | POST `refresh` | the bridge's position after reading its sources anew; needs a token with the scope write |
 * | GET `bridge/<path>` | the bridge's own REST read below /api/v1/live-diagnostics/ |
 */
export const RESOURCES = {
  variableValues: 'variable-values',
  search: 'topology/search',
  connection: 'connection',
  refresh: 'refresh',
  bridge: 'bridge/',
} as const;

export interface SearchHit {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: string;
}

/** The hop between Grafana and the bridge. */
export interface ConnectionInfo {
  readonly state: 'websocket' | 'polling' | 'disconnected';
  readonly sinceMs: number;
  readonly dataAgeS: number | null;
  readonly snapshotAgeS: number | null;
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly reconnects: number;
  readonly lastError: string | null;
  readonly nextAttemptInS: number | null;
}

/** One step of the way from Grafana to the data, as the health check finds it: `details.hops` of its answer, in order. */
export interface HealthHop {
  readonly hop: 'settings' | 'bridge' | 'authorisation' | 'stream' | 'topology' | 'metrics' | 'data';
  /** unknown: could not be looked at, because a hop before it failed. */
  readonly state: 'ok' | 'warning' | 'error' | 'unknown';
  readonly text: string;
  /** What to do about it. */
  readonly action?: string;
  readonly latencyMs?: number;
}
