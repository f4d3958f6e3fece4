import { QueryError } from '@topdeck/grafana-plugin-sdk/query-error';

const BAD_REQUEST = 400;

/** A query that cannot be answered as it is: the asker's fault, so not the plugin's. */
export const badQuery = (message: string, cause?: unknown): QueryError =>
  new QueryError(message, { status: BAD_REQUEST, source: 'downstream', ...(cause !== undefined && { cause }) });
