import type { Call } from './call.ts';

export interface CollectMetricsHandler {
  /** Metrics in Prometheus' text format. */
  readonly collectMetrics: (call: Call) => Promise<string>;
}

/**
 * Serves a registry of prom-client (or anything of its form). Give it a registry without prom-client's default
 * collectors: Grafana watches the process itself, and they measure the event loop all the time.
 */
export function collectFrom(registry: { readonly metrics: () => Promise<string> }): CollectMetricsHandler {
  return { collectMetrics: () => registry.metrics() };
}
