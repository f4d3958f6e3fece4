/** Whose fault it is: the plugin's own, or that of what it asks (or of the query it was given). Grafana counts them apart. */
export type ErrorSource = 'plugin' | 'downstream';

export interface QueryErrorOptions {
  /** HTTP status; 500 by default. */
  readonly status?: number;
  /** `plugin` by default. */
  readonly source?: ErrorSource;
  readonly cause?: unknown;
}

/** An error that says whose fault it is. Thrown by any handler, Grafana learns the source. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly status: number;
  readonly source: ErrorSource;

  constructor(message: string, { status = 500, source = 'plugin', cause }: QueryErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.source = source;
  }

  /** Anything thrown, as a QueryError: what says nothing else about itself is the plugin's fault. */
  static from(thrown: unknown): QueryError {
    if (thrown instanceof QueryError) return thrown;
    return new QueryError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}
