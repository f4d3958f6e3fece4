import { column, type Column } from '@topdeck/grafana-plugin-sdk/frames';
import type { Snapshot } from '@topdeck/protocol';
import { healthScore } from './services.ts';
import { ANOMALY_SCORE, ERROR_RATE, HEALTH_SCORE, REQUEST_RATE, SECONDS, STATUS_TEXT } from './display.ts';
import { timeColumn, type Identity } from './frame-kinds.ts';
import { labelOf, type Edge } from './graph.ts';
import { labelNames } from './labels.ts';

export const ENDS = ['source_id', 'source_name', 'source_type', 'target_id', 'target_name', 'target_type'] as const;

const END_READERS: Readonly<Record<(typeof ENDS)[number], (edge: Edge) => string>> = {
  source_id: (edge) => edge.source_id,
  source_name: (edge) => edge.source?.resource_name ?? edge.source_id,
  source_type: (edge) => edge.source?.resource_type ?? '',
  target_id: (edge) => edge.target_id,
  target_name: (edge) => edge.target?.resource_name ?? edge.target_id,
  target_type: (edge) => edge.target?.resource_type ?? '',
};

/** Labels of both ends, each with its end in front. */
function endLabels(snapshot: Snapshot, own: readonly string[]): Identity<Edge>[] {
  const taken = [...ENDS, ...own];
  const sources = labelNames(snapshot, taken, 'source_');
  const targets = labelNames(snapshot, [...taken, ...sources.map(({ name }) => name)], 'target_');
  return [
    ...sources.map(({ key, name }) => ({ name, read: (edge: Edge) => labelOf(edge.source, key) })),
    ...targets.map(({ key, name }) => ({ name, read: (edge: Edge) => labelOf(edge.target, key) })),
  ];
}

/** What tells one edge from another; `own` are names that no label may take. */
export const edgeIdentity = (snapshot: Snapshot, own: readonly string[]): Identity<Edge>[] => [
  ...ENDS.map((name) => ({ name, read: END_READERS[name] })),
  ...endLabels(snapshot, own),
];

export interface EdgeTable {
  readonly snapshot: Snapshot;
  readonly own: readonly string[];
  /** Between the ends and their labels. */
  readonly columns: readonly Column<Edge>[];
  /** When the data of a row was taken. */
  readonly updated: (edge: Edge) => string | undefined;
}

export const edgeTable = ({ snapshot, own, columns, updated }: EdgeTable): Column<Edge>[] => [
  ...ENDS.map((name) => column.string(name, END_READERS[name])),
  ...columns,
  ...endLabels(snapshot, own).map(({ name, read }) => column.nullable.string<Edge>(name, (edge) => read(edge) ?? null)),
  timeColumn('updated', updated),
];

export const TRAFFIC_COLUMNS: readonly Column<Edge>[] = [
  column.nullable.float64('request_rate', (edge) => edge.traffic?.request_rate ?? null, { config: REQUEST_RATE }),
  column.nullable.float64('error_rate', (edge) => edge.traffic?.error_rate ?? null, { config: ERROR_RATE }),
  column.nullable.float64('latency_p95', (edge) => edge.traffic?.latency_p95 ?? null, { config: SECONDS }),
  column.nullable.bool('is_abnormal', (edge) => edge.traffic?.is_abnormal ?? null),
  column.nullable.float64('anomaly_score', (edge) => edge.traffic?.anomaly_score ?? null, { config: ANOMALY_SCORE }),
  column.nullable.string('trend', (edge) => edge.traffic?.trend ?? null),
];

export const TARGET_COLUMNS: readonly Column<Edge>[] = [
  column.string('target_status', (edge) => edge.target?.status ?? 'unknown', { config: STATUS_TEXT }),
  column.nullable.float64('target_health_score', (edge) => healthScore(edge.target), { config: HEALTH_SCORE }),
];
