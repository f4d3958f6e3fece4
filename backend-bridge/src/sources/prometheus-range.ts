import type { Clock } from '../clock.ts';
import type { ErrorCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { emptyRange, entitiesOf, entityCount, planRange, type RangePlan } from './metric-range.ts';
import { ColumnBuilder } from './metrics-column.ts';
import { UNMATCHED, type EntityResolver } from './metrics-mapping.ts';
import type { MetricRange, RangeRequest } from './metrics-source.ts';
import type { PresetMetric } from './presets.ts';
import { ColumnSink, startDeadline, type Deadline, type QueryRunner } from './prometheus-query.ts';
import { restrictQuery } from './prometheus-restrict.ts';

export interface RangeReaderParts {
  readonly runner: QueryRunner;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest a read may take, waiting for its turn included. */
  readonly timeoutMs: number;
}

export interface MetricQuery {
  readonly metric: PresetMetric;
  readonly promql: string;
  readonly resolver: EntityResolver;
}

/** The others of the connections are left to collections. */
const MAX_UNDER_WAY = 4;
/** Values in one answer of Prometheus: about 60 MB, a second of work for both sides. */
const MAX_READ = 3_000_000;

/** Series of entities that are not wanted go nowhere. */
function onlyWanted(resolver: EntityResolver, entities: readonly number[]): EntityResolver {
  const positions = new Int32Array(resolver.size).fill(UNMATCHED);
  for (const [position, entity] of entities.entries()) positions[entity] = position;
  return {
    size: entities.length,
    labels: resolver.labels,
    resolve: (spans) => {
      const entity = resolver.resolve(spans);
      return entity === UNMATCHED ? UNMATCHED : positions[entity];
    },
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Reads single metrics over time, a few at once. */
export class RangeReader {
  readonly #parts: RangeReaderParts;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #lastFault: ErrorCode | undefined;

  constructor(parts: RangeReaderParts) {
    this.#parts = parts;
  }

  async read({ metric, promql, resolver }: MetricQuery, request: RangeRequest): Promise<MetricRange> {
    request.signal.throwIfAborted();
    const { topology } = request;
    const entities = entitiesOf(request);
    const restricted = request.entities && restrictQuery(promql, metric, { topology, entities });
    const readPerTime = restricted === undefined ? entityCount(topology, metric.spec) : entities.length;
    const plan = planRange({ ...request, wanted: entities.length, readPerTime, maxRead: MAX_READ });
    if (entities.length === 0 || plan.times.length === 0) return emptyRange(plan, entities);
    const wanted = request.entities === undefined ? resolver : onlyWanted(resolver, entities);
    const columns = new ColumnBuilder(wanted.size, plan.times.length, metric.combine);
    const stepOf = (atMs: number): number => Math.round((atMs - plan.times[0]) / plan.stepMs);
    const sink = new ColumnSink(wanted, columns, stepOf);
    await this.#run({ query: restricted ?? promql, plan, sink }, request.signal);
    const { stepMs, times } = plan;
    return { stepMs, times, entities, columns: times.map((_, step) => columns.values(step)) };
  }

  async #run(asked: { query: string; plan: RangePlan; sink: ColumnSink }, signal: AbortSignal): Promise<void> {
    const { runner, clock, log, timeoutMs } = this.#parts;
    const { times, stepMs } = asked.plan;
    const deadline = startDeadline(clock, timeoutMs, signal);
    try {
      await this.#turn(deadline);
      const form = {
        query: asked.query,
        start: seconds(times[0]),
        end: seconds(times[times.length - 1]),
        step: seconds(stepMs),
        timeout: seconds(timeoutMs),
      };
      const outcome = await runner
        .run({ kind: 'range', form, sink: asked.sink }, deadline)
        .finally(() => this.#leave());
      signal.throwIfAborted();
      const code = outcome.ok ? undefined : outcome.error.code;
      // What fails the same way again, panel after panel, is no news.
      const level = code === this.#lastFault ? 'debug' : 'warn';
      this.#lastFault = code;
      if (outcome.ok) return;
      log[level]({ event: 'metrics.range_failed', code, err: outcome.error });
      throw outcome.error;
    } finally {
      deadline.cancel();
    }
  }

  /** Resolves when it is this read's turn; rejects with the deadline's reason when that comes first. */
  async #turn({ signal }: Deadline): Promise<void> {
    if (this.#underWay < MAX_UNDER_WAY) {
      this.#underWay += 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const begin = (): void => resolve(undefined);
    const giveUp = (): void => {
      const at = this.#waiting.indexOf(begin);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal.reason as Error);
    };
    this.#waiting.push(begin);
    signal.addEventListener('abort', giveUp, { once: true });
    await promise;
    signal.removeEventListener('abort', giveUp);
  }

  /** Hands the place on to whoever waits longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#underWay -= 1;
    else next();
  }
}
