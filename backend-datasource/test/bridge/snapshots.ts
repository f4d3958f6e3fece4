import { COLLECTIONS, type Snapshot } from '@topdeck/protocol';
import { service, snapshotOf as snapshotWith } from '../snapshots.ts';

export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
export const isoAt = (offsetMs: number): string => new Date(START_MS + offsetMs).toISOString();

/** Services by id with their scores; each calls the next. */
export function snapshotOf(scores: Readonly<Record<string, number>>, offsetMs = 0): Snapshot {
  const ids = Object.keys(scores).sort();
  const services = ids.map((id) => {
    const score = scores[id];
    const status = score >= 70 ? 'healthy' : 'failed';
    return service(id, { status, health_score: score, metrics: { request_rate: score / 10 } });
  });
  const { freshness } = snapshotWith([]);
  return snapshotWith(services.sort(COLLECTIONS.services.compare), {
    timestamp: isoAt(offsetMs),
    dependencies: ids.slice(1).map((id, index) => [ids[index], id]),
    freshness: { ...freshness, topology_version: ids.join() },
  });
}
