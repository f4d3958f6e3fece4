import { SEVERITIES, type ChangeEvent, type Incident } from '@topdeck/protocol';
import type { IncidentRecord } from './incident-record.ts';
import type { Trouble } from './troubles.ts';

/** Evidence goes on to gather for so many ticks; later an incident that looks the same is not judged anew. */
export const TICKS_OF_EVIDENCE = 12;

const gravityOf = (alerts: Trouble['alerts']): number =>
  alerts.reduce((sum, { severity }) => sum + 1 + SEVERITIES.indexOf(severity), 0);

/** What a report is made of, but for moving values. */
export const looksOf = (
  record: IncidentRecord,
  troubles: readonly Trouble[],
  changes: readonly ChangeEvent[],
): string =>
  [
    record.alertIds.size,
    record.members.size,
    record.mergedIds.length,
    changes.length,
    troubles.length,
    troubles.reduce((sum, { status }) => sum + (status === 'failed' ? 2 : Number(status === 'degraded')), 0),
    troubles.reduce((sum, { alerts }) => sum + gravityOf(alerts), 0),
  ].join();

export const isGraver = (before: Incident, now: Incident): boolean =>
  before.severity !== now.severity ||
  (before.cause === undefined && now.cause !== undefined) ||
  before.merged_ids.length !== now.merged_ids.length ||
  before.changes.length !== now.changes.length;

export const hasNews = (before: Incident, now: Incident): boolean =>
  before.cause?.resource_id !== now.cause?.resource_id ||
  before.blast_radius.services !== now.blast_radius.services ||
  before.entry_points.length !== now.entry_points.length ||
  before.alert_ids.length !== now.alert_ids.length;
