import { column, type Frame, type Notice } from '@topdeck/grafana-plugin-sdk/frames';
import type { Snapshot } from '@topdeck/protocol';
import { ANOMALY_SCORE, SECONDS, STATUS_COLORS, STATUS_TEXT } from './display.ts';
import { tableFrame } from './frame-kinds.ts';
import type { Edge } from './graph.ts';
import { rolesOf } from './roles.ts';

/** Ids may contain what stands between them. */
const escaped = (id: string): string => id.replaceAll('%', '%25').replaceAll('>', '%3E');
const edgeId = ({ source_id, target_id }: Edge): string => `${escaped(source_id)}->${escaped(target_id)}`;

/** An edge is coloured by what is wrong with it or with what it leads to; one that all is well with stays grey. */
function colorOf({ traffic, target }: Edge): string {
  if (traffic?.is_abnormal === true || target?.status === 'failed') return STATUS_COLORS.failed;
  return target?.status === 'degraded' ? STATUS_COLORS.degraded : STATUS_COLORS.unknown;
}

/** One for each power of ten of requests a second, in pixels. */
const thicknessOf = ({ traffic }: Edge): number =>
  1 + Math.min(4, Math.log10(1 + Math.max(0, traffic?.request_rate ?? 0)));

const percent = (ratio: number | undefined): number | null => (ratio === undefined ? null : ratio * 100);

export function edgesFrame(snapshot: Snapshot, edges: readonly Edge[], notices: readonly Notice[]): Frame {
  const { isOnPath } = rolesOf(snapshot);
  const updated = snapshot.freshness.metrics.last_success ?? null;
  return tableFrame<Edge>({
    name: 'edges',
    rows: edges,
    shownAs: 'nodeGraph',
    notices,
    columns: [
      column.string('id', edgeId),
      column.string('source', (edge) => edge.source_id),
      column.string('target', (edge) => edge.target_id),
      column.nullable.float64('mainstat', (edge) => edge.traffic?.request_rate ?? null, {
        config: { unit: 'req/s', decimals: 1, displayName: 'Requests' },
      }),
      // In percent, for the node graph knows no unit that would make a percentage of a ratio.
      column.nullable.float64('secondarystat', (edge) => percent(edge.traffic?.error_rate), {
        config: { unit: '%', decimals: 2, displayName: 'Errors' },
      }),
      column.string('color', colorOf),
      column.float64('thickness', thicknessOf),
      column.bool('highlighted', (edge) => isOnPath(edge.source_id, edge.target_id)),
      column.nullable.float64('detail__latency_p95', (edge) => edge.traffic?.latency_p95 ?? null, {
        config: { ...SECONDS, decimals: 3, displayName: 'Latency p95' },
      }),
      column.nullable.float64('detail__error_rate', (edge) => edge.traffic?.error_rate ?? null, {
        config: { displayName: 'Error ratio', decimals: 4 },
      }),
      column.nullable.string('detail__trend', (edge) => edge.traffic?.trend ?? null, {
        config: { displayName: 'Trend' },
      }),
      column.nullable.float64('detail__anomaly_score', (edge) => edge.traffic?.anomaly_score ?? null, {
        config: { ...ANOMALY_SCORE, displayName: 'Anomaly score' },
      }),
      column.nullable.bool('detail__is_abnormal', (edge) => edge.traffic?.is_abnormal ?? null, {
        config: { displayName: 'Abnormal' },
      }),
      column.string('detail__target_status', (edge) => edge.target?.status ?? 'unknown', {
        config: { ...STATUS_TEXT, displayName: 'Target status' },
      }),
      column.nullable.string('detail__updated', () => updated, { config: { displayName: 'Updated' } }),
    ],
  });
}
