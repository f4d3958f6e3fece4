import { STATUSES, type DiagnosticsEvent } from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';

/** The transitions between the states of two engines, neither of which knows what the other published. */
export function statusChanges(before: Diagnosis, now: Diagnosis): DiagnosticsEvent[] {
  const events: DiagnosticsEvent[] = [];
  for (const [i, { id }] of now.topology.resources.entries()) {
    const index = before.topology.indexOf.get(id);
    if (index === undefined) continue;
    const [old_status, new_status] = [before.services.status[index], now.services.status[i]].map((s) => STATUSES[s]);
    if (old_status === new_status) continue;
    const data = { resource_id: id, old_status, new_status, health_score: now.services.score[i] };
    events.push({ type: 'health_change', atMs: now.atMs, data });
  }
  return events;
}
