import {
  ABNORMAL_TRAFFIC_SCORE,
  TRAFFIC_SCORE,
  TRENDS,
  WELL_KNOWN_METRICS,
  type DiagnosticsEvent,
  type Topology,
} from '@topdeck/protocol';
import { formatValue } from './alert-text.ts';
import type { OpenAnomaly } from './anomalies.ts';
import type { SeriesState } from './series-state.ts';
import { pushRate, trendOf, type TrendState } from './trend.ts';
import type { ThresholdTable } from './thresholds.ts';

type TrafficAnomalyType = Extract<DiagnosticsEvent, { type: 'traffic_anomaly' }>['data']['anomaly_type'];

export const TRAFFIC_LAYOUT = {
  abnormal: { kind: 'u8', initial: 0 },
  calm: { kind: 'u8', initial: 0 },
  /** Of the newest abnormal tick, held while calm ticks are counted. */
  score: { kind: 'f64', initial: 0 },
} as const;
export type TrafficState = SeriesState<typeof TRAFFIC_LAYOUT>;

/** An abnormal edge is normal again after so many ticks that are not. */
const CALM_TICKS = 3;

export interface TrafficInput {
  readonly topology: Topology;
  readonly atMs: number;
  readonly stepS: number;
  readonly thresholds: ThresholdTable;
  /** Edge columns; undefined where the preset has no such metric. */
  readonly rate: Float64Array | undefined;
  readonly errorRate: Float64Array | undefined;
  readonly latencyS: Float64Array | undefined;
  /** The strongest open anomaly of each edge that has one. */
  readonly anomalies: ReadonlyMap<number, OpenAnomaly>;
}

export interface TrafficColumns {
  readonly known: Uint8Array;
  readonly abnormal: Uint8Array;
  readonly score: Float64Array;
  readonly trend: Uint8Array;
}

interface Reading {
  readonly rate: number;
  readonly errorRate: number;
  readonly latencyS: number;
}

/** The original protocol's rules. Thresholds are those of the target. Comparisons with NaN are false: unknown adds nothing. */
export function crossedRules(reading: Reading, thresholds: ThresholdTable, target: number): TrafficAnomalyType[] {
  const crossed: TrafficAnomalyType[] = [];
  if (reading.errorRate > thresholds.error_rate[target]) crossed.push('error_rate');
  if (reading.latencyS > thresholds.latency_p95_s[target]) crossed.push('latency');
  const dying =
    reading.rate < thresholds.low_request_rate[target] && reading.errorRate > thresholds.low_rate_error_rate[target];
  if (dying) crossed.push('low_traffic');
  return crossed;
}

const CONTRIBUTION: Readonly<Record<TrafficAnomalyType, number>> = {
  error_rate: TRAFFIC_SCORE.errorRate,
  latency: TRAFFIC_SCORE.latency,
  low_traffic: TRAFFIC_SCORE.lowTraffic,
};
/** Rounded to ten digits, for 0.4 + 0.3 + 0.3 must be 1 and a sum of 0.5 must not be above 0.5. */
export const ruleScore = (crossed: readonly TrafficAnomalyType[]): number =>
  Math.min(1, Math.round(crossed.reduce((sum, rule) => sum + CONTRIBUTION[rule], 0) * 1e10) / 1e10);

const TYPE_BY_METRIC: Readonly<Record<string, TrafficAnomalyType>> = {
  [WELL_KNOWN_METRICS.errorRate]: 'error_rate',
  [WELL_KNOWN_METRICS.latencyP95]: 'latency',
  [WELL_KNOWN_METRICS.requestRate]: 'low_traffic',
};
/** Which kind of traffic anomaly an open anomaly of an edge is; none for other metrics and for a surge of requests. */
export function trafficTypeOf({ spec, current, expected }: OpenAnomaly): TrafficAnomalyType | undefined {
  if (spec.name === WELL_KNOWN_METRICS.requestRate && current > expected) return undefined;
  return Object.hasOwn(TYPE_BY_METRIC, spec.name) ? TYPE_BY_METRIC[spec.name] : undefined;
}

