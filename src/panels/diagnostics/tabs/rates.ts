import { t } from '@grafana/i18n';

/** What is known of traffic, of a service as of an edge. */
export const RATES = ['request_rate', 'error_rate', 'latency_p95'] as const;
export type Rate = (typeof RATES)[number];

export function rateName(rate: Rate): string {
  const names: Readonly<Record<Rate, () => string>> = {
    request_rate: () => t('diagnostics.column.requests', 'Requests'),
    error_rate: () => t('diagnostics.column.errors', 'Errors'),
    latency_p95: () => t('diagnostics.column.latency', 'p95'),
  };
  return names[rate]();
}
