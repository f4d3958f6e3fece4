import type { Call } from './call.ts';
import type { PluginContext } from './plugin-context.ts';

export interface CheckHealthRequest {
  readonly context: PluginContext;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Health {
  readonly status: 'ok' | 'error' | 'unknown';
  readonly message: string;
  /** Shown by the settings page; Grafana's own knows `verboseMessage`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface CheckHealthHandler {
  readonly checkHealth: (request: CheckHealthRequest, call: Call) => Promise<Health>;
}
