import { MAX_BANDED_SERIES, type MetricRangeResponse, type Snapshot, type TrafficPattern } from '@topdeck/protocol';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { badQuery } from './bad-query.ts';
import { select } from './filter.ts';
import { degreeOf, edgesOf } from './graph.ts';
import { knownMetrics, type KnownMetric } from './preset.ts';
import { cut, type Cut } from './rows.ts';
import { DEFAULT_SERIES, MAX_SERIES, serviceSeries, type Series } from './series.ts';

type RangeSeries = MetricRangeResponse['series'][number];

/** A line and where its newest value is. */
export interface MetricSeries extends Series {
  readonly now: number | undefined;
}

/** How the lines of one scope are chosen and found again in the bridge's answers. */
export interface MetricScope {
  readonly choose: (query: DiagnosticsQuery, snapshot: Snapshot, metric: string) => Cut<MetricSeries>;
  readonly keyOf: (series: RangeSeries) => string;
  /** Resources to ask for, so that the answer holds these lines. */
  readonly idsOf: (series: readonly MetricSeries[], snapshot: Snapshot) => readonly string[];
  /** Series in the answer for one of these ids. */
  readonly seriesOf: (id: string, snapshot: Snapshot) => number;
  /** Whether the newest value is in the snapshot. */
  readonly isLive: (metric: string) => boolean;
}

const limitOf = ({ limit, bands }: DiagnosticsQuery): number =>
  Math.min(limit ?? DEFAULT_SERIES, bands === true ? MAX_BANDED_SERIES : MAX_SERIES);

/**
 * Services of the types that have the metric: not those alone that have a value now, for a line must not vanish with the
 * value. While nobody has one, all.
 */
function chooseServices(query: DiagnosticsQuery, snapshot: Snapshot, metric: string): Cut<MetricSeries> {
  const has = ({ metrics }: Snapshot['services'][number]): boolean => Object.hasOwn(metrics, metric);
  const types = new Set(snapshot.services.filter(has).map((service) => service.resource_type));
  const { service: passes } = select(query.filter, snapshot);
  const passing = snapshot.services.filter(
    (service) => (types.size === 0 || types.has(service.resource_type)) && passes(service),
  );
  const { rows, notices } = cut(passing, {
    limit: limitOf(query),
    what: 'services',
    urgency: (service) => Number(has(service)),
  });
  const series = serviceSeries(rows, snapshot);
  return { rows: series.map((one, index) => ({ ...one, now: rows[index].metrics[metric] })), notices };
}

/** A field's name, and the line in a legend. */
const arrow = (source: string, target: string): string => `${source} → ${target}`;

const TRAFFIC_METRICS = ['request_rate', 'error_rate', 'latency_p95'] as const;
type TrafficMetric = (typeof TRAFFIC_METRICS)[number];
const trafficOf = (pattern: TrafficPattern | undefined, metric: string): number | undefined =>
  (TRAFFIC_METRICS as readonly string[]).includes(metric) ? pattern?.[metric as TrafficMetric] : undefined;

function chooseEdges(query: DiagnosticsQuery, snapshot: Snapshot, metric: string): Cut<MetricSeries> {
  const selection = select(query.filter, snapshot);
  const passing = edgesOf(snapshot).filter(
    ({ source_id, target_id, traffic }) => selection.edge(source_id, target_id) && selection.traffic(traffic),
  );
  const { rows, notices } = cut(passing, {
    limit: limitOf(query),
    what: 'edges',
    urgency: ({ traffic }) => Number(traffic !== undefined),
  });
  const series = rows.map(({ source_id, target_id, source, target, traffic }) => {
    const source_name = source?.resource_name ?? source_id;
    const target_name = target?.resource_name ?? target_id;
    return {
      key: arrow(source_id, target_id),
      title: arrow(source_name, target_name),
      labels: { source_id, source_name, target_id, target_name },
      now: trafficOf(traffic, metric),
    };
  });
  return { rows: series, notices };
}

export const METRIC_SCOPES: Readonly<Record<'service' | 'edge', MetricScope>> = {
  service: {
    choose: chooseServices,
    keyOf: ({ resource_id }) => resource_id,
    idsOf: (series) => series.map(({ labels }) => labels['id']),
    seriesOf: () => 1,
    isLive: () => true,
  },
  edge: {
    choose: chooseEdges,
    keyOf: ({ resource_id, target_id = '' }) => arrow(resource_id, target_id),
    // The answer has every edge with such a resource at either end: the end with fewer of them brings fewer others along.
    idsOf: (series, snapshot) => [
      ...new Set(
        series.map(({ labels: { source_id, target_id } }) =>
          degreeOf(snapshot, target_id) < degreeOf(snapshot, source_id) ? target_id : source_id,
        ),
      ),
    ],
    seriesOf: (id, snapshot) => degreeOf(snapshot, id),
    isLive: (metric) => (TRAFFIC_METRICS as readonly string[]).includes(metric),
  },
};

/** Throws a QueryError (400) that names the metrics there are. Before the first collection any name is taken. */
export function chooseMetric({ metric, scope = 'service' }: DiagnosticsQuery, snapshot: Snapshot): KnownMetric {
  const known = knownMetrics(snapshot, scope);
  const found = known.find(({ name }) => name === metric);
  if (found !== undefined) return found;
  if (metric !== undefined && metric !== '' && known.length === 0) return { name: metric, unit: '', display: {} };
  const names = known.length === 0 ? 'None are known yet' : `There are: ${known.map(({ name }) => name).join(', ')}`;
  const asked = metric === undefined || metric === '' ? 'The query names no metric' : `There is no metric "${metric}"`;
  throw badQuery(`${asked} of scope ${scope}. ${names}`);
}