/** Per edge, its strongest open anomaly that is one of traffic and not calming. */
export function strongestTrafficAnomalies(open: readonly OpenAnomaly[]): Map<number, OpenAnomaly> {
  const strongest = new Map<number, OpenAnomaly>();
  for (const anomaly of open) {
    if (anomaly.spec.scope !== 'edge' || anomaly.calming || trafficTypeOf(anomaly) === undefined) continue;
    if (anomaly.score > (strongest.get(anomaly.index)?.score ?? -1)) strongest.set(anomaly.index, anomaly);
  }
  return strongest;
}

function abnormalEvent(
  edge: number,
  { topology, atMs }: TrafficInput,
  { type, reading }: { type: TrafficAnomalyType; reading: Reading },
): DiagnosticsEvent {
  const dependency = topology.dependencies[edge];
  const name = (index: number): string => (topology.resources[index] as { name: string }).name;
  const parts = [
    Number.isFinite(reading.rate) ? `${formatValue(reading.rate, '1/s')} requests` : '',
    Number.isFinite(reading.errorRate) ? `${formatValue(reading.errorRate, 'ratio')} errors` : '',
    Number.isFinite(reading.latencyS) ? `p95 ${formatValue(reading.latencyS, 's')}` : '',
  ];
  return {
    type: 'traffic_anomaly',
    atMs,
    data: {
      source_id: dependency.source,
      target_id: dependency.target,
      anomaly_type: type,
      description: `${name(topology.edgeSource[edge])} → ${name(topology.edgeTarget[edge])}: ${parts.filter(Boolean).join(', ')}`,
    },
  };
}

/**
 * Judges every edge. Score: the sum of the crossed rules, or the score of the edge's strongest open anomaly if that is
 * higher; abnormal above ABNORMAL_TRAFFIC_SCORE. An abnormal edge keeps its score until CALM_TICKS ticks in a row are
 * below; without data it keeps its state, unseen. One event for each change to abnormal.
 */
export function judgeTraffic(
  input: TrafficInput,
  state: { readonly traffic: TrafficState; readonly trend: TrendState },
  events: DiagnosticsEvent[],
): TrafficColumns {
  const { traffic, trend } = state;
  const count = input.topology.dependencies.length;
  const out: TrafficColumns = {
    known: new Uint8Array(count),
    abnormal: new Uint8Array(count),
    score: new Float64Array(count),
    trend: new Uint8Array(count).fill(TRENDS.indexOf('stable')),
  };
  for (let e = 0; e < count; e += 1) {
    const reading: Reading = {
      rate: input.rate?.[e] ?? Number.NaN,
      errorRate: input.errorRate?.[e] ?? Number.NaN,
      latencyS: input.latencyS?.[e] ?? Number.NaN,
    };
    const known =
      Number.isFinite(reading.rate) || Number.isFinite(reading.errorRate) || Number.isFinite(reading.latencyS);
    if (!known) continue;
    out.known[e] = 1;
    out.trend[e] = trendOf(trend, e, input.stepS);
    const crossed = crossedRules(reading, input.thresholds, input.topology.edgeTarget[e]);
    const anomaly = input.anomalies.get(e);
    const byRules = ruleScore(crossed);
    const score = Math.max(byRules, anomaly?.score ?? 0);
    if (score > ABNORMAL_TRAFFIC_SCORE) {
      const byAnomaly = anomaly === undefined ? undefined : trafficTypeOf(anomaly);
      const type = byRules > ABNORMAL_TRAFFIC_SCORE ? crossed[0] : (byAnomaly ?? crossed[0]);
      if (traffic.abnormal[e] === 0) events.push(abnormalEvent(e, input, { type: type ?? 'latency', reading }));
      traffic.abnormal[e] = 1;
      traffic.calm[e] = 0;
      traffic.score[e] = score;
    } else if (traffic.abnormal[e] === 1) {
      traffic.calm[e] += 1;
      if (traffic.calm[e] >= CALM_TICKS) traffic.abnormal[e] = 0;
    }
    out.abnormal[e] = traffic.abnormal[e];
    out.score[e] = traffic.abnormal[e] === 1 ? traffic.score[e] : score;
  }
  return out;
}

/** Adds one tick's rates to the window of each edge. */
export function pushRates(trend: TrendState, rates: Float64Array | undefined): void {
  if (rates === undefined) return;
  for (let e = 0; e < rates.length; e += 1) {
    const rate = rates[e];
    if (Number.isFinite(rate)) pushRate(trend, e, rate);
  }
}
