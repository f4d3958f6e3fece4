import { STATUSES, type AnomalyAlert, type Status } from '@topdeck/protocol';
import type { Diagnosis } from '../diagnosis.ts';

/** A resource that something is wrong with. */
export interface Trouble {
  /** Index into resources. */
  readonly index: number;
  readonly resourceId: string;
  readonly status: Status;
  /** Open anomalies of the resource, and of edges that lead to it: where calls go wrong, the called side is looked at. */
  readonly alerts: readonly AnomalyAlert[];
  /** Onset of the first and of the last thing that is wrong, epoch milliseconds. */
  readonly firstMs: number;
  readonly lastMs: number;
}

const UNKNOWN = STATUSES.indexOf('unknown');
/** What was never seen has a code above all statuses. */
export const statusAt = ({ services }: Diagnosis, index: number): Status =>
  STATUSES[services.status[index]] ?? 'unknown';
export const isKnown = ({ services }: Diagnosis, index: number): boolean => services.status[index] < UNKNOWN;
export const isFailing = (status: Status): boolean => status === 'degraded' || status === 'failed';

/** The resource that an anomaly is counted to. */
export const anchorOf = ({ resource_id, target_id }: AnomalyAlert): string => target_id ?? resource_id;

/**
 * Everything that is wrong at present, ascending by index. `failingSince` remembers since when services fail, and is
 * brought up to date.
 */
export function troublesOf(diagnosis: Diagnosis, failingSince: Map<string, number>): Trouble[] {
  const { topology, anomalies, atMs } = diagnosis;
  const alertsAt = new Map<number, AnomalyAlert[]>();
  for (const alert of anomalies) {
    const index = topology.indexOf.get(anchorOf(alert));
    if (index === undefined) continue;
    const present = alertsAt.get(index);
    if (present === undefined) alertsAt.set(index, [alert]);
    else present.push(alert);
  }
  const failing = new Set<string>();
  const parsed = new Map<string, number>();
  const onsetOf = ({ detected_at: text }: AnomalyAlert): number => {
    const known = parsed.get(text) ?? Date.parse(text);
    parsed.set(text, known);
    return known;
  };
  const troubles: Trouble[] = [];
  for (let index = 0; index < topology.resources.length; index += 1) {
    const status = statusAt(diagnosis, index);
    const fails = isFailing(status);
    const own = alertsAt.get(index);
    if (!fails && own === undefined) continue;
    const alerts = own ?? [];
    const resourceId = topology.resources[index].id;
    const onsets = alerts.map(onsetOf);
    if (fails) {
      failing.add(resourceId);
      const sinceMs = failingSince.get(resourceId) ?? atMs;
      failingSince.set(resourceId, sinceMs);
      // Anomalies are dated back to their first deviating value, a status is not: it tells of an onset only by itself.
      if (alerts.length === 0) onsets.push(sinceMs);
    }
    const firstMs = Math.min(...onsets);
    troubles.push({ index, resourceId, status, alerts, firstMs, lastMs: Math.max(...onsets) });
  }
  for (const id of failingSince.keys()) if (!failing.has(id)) failingSince.delete(id);
  return troubles;
}
