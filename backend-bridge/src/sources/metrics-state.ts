import type { SourceFreshness } from '@topdeck/protocol';
import type { BridgeError } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'unavailable'; readonly error: BridgeError }
  | { readonly kind: 'fresh'; readonly successMs: number }
  | { readonly kind: 'stale'; readonly successMs: number; readonly error: BridgeError };

interface MetricsStateDeps {
  readonly log: Log;
  readonly metrics: PipelineMetrics;
}

const timestamp = (ms: number): string => new Date(ms).toISOString();
const fault = ({ code, message }: BridgeError): Pick<SourceFreshness, 'error_code' | 'error'> => ({
  error_code: code,
  error: message,
});

/** What a metrics source knows of its upstream, as of the newest collection. */
export class MetricsState {
  readonly #source: string;
  readonly #deps: MetricsStateDeps;
  #state: State = { kind: 'waiting' };
  #readMs = 0;

  constructor(source: string, deps: MetricsStateDeps) {
    this.#source = source;
    this.#deps = deps;
  }

  /** `atMs`: evaluation time of what was read; `tookMs`: how long reading it took. */
  succeeded(atMs: number, tookMs: number): void {
    this.#readMs = Math.round(tookMs);
    if ('error' in this.#state) this.#deps.log.info({ event: 'metrics.recovered', source: this.#source });
    this.#state = { kind: 'fresh', successMs: atMs };
    this.#deps.metrics.sourceLastSuccess.set({ source: 'metrics' }, atMs / 1000);
  }

  /** Logged as a warning when it is news, so that an outage of hours is a line and not one a tick. */
  failed(error: BridgeError): void {
    const before = this.#state;
    this.#state =
      'successMs' in before ? { kind: 'stale', successMs: before.successMs, error } : { kind: 'unavailable', error };
    const isNews = !('error' in before) || before.error.code !== error.code;
    this.#deps.log[isNews ? 'warn' : 'debug']({
      event: 'metrics.lost',
      source: this.#source,
      state: this.#state.kind,
      code: error.code,
      error: error.message,
      action: error.action,
      ...(error.cause instanceof Error && { cause: error.cause.message }),
    });
  }

  read(): SourceFreshness {
    const state = this.#state;
    const source = this.#source;
    switch (state.kind) {
      case 'waiting':
        return { source, state: 'unavailable' };
      case 'unavailable':
        return { source, state: 'unavailable', ...fault(state.error) };
      case 'fresh':
        return { source, state: 'fresh', ...this.#since(state.successMs) };
      case 'stale':
        return { source, state: 'stale', ...this.#since(state.successMs), ...fault(state.error) };
    }
  }

  #since(successMs: number): Pick<SourceFreshness, 'last_success' | 'read_ms'> {
    return { last_success: timestamp(successMs), read_ms: this.#readMs };
  }
}
