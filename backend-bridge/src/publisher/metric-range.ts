import type { MetricRangeQuery, MetricSpec, Topology } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { MetricsSource, RangeRequest } from '../sources/metrics-source.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import { rangeOf, wantedIds } from './health-history.ts';
import { checkBanded, readBands } from './metric-bands.ts';
import { metricRangeJson } from './metric-range-json.ts';

export interface MetricRangeParts {
  readonly metricsSource: MetricsSource;
  readonly topologySource: TopologySource;
  readonly clock: Clock;
  /** Interval between ticks: nothing changes more often. */
  readonly intervalMs: number;
  /** Span over which the source counts the requests that a value stands for. */
  readonly ratioWindowMs: number;
  readonly signal: AbortSignal;
}

/** Where the caller names no step. */
const DEFAULT_TIMES = 250;

/** Throws NOT_FOUND, which names the metrics that there are. */
export function findMetric(metrics: readonly MetricSpec[], name: string, scope: MetricSpec['scope']): MetricSpec {
  const found = metrics.find((metric) => metric.name === name && metric.scope === scope);
  if (found !== undefined) return found;
  const known = metrics.filter((metric) => metric.scope === scope).map((metric) => metric.name);
  const others = known.length === 0 ? 'has none' : `has ${known.join(', ')}`;
  throw new BridgeError('NOT_FOUND', { detail: `no metric ${name}; scope ${scope} ${others}` });
}

/** Indexes of the resources named, or of the dependencies with such a resource at either end; undefined: all. */
function wantedEntities(
  { scope }: MetricSpec,
  topology: Topology,
  ids: readonly string[] | undefined,
): readonly number[] | undefined {
  if (ids === undefined) return undefined;
  const resources = new Set(ids.flatMap((id) => topology.indexOf.get(id) ?? []));
  if (scope === 'service') return [...resources].sort((a, b) => a - b);
  const { edgeSource, edgeTarget } = topology;
  return [...edgeSource.keys()].filter((e) => resources.has(edgeSource[e]) || resources.has(edgeTarget[e]));
}

function stepMsOf({ step_s }: MetricRangeQuery, spanMs: number, intervalMs: number): number {
  if (step_s !== undefined) return step_s * 1000;
  const wholeSeconds = Math.ceil(spanMs / DEFAULT_TIMES / 1000) * 1000;
  return Math.max(wholeSeconds, intervalMs);
}

const seriesCount = ({ scope }: MetricSpec, { resources, dependencies }: Topology): number =>
  scope === 'service' ? resources.length : dependencies.length;

/** REST-13, REST-14. The answer as UTF-8 JSON. Throws INVALID_REQUEST, NOT_FOUND, NOT_READY and the source's faults. */
export async function readMetricRange(
  parts: MetricRangeParts,
  name: string,
  query: MetricRangeQuery,
): Promise<Uint8Array> {
  const { metricsSource: source, topologySource, clock, intervalMs, ratioWindowMs, signal } = parts;
  const { sinceMs, untilMs } = rangeOf(query);
  const metric = findMetric(source.metrics, name, query.scope ?? 'service');
  const { topology } = topologySource.read();
  if (topology === undefined) throw new BridgeError('NOT_READY');
  const entities = wantedEntities(metric, topology, wantedIds(query.resource_id));
  const isBanded = query.bands === true;
  if (isBanded) checkBanded(entities?.length ?? seriesCount(metric, topology));
  const request: RangeRequest = {
    topology,
    metric,
    entities,
    fromMs: sinceMs,
    // Prometheus would go on with the newest values for minutes, the simulator for ever.
    toMs: Math.min(untilMs, clock.nowMs()),
    stepMs: stepMsOf(query, untilMs - sinceMs, intervalMs),
    signal,
  };
  const range = await source.range(request);
  const bands = isBanded ? await readBands({ source, intervalMs, ratioWindowMs }, request, range) : undefined;
  return Buffer.from(metricRangeJson({ metric, topology, range, bands }));
}
