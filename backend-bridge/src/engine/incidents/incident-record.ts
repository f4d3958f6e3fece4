import type { ChangeEvent, Incident, Severity } from '@topdeck/protocol';
import { shortHash } from '../alert-text.ts';
import type { Trouble } from './troubles.ts';

export interface Member {
  readonly firstMs: number;
  /** When it was last seen in trouble. */
  lastMs: number;
}

/** One incident as the book keeps it; resources are named by id, so that it outlives a topology. */
export interface IncidentRecord {
  readonly id: string;
  readonly openedMs: number;
  /** Of the first trouble since it opened or last came back: changes are looked for near it. */
  onsetMs: number;
  /** When it last got worse. */
  lastOnsetMs: number;
  /** In the order in which they joined. */
  readonly members: Map<string, Member>;
  readonly alertIds: Set<string>;
  readonly entryPointIds: Set<string>;
  readonly changes: Map<number, ChangeEvent>;
  readonly mergedIds: string[];
  severity: Severity;
  causeId: string | undefined;
  firstFailure: { readonly id: string; readonly atMs: number };
  reopened: number;
  /** Ticks with trouble since it opened. */
  ticks: number;
  /** Since when nothing has been wrong; undefined while something is. */
  quietSinceMs: number | undefined;
  /** Newest tick at which its suspects were ranked. */
  judgedMs: number;
  /** What it looked like when there was nothing new to tell; undefined when that is not known. */
  looks: string | undefined;
  /** As readers know it; undefined until it was first told of. */
  told: { readonly incident: Incident; readonly atMs: number } | undefined;
}

const isEarlier = (a: Trouble, b: Trouble): boolean => a.firstMs < b.firstMs;
export const firstOf = (troubles: readonly Trouble[]): Trouble =>
  troubles.reduce((first, trouble) => (isEarlier(trouble, first) ? trouble : first));

/** The id says the same whenever and wherever the same beginning is seen. */
export function openRecord(troubles: readonly Trouble[]): IncidentRecord {
  const first = firstOf(troubles);
  const alertIds = first.alerts.filter(({ detected_at }) => Date.parse(detected_at) === first.firstMs);
  const beginning = alertIds.map(({ alert_id }) => alert_id).sort()[0] ?? first.resourceId;
  return {
    id: shortHash(['incident', beginning, first.firstMs].join('|')),
    openedMs: first.firstMs,
    onsetMs: first.firstMs,
    lastOnsetMs: first.lastMs,
    members: new Map(),
    alertIds: new Set(),
    entryPointIds: new Set(),
    changes: new Map(),
    mergedIds: [],
    severity: 'low',
    causeId: undefined,
    firstFailure: { id: first.resourceId, atMs: first.firstMs },
    reopened: 0,
    ticks: 0,
    quietSinceMs: undefined,
    judgedMs: -Infinity,
    looks: undefined,
    told: undefined,
  };
}

/** Takes in what is wrong now. */
export function grow(record: IncidentRecord, troubles: readonly Trouble[], atMs: number): void {
  record.ticks += 1;
  record.quietSinceMs = undefined;
  for (const { resourceId, alerts, firstMs, lastMs } of troubles) {
    const member = record.members.get(resourceId);
    if (member === undefined) record.members.set(resourceId, { firstMs, lastMs: atMs });
    else member.lastMs = atMs;
    for (const { alert_id } of alerts) record.alertIds.add(alert_id);
    record.lastOnsetMs = Math.max(record.lastOnsetMs, lastMs);
  }
}

/** Takes over everything of another that turned out to be the same. */
export function absorb(record: IncidentRecord, other: IncidentRecord): void {
  for (const [id, member] of other.members) {
    const own = record.members.get(id);
    if (own === undefined) record.members.set(id, member);
    else own.lastMs = Math.max(own.lastMs, member.lastMs);
  }
  for (const id of other.alertIds) record.alertIds.add(id);
  for (const id of other.entryPointIds) record.entryPointIds.add(id);
  for (const [id, change] of other.changes) record.changes.set(id, change);
  if (other.told !== undefined) record.mergedIds.push(other.id, ...other.mergedIds);
  record.lastOnsetMs = Math.max(record.lastOnsetMs, other.lastOnsetMs);
  if (other.firstFailure.atMs < record.firstFailure.atMs) record.firstFailure = other.firstFailure;
}

/** What readers know of an incident, as a record that goes on from there. `seenMs`: when its members were last looked at. */
export function recordOf(incident: Incident, seenMs: number): IncidentRecord {
  const openedMs = Date.parse(incident.opened_at);
  const resolvedMs = incident.resolved_at === undefined ? undefined : Date.parse(incident.resolved_at);
  const { first_failure: first } = incident;
  const lastMs = resolvedMs ?? seenMs;
  return {
    id: incident.incident_id,
    openedMs,
    onsetMs: openedMs,
    lastOnsetMs: Date.parse(incident.updated_at),
    members: new Map(incident.resource_ids.map((id) => [id, { firstMs: openedMs, lastMs }])),
    alertIds: new Set(incident.alert_ids),
    entryPointIds: new Set(incident.entry_points),
    changes: new Map(incident.changes.map((change) => [change.change_id, change])),
    mergedIds: [...incident.merged_ids],
    severity: incident.severity,
    causeId: incident.cause?.resource_id,
    firstFailure: { id: first?.resource_id ?? incident.resource_ids[0] ?? '', atMs: openedMs },
    reopened: incident.reopened,
    ticks: 1,
    quietSinceMs: resolvedMs,
    judgedMs: -Infinity,
    looks: undefined,
    told: { incident, atMs: Date.parse(incident.updated_at) },
  };
}
