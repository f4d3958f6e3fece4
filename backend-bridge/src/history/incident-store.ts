import type { ChangeEvent, HistoryIncidentEvent, Incident, IncidentEvent, IncidentsQuery } from '@topdeck/protocol';

export interface ChangeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly limit: number;
}

/**
 * The part of the history that keeps incidents and changes.
 *
 * Contract, checked for each adapter by test/history/incident-store.contract.ts:
 *  - an incident is as its last event tells, by the order of appending;
 *  - `incidents` answers newest first: by `opened_at`, then id, descending. With `since` those that were not over before
 *    it, with `until` those that opened before it; `limit` defaults to DEFAULT_INCIDENTS;
 *  - `incidentEvents` gives the events of one incident in the order of appending;
 *  - `changes` answers newest first those in [sinceMs, untilMs); of two at one time, the later kept. Their ids ascend in
 *    the order of keeping and are never used again;
 *  - `prune` of the history drops incidents that were over before that time with their events, and earlier changes.
 */
export interface IncidentStore {
  readonly incidents: (query: IncidentsQuery) => readonly Incident[];
  readonly incident: (incidentId: string) => Incident | undefined;
  readonly incidentEvents: (incidentId: string) => readonly HistoryIncidentEvent[];
  readonly keepChange: (change: Omit<ChangeEvent, 'change_id'>) => ChangeEvent;
  readonly changes: (range: ChangeRange) => readonly ChangeEvent[];
}

export const DEFAULT_INCIDENTS = 50;

export const isIncidentEvent = (event: { readonly type: string }): event is IncidentEvent =>
  event.type.startsWith('incident_');
