import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';
import type { OpenAnomaly } from './anomalies.ts';
import { floorScore } from './detectors/static.ts';
import type { Graph } from './graph.ts';
import { isEvidentRatio, MIN_FAILED_REQUESTS } from './measures.ts';
import { floorKeyOf, type ThresholdTable } from './thresholds.ts';

/** One service metric as health sees it. */
export interface HealthColumn {
  readonly spec: MetricSpec;
  readonly values: Float64Array;
  /** NaN where the baseline is not warm. */
  readonly expected: Float64Array;
  readonly anomalies: ReadonlyMap<number, OpenAnomaly>;
}

export interface HealthInput {
  readonly graph: Graph;
  readonly columns: readonly HealthColumn[];
  readonly thresholds: ThresholdTable;
  /** Number of requests behind a service's ratios, where known. */
  readonly requests: Float64Array | undefined;
  /** Request rate of each edge as its caller sees it, where known. */
  readonly edgeRate: Float64Array | undefined;
}

/** 0–100 before smoothing. */
export interface HealthScores {
  readonly score: Float64Array;
  /** 1 where at least one metric is known. */
  readonly known: Uint8Array;
  /** 1 where callers send requests and the service serves none. */
  readonly collapsed: Uint8Array;
}

/** Most that metrics other than errors can take away: deviations alone degrade, failing requests or silence fail. */
const MAX_SYMPTOM_PENALTY = 45;
/** Of every penalty but the worst, this share is taken. */
const FURTHER_SHARE = 0.25;
const ERROR_WEIGHT = 120;
/** From this share of failing requests on, a service has failed whatever else is known. */
const FAILED_ERROR_RATE = 0.5;
/**
 * A service that serves at most this share of what its callers send has collapsed, if it also serves at most
 * COLLAPSED_OF_EXPECTED of what it used to: callers and callees may count differently, and always have.
 */
const COLLAPSED_OF_SENT = 0.01;
const COLLAPSED_OF_EXPECTED = 0.05;
/** 1/s; below this a rate is none, whatever was usual. */
const NO_REQUESTS = 0.001;
/** How far below the degraded threshold a failed service is put at least. */
const FAILED_MARGIN = 10;

/** 10 when an anomaly opens (score ⅓), 30 at a high score of ⅔, 45 at most; 0 without one. */
export const symptomPenalty = (score: number): number =>
  score <= 0 ? 0 : Math.min(MAX_SYMPTOM_PENALTY, 10 + 60 * Math.max(0, score - 1 / 3));

/** How much an error ratio weighs: in full once MIN_FAILED_REQUESTS failed; in full where the number is not known. */
export const errorEvidence = (ratio: number, requests: number): number =>
  Number.isFinite(requests) ? Math.min(1, (ratio * requests) / MIN_FAILED_REQUESTS) : 1;

function columnPenalty(column: HealthColumn, input: HealthInput): Float64Array {
  const { spec, values, anomalies } = column;
  const key = floorKeyOf(spec);
  const floors = key === undefined ? undefined : input.thresholds[key];
  const penalty = new Float64Array(values.length);
  const isError = spec.name === WELL_KNOWN_METRICS.errorRate;
  if (floors !== undefined) {
    for (let i = 0; i < values.length; i += 1) {
      const value = Math.min(values[i], 1e150);
      const requests = isError ? (input.requests?.[i] ?? Number.NaN) : Number.NaN;
      const weight = isError ? errorEvidence(value, requests) : 1;
      if (value > floors[i] && isEvidentRatio(value, floors[i], requests)) {
        penalty[i] = symptomPenalty(floorScore(value, floors[i]));
      }
      if (isError && value > 0) penalty[i] = Math.max(penalty[i], ERROR_WEIGHT * value * weight);
    }
  }
  const isRate = spec.name === WELL_KNOWN_METRICS.requestRate;
  for (const [i, anomaly] of anomalies) {
    if (anomaly.calming) continue;
    // A service that its callers no longer call is not ill itself.
    const share = isRate && input.graph.called[i] === 1 ? 0.5 : 1;
    penalty[i] = Math.max(penalty[i], share * symptomPenalty(anomaly.score));
  }
  return penalty;
}

function findCollapsed(input: HealthInput): Uint8Array {
  const { topology } = input.graph;
  const collapsed = new Uint8Array(topology.resources.length);
  const own = input.columns.find(({ spec }) => spec.name === WELL_KNOWN_METRICS.requestRate);
  if (own === undefined || input.edgeRate === undefined) return collapsed;
  const sent = new Float64Array(topology.resources.length);
  for (let e = 0; e < input.edgeRate.length; e += 1) {
    const rate = input.edgeRate[e];
    const target = topology.edgeTarget[e];
    if (Number.isFinite(rate)) sent[target] += rate;
  }
  for (let i = 0; i < sent.length; i += 1) {
    const least = Math.max(input.thresholds.low_request_rate[i], Number.MIN_VALUE);
    const usual = Number.isNaN(own.expected[i]) ? 0 : own.expected[i];
    const most = Math.min(COLLAPSED_OF_SENT * sent[i], Math.max(COLLAPSED_OF_EXPECTED * usual, NO_REQUESTS));
    if (sent[i] >= least && own.values[i] <= most) collapsed[i] = 1;
  }
  return collapsed;
}

/**
 * Score = 100 − worst − ¼ · (the others), over what is known. Per metric the penalty is the larger of
 *  - its crossed floor and its open anomaly (unless the values are calm again), both by symptomPenalty(score); metrics other than errors take at most
 *    MAX_SYMPTOM_PENALTY together;
 *  - for errors, 120 × ratio, weighed by the number of failed requests.
 * Half of the requests failing, or none served while callers send some, puts the score FAILED_MARGIN below the degraded
 * threshold. A service without any known metric has score 0 and is not known.
 */
export function scoreHealth(input: HealthInput): HealthScores {
  const count = input.graph.topology.resources.length;
  const known = new Uint8Array(count);
  const errors = new Float64Array(count);
  const worst = new Float64Array(count);
  const sum = new Float64Array(count);
  let ratios: Float64Array | undefined;
  for (const column of input.columns) {
    const penalty = columnPenalty(column, input);
    const isError = column.spec.name === WELL_KNOWN_METRICS.errorRate;
    if (isError) ratios = column.values;
    for (let i = 0; i < count; i += 1) {
      if (Number.isFinite(column.values[i])) known[i] = 1;
      const p = penalty[i];
      if (p === 0) continue;
      if (isError) errors[i] = p;
      else {
        sum[i] += p;
        worst[i] = Math.max(worst[i], p);
      }
    }
  }
  const collapsed = findCollapsed(input);
  const score = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    if (known[i] === 0) continue;
    const others = FURTHER_SHARE * (sum[i] - worst[i]);
    const symptoms = Math.min(MAX_SYMPTOM_PENALTY, worst[i] + others);
    const error = errors[i];
    const raw = 100 - Math.max(error, symptoms) - FURTHER_SHARE * Math.min(error, symptoms);
    const ratio = ratios?.[i] ?? Number.NaN;
    const failing = ratio * errorEvidence(ratio, input.requests?.[i] ?? Number.NaN) >= FAILED_ERROR_RATE;
    const cap = failing || collapsed[i] === 1 ? input.thresholds.degraded_score[i] - FAILED_MARGIN : 100;
    score[i] = Math.max(0, Math.min(raw, cap));
  }
  return { score, known, collapsed };
}
