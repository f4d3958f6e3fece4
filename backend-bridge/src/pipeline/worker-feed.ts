import type { Worker } from 'node:worker_threads';
import type {
  ChangeEvent,
  ChangeRequest,
  ComparisonQuery,
  EventsQuery,
  HealthHistoryQuery,
  HistoryEvent,
  MetricRangeQuery,
} from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import {
  viewKey,
  type Feed,
  type FeedStatus,
  type ReadRequest,
  type Rendered,
  type RenderedEvents,
  type RenderRequest,
  type TickNotice,
  type ViewSpec,
} from '../publisher/feed.ts';
import { ORIGINAL_MAX_AGE_MS, RenderCache } from '../publisher/render-cache.ts';
import type { Log } from '../telemetry/log.ts';
import type { CallArguments, CallName, CallResult } from './feed-messages.ts';
import { WorkerConnection } from './worker-connection.ts';

export interface WorkerFeedOptions {
  readonly startWorker: () => Worker;
  /** Called each time a worker is started in place of one that crashed. */
  readonly onRestart: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

type State =
  | { readonly kind: 'connected'; readonly connection: WorkerConnection; readonly sinceMs: number }
  | { readonly kind: 'starting'; readonly connection: WorkerConnection }
  | { readonly kind: 'down'; readonly cancelRestart: () => void }
  | { readonly kind: 'closed' };

const FIRST_RESTART_MS = 1_000;
const LONGEST_RESTART_MS = 30_000;
/** A worker that ran so long did not crash for what it met at its start: the next restart is soon again. */
const STABLE_MS = 60_000;

/** Half the shortest collection interval: an answer may always be older than that (REST-8). */
const READ_MAX_AGE_MS = 500;

const keyOf = (request: RenderRequest): string => {
  const { form, view, deflate } = request;
  return `${form} ${request.form === 'delta' ? request.fromSeq : ''} ${deflate} ${viewKey(view)}`;
};

/** One call for all who make it while its answer is kept; a fault is not kept. */
function shared<T>(
  cache: RenderCache<Promise<T>>,
  key: string,
  { call, maxAgeMs }: { readonly call: () => Promise<T>; readonly maxAgeMs: number | undefined },
): Promise<T> {
  const make = (): Promise<T> => {
    const answer = call();
    answer.catch(() => cache.forget(key, answer));
    return answer;
  };
  return cache.get(key, make, maxAgeMs);
}

/**
 * A feed that another thread serves. When that crashes, calls under way fail with PIPELINE_FAILED, as do those made until
 * a new worker has started; listeners stay and hear the ticks of the new one, which has an epoch of its own.
 */
export class WorkerFeed implements Feed {
  readonly #options: WorkerFeedOptions;
  readonly #listeners = new Set<{ readonly onTick: (notice: TickNotice) => void }>();
  /** On this side, so that a message crosses once for all who ask for it. */
  readonly #rendered: RenderCache<Promise<Rendered>>;
  readonly #answers: RenderCache<Promise<Uint8Array | undefined>>;
  #state: State = { kind: 'closed' };
  #failures = 0;

  constructor(options: WorkerFeedOptions) {
    this.#options = options;
    this.#rendered = new RenderCache(options.clock);
    this.#answers = new RenderCache(options.clock);
  }

  /** Rejects with the fault that keeps the worker from starting. */
  async start(): Promise<void> {
    await this.#connect();
  }

  listen(onTick: (notice: TickNotice) => void): () => void {
    const listener = { onTick };
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#tellListening(true);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#tellListening(false);
    };
  }

  status(): Promise<FeedStatus> {
    return this.#call('status');
  }

