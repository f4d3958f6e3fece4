import { CoreApp, type DataQueryRequest } from '@grafana/data';
import { isExpressionReference } from '@grafana/runtime';
import type { QueryType } from '@topdeck/protocol/grafana';
import type { Query } from '../types.ts';

/** What no state carries. */
const STILL: ReadonlySet<QueryType> = new Set(['comparison']);
/** Types whose rows belong to a time range: there is nothing to add to one that has ended. */
const SERIES: ReadonlySet<QueryType> = new Set(['events', 'health-history', 'metric']);
const ALERTING: ReadonlySet<string> = new Set([CoreApp.UnifiedAlerting, CoreApp.CloudAlerting]);

type Request = Pick<DataQueryRequest<Query>, 'app' | 'targets' | 'rangeRaw'>;

/** Whether a target may go on from a channel. What is expected now is in no state, so that bands do not. */
export function mayGoLive(target: Query, { app, targets, rangeRaw }: Request): boolean {
  if (target.streaming === false || target.bands === true || ALERTING.has(app)) return false;
  if (STILL.has(target.queryType)) return false;
  // What an expression reads is computed once, on the server.
  if (targets.some(({ datasource }) => isExpressionReference(datasource))) return false;
  return !SERIES.has(target.queryType) || rangeRaw?.to === 'now';
}
