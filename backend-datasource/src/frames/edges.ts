import type { Column, Frame } from '@topdeck/grafana-plugin-sdk/frames';
import type { Snapshot } from '@topdeck/protocol';
import { VALUES } from '@topdeck/protocol/grafana';
import { ANOMALY_SCORE, ERROR_RATE, HEALTH_SCORE, REQUEST_RATE, SECONDS, STATUS_CODE } from './display.ts';
import { edgeIdentity, edgeTable, TARGET_COLUMNS, TRAFFIC_COLUMNS } from './edge-columns.ts';
import { select } from './filter.ts';
import { numericFrame, tableFrame, type NumberOf } from './frame-kinds.ts';
import { edgesOf, trafficEdgesOf, type Edge } from './graph.ts';
import { chooseNumber, type Choice, type NamedNumber } from './numbers.ts';
import { knownMetrics } from './preset.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';
import { cut, freshnessNotices, URGENCY } from './rows.ts';
import { healthScore, statusCode } from './services.ts';

/** A rule must see every edge of a large system; a table of more rows than this nobody reads, and a stream resends it. */
const DEFAULT_LIMITS = { numeric: 50_000, table: 10_000 } as const;

const TRAFFIC_NUMBERS = {
  request_rate: { read: ({ traffic }) => traffic?.request_rate ?? null, config: REQUEST_RATE },
  error_rate: { read: ({ traffic }) => traffic?.error_rate ?? null, config: ERROR_RATE },
  latency_p95: { read: ({ traffic }) => traffic?.latency_p95 ?? null, config: SECONDS },
} as const satisfies Record<string, NumberOf<Edge>>;

/** An edge has no metrics of its own beyond its traffic, so that a metric's name means its target's. */
const targetMetrics = (snapshot: Snapshot): Choice<'dependencies', Edge>['metrics'] => ({
  known: knownMetrics(snapshot, 'service'),
  read: ({ target }, metric) => target?.metrics[metric],
});

interface EdgeType {
  readonly name: 'dependencies' | 'traffic';
  readonly what: string;
  readonly edges: (snapshot: Snapshot) => readonly Edge[];
  readonly number: (snapshot: Snapshot, wanted: string | undefined) => NamedNumber<Edge>;
  readonly columns: readonly Column<Edge>[];
  readonly urgency: (edge: Edge) => number;
}

const badness = ({ traffic }: Edge): number => traffic?.anomaly_score ?? 0;

/** Every edge of the topology, with the traffic on it and the state of what it leads to. */
const DEPENDENCIES: EdgeType = {
  name: 'dependencies',
  what: 'dependencies',
  edges: edgesOf,
  number: (snapshot, wanted) =>
    chooseNumber<'dependencies', Edge>(
      {
        type: 'dependencies',
        numbers: {
          ...TRAFFIC_NUMBERS,
          target_health_score: { read: ({ target }) => healthScore(target), config: HEALTH_SCORE },
          target_status_code: { read: ({ target }) => statusCode(target), config: STATUS_CODE },
        },
        metrics: targetMetrics(snapshot),
      },
      wanted,
    ),
  columns: [...TRAFFIC_COLUMNS, ...TARGET_COLUMNS],
  urgency: (edge) => URGENCY[edge.target?.status ?? 'unknown'] + badness(edge),
};

/** The edges that there is data of. */
const TRAFFIC: EdgeType = {
  name: 'traffic',
  what: 'edges with traffic',
  edges: trafficEdgesOf,
  number: (snapshot, wanted) =>
    chooseNumber<'traffic', Edge>(
      {
        type: 'traffic',
        numbers: {
          ...TRAFFIC_NUMBERS,
          anomaly_score: { read: ({ traffic }) => traffic?.anomaly_score ?? null, config: ANOMALY_SCORE },
          is_abnormal: { read: ({ traffic }) => (traffic === undefined ? null : Number(traffic.is_abnormal)) },
        },
        metrics: targetMetrics(snapshot),
      },
      wanted,
    ),
  columns: TRAFFIC_COLUMNS,
  urgency: badness,
};

function own(snapshot: Snapshot): readonly string[] {
  const metrics = knownMetrics(snapshot, 'service').map(({ name }) => name);
  return ['trend', 'target_status', 'updated', ...VALUES.dependencies, ...VALUES.traffic, ...metrics];
}

function edgeFrames(type: EdgeType, input: FrameInput): readonly Frame[] {
  const { query, format, keepFields = false } = input;
  const { snapshot } = input.received;
  const number = type.number(snapshot, query.value);
  const selection = select(query.filter, snapshot);
  const passing = type
    .edges(snapshot)
    .filter((edge) => selection.edge(edge.source_id, edge.target_id) && selection.traffic(edge.traffic));
  const { what, urgency } = type;
  const { rows, notices } = cut(passing, { limit: query.limit ?? DEFAULT_LIMITS[format], what, urgency });
  const common = { name: type.name, rows, notices: [...freshnessNotices(snapshot), ...notices] };
  if (format === 'table') {
    const taken = snapshot.freshness.metrics.last_success;
    const columns = edgeTable({ snapshot, own: own(snapshot), columns: type.columns, updated: () => taken });
    return [tableFrame({ ...common, columns })];
  }
  return [numericFrame({ ...common, identity: edgeIdentity(snapshot, own(snapshot)), number, keepFields })];
}

const entryOf = (type: EdgeType): QueryTypeEntry => ({
  frames: (input) => edgeFrames(type, input),
  live: { action: 'replace', parts: ['main'] },
});
export const dependenciesEntry = entryOf(DEPENDENCIES);
export const trafficEntry = entryOf(TRAFFIC);