  /** Who asks for the same at about the same time shares one answer: pollers come in hundreds. */
  read(request: ReadRequest): Promise<Uint8Array | undefined> {
    const call = (): Promise<Uint8Array | undefined> => this.#call('read', request);
    return shared(this.#answers, JSON.stringify(request), { call, maxAgeMs: READ_MAX_AGE_MS });
  }

  render(request: RenderRequest): Promise<Rendered> {
    const maxAgeMs = request.form === 'original' ? ORIGINAL_MAX_AGE_MS : undefined;
    return shared(this.#rendered, keyOf(request), { call: () => this.#call('render', request), maxAgeMs });
  }

  renderEvents(view: ViewSpec, fromSeq: number): Promise<RenderedEvents> {
    return this.#call('renderEvents', view, fromSeq);
  }

  refresh(): Promise<TickNotice> {
    return this.#call('refresh');
  }

  events(query: EventsQuery): Promise<readonly HistoryEvent[]> {
    return this.#call('events', query);
  }

  healthHistory(query: HealthHistoryQuery): Promise<Uint8Array> {
    return this.#call('healthHistory', query);
  }

  metricRange(metric: string, query: MetricRangeQuery): Promise<Uint8Array> {
    return this.#call('metricRange', metric, query);
  }

  comparison(resourceId: string, query: ComparisonQuery): Promise<Uint8Array> {
    return this.#call('comparison', resourceId, query);
  }

  reportChange(change: ChangeRequest): Promise<ChangeEvent> {
    return this.#call('reportChange', change);
  }

  metricsText(): Promise<string> {
    return this.#call('metricsText');
  }

  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    this.#listeners.clear();
    if (state.kind === 'down') state.cancelRestart();
    if (state.kind === 'connected' || state.kind === 'starting') await state.connection.close();
  }

  #call<N extends CallName>(name: N, ...args: CallArguments<N>): Promise<CallResult<N>> {
    const state = this.#state;
    if (state.kind !== 'connected') return Promise.reject(new BridgeError('PIPELINE_FAILED'));
    return state.connection.call(name, args);
  }

  #tellListening(on: boolean): void {
    if (this.#state.kind === 'connected') this.#state.connection.listen(on);
  }

  async #connect(): Promise<void> {
    const { startWorker, clock } = this.#options;
    const connection = new WorkerConnection(startWorker(), {
      clock,
      onTick: (notice) => this.#tick(notice),
      onCrash: (cause) => this.#crashed(connection, cause),
    });
    this.#state = { kind: 'starting', connection };
    await connection.started;
    if (!this.#isOf(connection)) return;
    this.#state = { kind: 'connected', connection, sinceMs: clock.monotonicMs() };
    if (this.#listeners.size > 0) connection.listen(true);
  }

  #isOf(connection: WorkerConnection): boolean {
    return 'connection' in this.#state && this.#state.connection === connection;
  }

  #tick(notice: TickNotice): void {
    this.#rendered.clear();
    this.#answers.clear();
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener.onTick(notice);
      } catch (error) {
        this.#options.log.error({ event: 'pipeline.listener_failed', err: error });
      }
    }
  }

  /** Of a worker that had started; one that fails to start rejects `started`. */
  #crashed(connection: WorkerConnection, cause: BridgeError): void {
    const state = this.#state;
    if (state.kind !== 'connected' || state.connection !== connection) return;
    const { clock, log } = this.#options;
    if (clock.monotonicMs() - state.sinceMs >= STABLE_MS) this.#failures = 0;
    log.error({ event: 'pipeline.crashed', err: cause });
    this.#rendered.clear();
    this.#answers.clear();
    this.#restartLater();
  }

  #restartLater(): void {
    const { clock, log, onRestart } = this.#options;
    const delayMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** this.#failures);
    this.#failures += 1;
    const restart = (): void => {
      onRestart();
      this.#connect().then(
        () => log.info({ event: 'pipeline.restarted' }),
        (error: unknown) => {
          if (this.#state.kind === 'closed') return;
          log.error({ event: 'pipeline.restart_failed', err: error });
          this.#restartLater();
        },
      );
    };
    this.#state = { kind: 'down', cancelRestart: clock.schedule(delayMs, restart) };
  }
}
