import { setMaxListeners } from 'node:events';
import type { Clock } from '../clock.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import { UNMATCHED, type EntityResolver } from './metrics-mapping.ts';
import type { AnswerNotes, ColumnBuilder } from './metrics-column.ts';
import { readAnswer, type ResultType, type SeriesSink } from './prometheus-answer.ts';
import type { PrometheusClient } from './prometheus-client.ts';

export interface Deadline {
  /** Aborts with PROMETHEUS_TIMEOUT at the deadline, or earlier with the reason of the outer signal. */
  readonly signal: AbortSignal;
  cancel(): void;
}

/** One deadline for all queries of a collection: a server that hangs delays it once, not once a query. */
export function startDeadline(clock: Clock, timeoutMs: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const cancel = clock.schedule(timeoutMs, () => {
    controller.abort(new BridgeError('PROMETHEUS_TIMEOUT', { detail: `nothing within ${timeoutMs / 1000} s` }));
  });
  const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal]);
  // Every query under way listens, and none of them leaks: the signal lives as long as the collection.
  setMaxListeners(0, signal);
  return { signal, cancel };
}

/** Writes the samples of an answer into columns; samples at a time outside the plan are dropped. */
export class ColumnSink implements SeriesSink {
  readonly labels: readonly string[];
  readonly #resolver: EntityResolver;
  readonly #columns: ColumnBuilder;
  readonly #stepOf: (atMs: number) => number;
  #entity = UNMATCHED;

  constructor(resolver: EntityResolver, columns: ColumnBuilder, stepOf: (atMs: number) => number) {
    this.labels = resolver.labels;
    this.#resolver = resolver;
    this.#columns = columns;
    this.#stepOf = stepOf;
  }

  series(...[spans]: Parameters<SeriesSink['series']>): void {
    this.#entity = this.#resolver.resolve(spans);
    if (this.#entity === UNMATCHED) this.#columns.unmatchedSeries += 1;
  }

  sample(atMs: number, value: number): void {
    if (this.#entity === UNMATCHED) return;
    const step = this.#stepOf(atMs);
    if (step >= 0 && step < this.#columns.steps) this.#columns.add(this.#entity, step, value);
  }

  reset(): void {
    this.#columns.reset();
  }
}

const ENDPOINTS = {
  instant: { path: 'api/v1/query', result: 'vector' },
  range: { path: 'api/v1/query_range', result: 'matrix' },
} as const satisfies Record<string, { path: string; result: ResultType }>;

export interface Query {
  readonly kind: keyof typeof ENDPOINTS;
  readonly form: Readonly<Record<string, string>>;
  readonly sink: SeriesSink;
}

export type QueryOutcome =
  { readonly ok: true; readonly notes: AnswerNotes } | { readonly ok: false; readonly error: BridgeError };

interface RunnerDeps {
  readonly client: PrometheusClient;
  readonly clock: Clock;
  readonly metrics: PipelineMetrics;
}

/** Runs queries and accounts for them. Whatever goes wrong is the outcome of that query and touches no other. */
export class QueryRunner {
  readonly #deps: RunnerDeps;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  async run({ kind, form, sink }: Query, { signal }: Deadline): Promise<QueryOutcome> {
    const { client, clock, metrics } = this.#deps;
    const labels = { upstream: 'prometheus', kind };
    const startMs = clock.monotonicMs();
    let outcome: QueryOutcome;
    let label = 'ok';
    try {
      const body = await client.post(ENDPOINTS[kind].path, form, signal);
      outcome = { ok: true, notes: readAnswer(body, ENDPOINTS[kind].result, sink) };
    } catch (error) {
      outcome = { ok: false, error: toBridgeError(error) };
      label = signal.aborted && !(error instanceof BridgeError) ? 'aborted' : outcome.error.code;
    }
    metrics.upstreamQueries.inc({ ...labels, outcome: label });
    metrics.upstreamQuerySeconds.observe(labels, (clock.monotonicMs() - startMs) / 1000);
    return outcome;
  }
}
