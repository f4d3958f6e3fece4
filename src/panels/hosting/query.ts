import type { DataQuery } from '@grafana/schema';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';

/** A query as a panel has it. */
export type Query = DataQuery & DiagnosticsQuery;
