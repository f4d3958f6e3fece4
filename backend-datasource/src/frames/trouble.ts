import { WELL_KNOWN_METRICS, type AnomalyAlert, type Snapshot } from '@topdeck/protocol';
import { addTo, servicesById } from './graph.ts';

/** What is wrong in a snapshot, and along which edges it can spread. */
export interface Trouble {
  /** Resources that something is wrong with: degraded or failed, or with an anomaly of their own. */
  readonly ill: ReadonlySet<string>;
  /** When the first open anomaly of a resource itself was detected, RFC 3339. */
  readonly since: ReadonlyMap<string, string>;
  /** Highest score of a resource's own anomalies. */
  readonly scores: ReadonlyMap<string, number>;
  /** Resources that a resource's anomalies, or those of its calls, point to: most suspect first, none of them well. */
  readonly suspects: ReadonlyMap<string, readonly string[]>;
  /** Callers that are ill, or that nothing is known of: trouble passes through these too. */
  readonly callers: ReadonlyMap<string, readonly string[]>;
  /** The same edges the other way round. */
  readonly callees: ReadonlyMap<string, readonly string[]>;
}

/** Fewer requests than usual are what an ill caller does to those below it, and no illness of theirs. */
const isFewerRequests = ({ metric_name, current_value, expected_value }: AnomalyAlert): boolean =>
  metric_name === WELL_KNOWN_METRICS.requestRate && current_value < expected_value;

const isOwn = (anomaly: AnomalyAlert): boolean => anomaly.target_id === undefined;

function findIll(snapshot: Snapshot): Pick<Trouble, 'ill' | 'since' | 'scores'> {
  const { services, anomalies } = snapshot;
  // An anomaly may outlive its resource by a state.
  const known = servicesById(snapshot);
  const ill = new Set<string>();
  const since = new Map<string, string>();
  const scores = new Map<string, number>();
  for (const { resource_id, status } of services)
    if (status === 'degraded' || status === 'failed') ill.add(resource_id);
  for (const anomaly of anomalies) {
    if (!isOwn(anomaly) || isFewerRequests(anomaly) || !known.has(anomaly.resource_id)) continue;
    const { resource_id, detected_at, score = 0 } = anomaly;
    ill.add(resource_id);
    const before = since.get(resource_id);
    if (before === undefined || detected_at < before) since.set(resource_id, detected_at);
    scores.set(resource_id, Math.max(score, scores.get(resource_id) ?? 0));
  }
  return { ill, since, scores };
}

/** Undefined while nothing is wrong, which is what a snapshot says most of the time. */
export function findTrouble(snapshot: Snapshot): Trouble | undefined {
  const found = findIll(snapshot);
  const { ill } = found;
  if (ill.size === 0) return undefined;
  const services = servicesById(snapshot);
  const isUnknown = (id: string): boolean => services.get(id)?.status === 'unknown';
  const suspects = new Map<string, string[]>();
  // What a resource's own anomalies point to comes before what those of its calls do.
  for (const anomaly of [...snapshot.anomalies.filter(isOwn), ...snapshot.anomalies.filter((one) => !isOwn(one))]) {
    const { resource_id, cause_ids = [] } = anomaly;
    addTo(suspects, resource_id, ...cause_ids.filter((id) => id !== resource_id && (ill.has(id) || isUnknown(id))));
  }
  const [callers, callees] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const [source, target] of snapshot.dependencies) {
    if (!ill.has(source) && !isUnknown(source)) continue;
    addTo(callers, target, source);
    addTo(callees, source, target);
  }
  return { ...found, suspects, callers, callees };
}
