import { OVERALL_DEGRADED_SHARE, OVERALL_HEALTH, STATUSES, type OverallHealth, type Status } from '@topdeck/protocol';
import { healthOf, healthRank } from '../../ui/status.ts';
import type { Table } from './read-frames.ts';

export type StatusCounts = Readonly<Record<Status, number>> & { readonly total: number };

export function countStatuses(table: Table<'services'>): StatusCounts {
  const counts = { healthy: 0, degraded: 0, failed: 0, unknown: 0, total: table.length };
  for (const status of table.column('status')) counts[statusOf(status)] += 1;
  return counts;
}

/** What is no status of ours is not known. */
export const statusOf = (value: unknown): Status =>
  (STATUSES as readonly unknown[]).includes(value) ? (value as Status) : 'unknown';

/**
 * The bridge's word from the connection frame. Without that, what the listed services add up to by the protocol's default
 * rule; undefined without either.
 */
export function overallHealth(
  connection: Table<'connection'> | undefined,
  counts: StatusCounts | undefined,
): OverallHealth | undefined {
  const told = connection?.text('overall_health', 0);
  const known = OVERALL_HEALTH.find((health) => health === told);
  if (known !== undefined) return known;
  if (counts === undefined) return undefined;
  if (counts.failed > 0) return 'critical';
  if (counts.total === counts.unknown) return 'unknown';
  return counts.degraded > OVERALL_DEGRADED_SHARE * counts.total ? 'degraded' : 'healthy';
}

const MAX_SCORE = 100;
/** To sort by: by status, and within one by score. */
export const badness = (status: string, score: number | null): number =>
  healthRank(healthOf(status)) * (MAX_SCORE + 1) + (MAX_SCORE - (score ?? 0));

export const WORST_FIRST: readonly Status[] = ['failed', 'degraded', 'unknown', 'healthy'];
