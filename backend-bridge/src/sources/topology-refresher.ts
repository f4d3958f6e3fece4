import type { SourceFreshness, Topology, TopologyIssues } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { toBridgeError, type BridgeError, type ErrorCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';
import type { TopologyReading, TopologySource } from './topology-source.ts';

/** What sets one topology source apart from another: how to read the graph, and how to tell that it may have changed. */
export interface TopologyReader {
  readonly kind: string;
  /** Reads the whole graph. Rejects with a fault of the catalogue, and promptly once `close` was called. */
  load(): Promise<Topology>;
  /** A cheap look before each scheduled `load`; false spares it. Absent: scheduled refreshes always load. */
  changed?(): Promise<boolean>;
  close(): Promise<void>;
}

export interface RefreshPolicy {
  readonly intervalMs: number;
  /** Time to the next attempt after `failures` failed ones in a row, the last of them with `error`. */
  retryDelayMs(error: BridgeError, failures: number): number;
  /** Faults that trying again cannot mend: `start` rejects with them. */
  readonly fatalAtStart: ReadonlySet<ErrorCode>;
}

export interface TopologySourceDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: PipelineMetrics;
}

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unavailable'; readonly error: BridgeError; readonly failures: number }
  | { readonly kind: 'fresh'; readonly topology: Topology; readonly successMs: number }
  | {
      readonly kind: 'stale';
      readonly topology: Topology;
      readonly successMs: number;
      readonly error: BridgeError;
      readonly failures: number;
    };

const sameIssues = (a: TopologyIssues, b: TopologyIssues): boolean =>
  (Object.keys(a) as (keyof TopologyIssues)[]).every((reason) => a[reason] === b[reason]);

/**
 * Equal graphs keep the identical object, so that nobody downstream realigns columns for nothing. The version covers
 * the graph alone; where only the dropped rows differ, a new object tells of them and shares everything else.
 */
function settle(before: Topology | undefined, next: Topology): Topology {
  if (before === undefined || before.version !== next.version) return next;
  return sameIssues(before.issues, next.issues) ? before : { ...before, issues: next.issues };
}

/** The port's behaviour (schedule, retries, last good reading, listeners) over any {@link TopologyReader}. */
export class RefreshingTopologySource implements TopologySource {
  readonly kind: string;
  readonly #reader: TopologyReader;
  readonly #policy: RefreshPolicy;
  readonly #deps: TopologySourceDeps;
  readonly #listeners = new Set<(topology: Topology) => void>();
  #state: State = { kind: 'waiting' };
  #readMs = 0;
  /** At most one attempt runs at a time; `loads` is false while it may end without having read the graph. */
  #attempt: { readonly ended: Promise<void>; readonly loads: boolean } | undefined;
  #cancelScheduled: () => void = () => undefined;
  #closed = false;

  constructor(reader: TopologyReader, policy: RefreshPolicy, deps: TopologySourceDeps) {
    this.kind = reader.kind;
    this.#reader = reader;
    this.#policy = policy;
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.#load();
    const state = this.#state;
    if (state.kind !== 'unavailable' || !this.#policy.fatalAtStart.has(state.error.code)) return;
    await this.close();
    throw state.error;
  }

  read(): TopologyReading {
    const state = this.#state;
    switch (state.kind) {
      case 'waiting':
        return { topology: undefined, freshness: { source: this.kind, state: 'unavailable' } };
      case 'unavailable':
        return { topology: undefined, freshness: { source: this.kind, state: 'unavailable', ...fault(state.error) } };
      case 'fresh':
        return { topology: state.topology, freshness: this.#since('fresh', state.successMs) };
      case 'stale':
        return {
          topology: state.topology,
          freshness: { ...this.#since('stale', state.successMs), ...fault(state.error) },
        };
    }
  }

  async refresh(): Promise<TopologyReading> {
    await this.#load();
    return this.read();
  }

  onChange(listener: (topology: Topology) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelScheduled();
    this.#listeners.clear();
    await this.#reader.close();
    await this.#attempt?.ended;
  }

  #since(state: 'fresh' | 'stale', successMs: number): SourceFreshness {
    return { source: this.kind, state, last_success: new Date(successMs).toISOString(), read_ms: this.#readMs };
  }

  /** Joins an attempt that reads the graph anyway; one that only looks whether it changed is waited for first. */
  async #load(): Promise<void> {
    while (this.#attempt?.loads === false) await this.#attempt.ended;
    await this.#run(true);
  }

  #run(loads: boolean): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (this.#attempt !== undefined) return this.#attempt.ended;
    this.#cancelScheduled();
    const ended = this.#once(loads).finally(() => {
      this.#attempt = undefined;
      if (!this.#closed) this.#schedule();
    });
    this.#attempt = { ended, loads };
    return ended;
  }

  #schedule(): void {
    const state = this.#state;
    const failed = state.kind === 'unavailable' || state.kind === 'stale';
    const delayMs = failed ? this.#policy.retryDelayMs(state.error, state.failures) : this.#policy.intervalMs;
    const loads = this.#reader.changed === undefined;
    this.#cancelScheduled = this.#deps.clock.schedule(delayMs, () => void this.#run(loads));
  }

