import { FieldType, type DataFrame } from '@grafana/data';
import { ABNORMAL_TRAFFIC_SCORE, DEFAULT_THRESHOLDS, TRAFFIC_SCORE, type Status } from '@topdeck/protocol';
import { rowAt } from './timeline.ts';

/** The metrics that tell whether the traffic on an edge is abnormal. */
export const TRAFFIC_METRICS = ['error_rate', 'request_rate', 'latency_p95'] as const;
export type TrafficMetric = (typeof TRAFFIC_METRICS)[number];

type Values = readonly (number | null)[];
interface EdgeLines {
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly lines: Partial<Record<TrafficMetric, Values>>;
}

/** Lines of each edge that was asked for, by source and then by target. */
export type Traffic = ReadonlyMap<string, ReadonlyMap<string, EdgeLines>>;

/** A frame a metric, in the order of TRAFFIC_METRICS. */
export function trafficOf(frames: readonly (DataFrame | undefined)[]): Traffic {
  const traffic = new Map<string, Map<string, EdgeLines>>();
  frames.forEach((frame, index) => {
    const time = frame?.fields.find(({ type }) => type === FieldType.time);
    if (frame === undefined || time === undefined) return;
    for (const { type, labels, values } of frame.fields) {
      const { source_id, target_id } = labels ?? {};
      if (type !== FieldType.number || source_id === undefined || target_id === undefined) continue;
      const targets = traffic.get(source_id) ?? new Map<string, EdgeLines>();
      traffic.set(source_id, targets);
      const known = targets.get(target_id) ?? {
        times: time.values as readonly number[],
        stepMs: time.config.interval ?? 1_000,
        lines: {},
      };
      targets.set(target_id, { ...known, lines: { ...known.lines, [TRAFFIC_METRICS[index]]: values as Values } });
    }
  });
  return traffic;
}

/** A value tells of no more than two steps after it. */
const HOLDS_STEPS = 2;

function rowBefore({ times, stepMs }: EdgeLines, atMs: number): number {
  if (times.length === 0) return -1;
  const after = rowAt({ times }, atMs);
  const row = times[after] > atMs ? after - 1 : after;
  return row >= 0 && atMs - times[row] <= HOLDS_STEPS * stepMs ? row : -1;
}

/**
 * The rules of live traffic with the thresholds that the bridge has by default: what is abnormal failed, what crossed a
 * single threshold is degraded. What the detectors found then is not kept, and thresholds of single services are not known.
 */
function statusOf(read: (metric: TrafficMetric) => number | null): Status {
  const [errors, rate, latency] = TRAFFIC_METRICS.map(read);
  if (errors === null && rate === null && latency === null) return 'unknown';
  const limits = DEFAULT_THRESHOLDS;
  // Nothing known crosses nothing.
  const isAbove = (value: number | null, limit: number): boolean => value !== null && value > limit;
  const isDying = rate !== null && rate < limits.low_request_rate && isAbove(errors, limits.low_rate_error_rate);
  const score =
    (isAbove(errors, limits.error_rate) ? TRAFFIC_SCORE.errorRate : 0) +
    (isAbove(latency, limits.latency_p95_s) ? TRAFFIC_SCORE.latency : 0) +
    (isDying ? TRAFFIC_SCORE.lowTraffic : 0);
  if (score > ABNORMAL_TRAFFIC_SCORE) return 'failed';
  return score > 0 ? 'degraded' : 'healthy';
}

/** unknown where the edge was not asked for, or nothing was measured then. */
export function trafficAt(traffic: Traffic, ends: readonly [source: string, target: string], atMs: number): Status {
  const lines = traffic.get(ends[0])?.get(ends[1]);
  if (lines === undefined) return 'unknown';
  const row = rowBefore(lines, atMs);
  return row < 0 ? 'unknown' : statusOf((metric) => lines.lines[metric]?.[row] ?? null);
}
