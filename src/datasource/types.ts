import type { DataSourceJsonData } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import type { DataSourceJson, DiagnosticsQuery, SecretName, VariableQuery } from '@topdeck/protocol/grafana';

/** A query as panels, rules and Explore hold it. */
export type Query = DataQuery & DiagnosticsQuery;
export type Options = DataSourceJsonData & DataSourceJson;
export type Secrets = Partial<Record<SecretName, string>>;
/** A variable's query as dashboards hold it. */
export type VariableDataQuery = DataQuery & VariableQuery;