  async #once(loads: boolean): Promise<void> {
    try {
      if (!loads && (await this.#reader.changed?.()) === false) {
        this.#confirmed();
        return;
      }
      const startMs = this.#deps.clock.monotonicMs();
      const loaded = await this.#reader.load();
      this.#readMs = Math.round(this.#deps.clock.monotonicMs() - startMs);
      if (!this.#closed) this.#succeeded(loaded);
    } catch (error) {
      if (!this.#closed) this.#failed(toBridgeError(error));
    }
  }

  /** Nothing changed: what was good is good as of now, what was faulty still is. */
  #confirmed(): void {
    if (this.#closed || this.#state.kind !== 'fresh') return;
    this.#state = { ...this.#state, successMs: this.#deps.clock.nowMs() };
    this.#stampSuccess();
  }

  #succeeded(loaded: Topology): void {
    const { clock, log } = this.#deps;
    const before = this.#state;
    const known = 'topology' in before ? before.topology : undefined;
    const topology = settle(known, loaded);
    this.#state = { kind: 'fresh', topology, successMs: clock.nowMs() };
    this.#stampSuccess();
    if ('failures' in before) log.info({ event: 'topology.recovered', source: this.kind, failures: before.failures });
    if (topology !== known) this.#changed(topology);
  }

  #stampSuccess(): void {
    this.#deps.metrics.sourceLastSuccess.set({ source: 'topology' }, this.#deps.clock.nowMs() / 1000);
  }

  #changed(topology: Topology): void {
    const { log, metrics } = this.#deps;
    const { version, issues } = topology;
    const size = { resources: topology.resources.length, dependencies: topology.dependencies.length };
    log.info({ event: 'topology.changed', source: this.kind, version, ...size });
    if (Object.values(issues).some((count) => count > 0))
      log.warn({ event: 'topology.rows_dropped', source: this.kind, version, ...issues });
    for (const [kind, count] of Object.entries(size)) metrics.topologySize.set({ kind }, count);
    for (const [reason, count] of Object.entries(issues)) metrics.topologyIssues.set({ reason }, count);
    for (const listener of [...this.#listeners]) this.#tell(listener, topology);
  }

  #tell(listener: (topology: Topology) => void, topology: Topology): void {
    try {
      listener(topology);
    } catch (error) {
      this.#deps.log.error({ event: 'topology.listener_failed', source: this.kind, err: error });
    }
  }

  /** Logged as a warning when it is news, so that an outage of hours is a few lines and not one a retry. */
  #failed(error: BridgeError): void {
    const before = this.#state;
    const failures = 'failures' in before ? before.failures + 1 : 1;
    this.#state =
      'topology' in before
        ? { kind: 'stale', topology: before.topology, successMs: before.successMs, error, failures }
        : { kind: 'unavailable', error, failures };
    const isNews = !('error' in before) || before.error.message !== error.message;
    this.#deps.log[isNews ? 'warn' : 'debug']({
      event: 'topology.refresh_failed',
      source: this.kind,
      state: this.#state.kind,
      code: error.code,
      error: error.message,
      action: error.action,
      failures,
      ...(error.cause instanceof Error && { cause: error.cause.message }),
    });
  }
}

const fault = (error: BridgeError): Pick<SourceFreshness, 'error_code' | 'error'> => ({
  error_code: error.code,
  error: error.message,
});
