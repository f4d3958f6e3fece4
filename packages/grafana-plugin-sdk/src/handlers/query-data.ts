import type { Frame } from '../frames/frame.ts';
import { QueryError } from '../query-error.ts';
import type { Call } from './call.ts';
import type { PluginContext } from './plugin-context.ts';

export interface DataQuery {
  readonly refId: string;
  /** Empty unless the query editor sets it. */
  readonly queryType: string;
  readonly maxDataPoints: number;
  readonly intervalMs: number;
  readonly timeRange: { readonly fromMs: number; readonly toMs: number };
  /** The query as the editor saved it, parsed at each call. Throws a {@link QueryError} when it is no JSON. */
  readonly json: () => unknown;
}

export interface QueryDataRequest {
  readonly context: PluginContext;
  readonly headers: Readonly<Record<string, string>>;
  readonly queries: readonly DataQuery[];
}

/** What became of one query. Frames beside an error are shown with it. */
export interface QueryResult {
  readonly frames?: readonly Frame[];
  readonly error?: QueryError;
  /** HTTP status; 200 without an error, the error's own with one. */
  readonly status?: number;
}

export interface QueryDataHandler {
  /** Results by refId. What it throws fails all queries of the request. */
  readonly queryData: (request: QueryDataRequest, call: Call) => Promise<ReadonlyMap<string, QueryResult>>;
}

export type RunQuery = (query: DataQuery, request: QueryDataRequest, call: Call) => Promise<readonly Frame[]>;

/** A handler that runs the queries of a request beside each other; one that fails does not touch the others. */
export function queryEach(run: RunQuery): QueryDataHandler {
  const settle = async (query: DataQuery, request: QueryDataRequest, call: Call): Promise<QueryResult> => {
    try {
      return { frames: await run(query, request, call) };
    } catch (error) {
      const failure = QueryError.from(error);
      // What others did wrong is their business, and may come with every refresh.
      const level = failure.source === 'plugin' ? 'error' : 'debug';
      if (!call.signal.aborted) call.log[level]('a query failed', { refId: query.refId, error });
      return { error: failure };
    }
  };
  return {
    queryData: async (request, call) =>
      new Map(
        await Promise.all(
          request.queries.map(async (query) => [query.refId, await settle(query, request, call)] as const),
        ),
      ),
  };
}
