import type { Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { Snapshot, SourceFreshness, Status } from '@topdeck/protocol';

export interface Cut<Row> {
  readonly rows: readonly Row[];
  readonly notices: readonly Notice[];
}

export interface Limit<Row> {
  readonly limit: number;
  /** Of what the rows are, in the plural. */
  readonly what: string;
  /** The most urgent rows stay where not all may; 0 by default for all, so that the first ones stay. */
  readonly urgency?: (row: Row) => number;
}

export const URGENCY: Readonly<Record<Status, number>> = { failed: 3, degraded: 2, unknown: 1, healthy: 0 };

/** At most `limit` rows, in the order they had, and words about what is missing. */
export function cut<Row>(rows: readonly Row[], { limit, what, urgency = () => 0 }: Limit<Row>): Cut<Row> {
  if (rows.length <= limit) return { rows, notices: [] };
  const urgencies = Float64Array.from(rows, urgency);
  const order = Uint32Array.from(rows.keys()).sort((a, b) => urgencies[b] - urgencies[a] || a - b);
  const kept = order.slice(0, limit).sort();
  const text = `Showing ${limit} of ${rows.length} ${what}. Narrow the filter or raise the limit.`;
  return { rows: Array.from(kept, (index) => rows[index]), notices: [{ severity: 'warning', text }] };
}

function sourceNotice(what: string, { source, state, last_success, error }: SourceFreshness): Notice[] {
  if (state === 'fresh') return [];
  const since = last_success === undefined ? 'could not be read yet' : `could not be read since ${last_success}`;
  return [{ severity: 'warning', text: `${what} (${source}) ${since}${error === undefined ? '' : `: ${error}`}` }];
}

/** What keeps the data from being about now. */
export const freshnessNotices = ({ freshness }: Snapshot): Notice[] => [
  ...sourceNotice('The topology', freshness.topology),
  ...sourceNotice('Metrics', freshness.metrics),
];
