import { SEVERITIES, WELL_KNOWN_METRICS, type AnomalyAlert, type Severity } from '@topdeck/protocol';
import type { Diagnosis } from '../diagnosis.ts';
import type { Network } from './network.ts';
import { isFailing, type Trouble } from './troubles.ts';

/** Hurt entry points that take at least this share of the requests make an incident critical. */
const MOST_REQUESTS = 0.5;

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
export const worse = (a: Severity, b: Severity): Severity => (rank(a) >= rank(b) ? a : b);
export const isAtLeast = (severity: Severity, bound: Severity): boolean => rank(severity) >= rank(bound);

/** Whether whoever calls would notice: errors, waiting, or requests that do not come through; not use of resources. */
function isFelt({ metric_name, current_value, expected_value }: AnomalyAlert): boolean {
  if (metric_name === WELL_KNOWN_METRICS.requestRate) return current_value < expected_value;
  return metric_name === WELL_KNOWN_METRICS.errorRate || metric_name.startsWith('latency');
}

export const isHurt = ({ status, alerts }: Trouble): boolean => isFailing(status) || alerts.some(isFelt);

/** Requests that enter at each entry point, 1/s, NaN where not known; its own rate, or else that of its calls. */
export function entryRates(network: Network, { columns }: Diagnosis): Map<number, number> {
  const find = (scope: string): Float64Array | undefined =>
    columns.find(({ spec }) => spec.scope === scope && spec.name === WELL_KNOWN_METRICS.requestRate)?.values;
  const [own, calls] = [find('service'), find('edge')];
  const rates = new Map<number, number>();
  for (const index of network.entryPoints) {
    let rate = own?.[index] ?? Number.NaN;
    if (Number.isNaN(rate) && calls !== undefined) {
      const made = calls.subarray(network.outOffsets[index], network.outOffsets[index + 1]);
      rate = made.reduce((sum, value) => (Number.isNaN(value) ? sum : Number.isNaN(sum) ? value : sum + value), NaN);
    }
    rates.set(index, rate);
  }
  return rates;
}

/** Of all requests that enter, those that enter at `hurt`; null where none are known. */
export function requestShare(rates: ReadonlyMap<number, number>, hurt: ReadonlySet<number>): number | null {
  let [all, affected] = [0, 0];
  for (const [index, rate] of rates) {
    if (Number.isNaN(rate)) continue;
    all += rate;
    if (hurt.has(index)) affected += rate;
  }
  return all > 0 ? Math.round((affected / all) * 100) / 100 : null;
}

/**
 * Severity by effect. critical: an entry point failed, or those hurt are failing and take half of the requests or more.
 * high: an entry point is degraded, or has a high anomaly that callers feel. medium: an entry point is hurt otherwise,
 * or something behind failed or has a critical anomaly. low: anything else.
 */
export function severityOf(
  troubles: readonly Trouble[],
  effect: { readonly isEntryPoint: (index: number) => boolean; readonly share: number | null },
): Severity {
  const hurt = troubles.filter((trouble) => effect.isEntryPoint(trouble.index) && isHurt(trouble));
  if (hurt.some(({ status }) => status === 'failed')) return 'critical';
  if (hurt.some(({ status }) => status === 'degraded'))
    return (effect.share ?? 0) >= MOST_REQUESTS ? 'critical' : 'high';
  if (hurt.some(({ alerts }) => alerts.some((alert) => isFelt(alert) && isAtLeast(alert.severity, 'high'))))
    return 'high';
  const isGrave = ({ status, alerts }: Trouble): boolean =>
    status === 'failed' || alerts.some(({ severity }) => severity === 'critical');
  return hurt.length > 0 || troubles.some(isGrave) ? 'medium' : 'low';
}
