import {
  COMPARISON_REFERENCES,
  MAX_COMPARED_METRICS,
  WELL_KNOWN_METRICS,
  type ComparisonQuery,
  type ComparisonResponse,
  type MetricComparison,
  type MetricSpec,
} from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import { compare, nowSpan, REFERENCE_SPANS, summarize, WEEK_MS, type Sample, type Span } from '../engine/comparison.ts';
import { comparisonText } from '../engine/comparison-text.ts';
import { isSampled } from '../engine/measures.ts';
import { BridgeError, toBridgeError } from '../errors.ts';
import type { MetricRange, MetricsSource, RangeRequest } from '../sources/metrics-source.ts';
import type { TopologySource } from '../sources/topology-source.ts';
import { isoTime } from './iso-time.ts';
import { findMetric } from './metric-range.ts';

export interface ComparisonParts {
  readonly metricsSource: MetricsSource;
  readonly topologySource: TopologySource;
  readonly clock: Clock;
  /** Interval between ticks: nothing changes more often. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

const DEFAULT_WINDOW_S = 3_600;
const HOUR_MS = 3_600_000;
/** Of the read that tells of now and of the hour before. */
const RECENT_TIMES = 120;
/**
 * Of the read that tells of everything else: 917 times, within the 1,000 of a read, five or six of them in an hour. No
 * divisor of an hour, so that what runs every hour is not met at each hour, or at none.
 */
const PAST_STEP_MS = 660_000;

/** A range of one entity, or the fault that came instead. */
type Reading = { readonly range: MetricRange } | { readonly fault: BridgeError };

interface Readings {
  readonly spec: MetricSpec;
  readonly recent: Reading;
  readonly past: Reading;
}

/** Those compared, and the names of those that there is no room for: an answer takes two reads for each. */
function chosenMetrics({ metrics }: MetricsSource, name: string | undefined): readonly [MetricSpec[], string[]] {
  if (name !== undefined) return [[findMetric(metrics, name, 'service')], []];
  const all = metrics.filter(({ scope }) => scope === 'service');
  return [all.slice(0, MAX_COMPARED_METRICS), all.slice(MAX_COMPARED_METRICS).map((metric) => metric.name)];
}

async function settled(read: Promise<MetricRange>, signal: AbortSignal): Promise<Reading> {
  try {
    return { range: await read };
  } catch (error) {
    signal.throwIfAborted();
    return { fault: toBridgeError(error) };
  }
}

const NOTHING: Sample = { values: [], of: 0 };

/** The values of a span, from a range that covers it. */
function sampleOf(reading: Reading, { sinceMs, untilMs }: Span): Sample {
  if ('fault' in reading) return NOTHING;
  const { times, columns, stepMs } = reading.range;
  const values: number[] = [];
  for (const [k, atMs] of times.entries()) {
    const value = atMs > sinceMs && atMs <= untilMs ? columns[k][0] : Number.NaN;
    if (!Number.isNaN(value)) values.push(value);
  }
  return { values, of: Math.floor(untilMs / stepMs) - Math.floor(sinceMs / stepMs) };
}

const faultOf = (reading: Reading): string | undefined => ('fault' in reading ? reading.fault.code : undefined);

interface Compared {
  readonly atMs: number;
  readonly windowMs: number;
  /** That the service answered during the window; NaN where that is not known. */
  readonly requests: number;
}

function comparisonsOf({ spec, recent, past }: Readings, { atMs, windowMs, requests }: Compared): MetricComparison[] {
  const now = sampleOf(recent, nowSpan(atMs, windowMs));
  return COMPARISON_REFERENCES.map((against) => {
    const span = REFERENCE_SPANS[against](atMs, windowMs);
    const reading = against === 'previous_hour' ? recent : past;
    const then = sampleOf(reading, span);
    const compared = compare({ spec, now, then, requests: isSampled(spec) ? requests : Number.NaN });
    const faults = { now: faultOf(recent), then: faultOf(reading) };
    return {
      against,
      since: isoTime(span.sinceMs),
      until: isoTime(span.untilMs),
      ...compared,
      text: comparisonText({ spec, against, now, then, compared, faults }),
      known: then.values.length,
      of: then.of,
    };
  });
}

/** Values of one service for each metric: a fine read of now and the hour before, and a coarse one of a week. */
async function readAll(
  { metricsSource: source, intervalMs }: ComparisonParts,
  specs: readonly MetricSpec[],
  {
    request,
    atMs,
    windowMs,
  }: { request: Pick<RangeRequest, 'topology' | 'entities' | 'signal'> } & Omit<Compared, 'requests'>,
): Promise<Readings[]> {
  const { signal } = request;
  const recent = {
    fromMs: atMs - windowMs - HOUR_MS,
    toMs: atMs,
    stepMs: Math.max(intervalMs, Math.ceil((windowMs + HOUR_MS) / RECENT_TIMES / 1000) * 1000),
  };
  const past = {
    fromMs: atMs - WEEK_MS - Math.max(windowMs, HOUR_MS),
    toMs: atMs - windowMs,
    stepMs: Math.max(intervalMs, PAST_STEP_MS),
  };
  return Promise.all(
    specs.map(async (spec) => {
      const [fine, coarse] = await Promise.all(
        [recent, past].map((range) => settled(source.range({ ...request, ...range, metric: spec }), signal)),
      );
      return { spec, recent: fine, past: coarse };
    }),
  );
}

/**
 * REST-15, REST-16. The answer as UTF-8 JSON. Throws NOT_FOUND, NOT_READY, and the source's fault when nothing at all could be
 * read; a metric that could not be read alone says so in its texts.
 */
export async function readComparison(
  parts: ComparisonParts,
  resourceId: string,
  query: ComparisonQuery,
): Promise<Uint8Array> {
  const { metricsSource, topologySource, clock, signal } = parts;
  const { topology } = topologySource.read();
  if (topology === undefined) throw new BridgeError('NOT_READY');
  const entity = topology.indexOf.get(resourceId);
  if (entity === undefined) throw new BridgeError('NOT_FOUND', { detail: `no service ${resourceId}` });
  const [specs, leftOut] = chosenMetrics(metricsSource, query.metric);
  const windowMs = (query.window_s ?? DEFAULT_WINDOW_S) * 1000;
  const nowMs = clock.nowMs();
  const atMs = Math.min(query.at === undefined ? nowMs : Date.parse(query.at), nowMs);
  // What a single metric's scatter depends on is read beside it.
  const rate = metricsSource.metrics.find(
    ({ name, scope }) => name === WELL_KNOWN_METRICS.requestRate && scope === 'service',
  );
  const isBeside = rate !== undefined && query.metric !== undefined && isSampled(specs[0]);
  const request = { topology, entities: [entity], signal };
  const readings = await readAll(parts, isBeside ? [...specs, rate] : specs, { request, atMs, windowMs });
  const sides = readings.flatMap(({ recent, past }) => [recent, past]);
  const [firstFault] = sides.flatMap((side) => ('fault' in side ? [side.fault] : []));
  if (firstFault !== undefined && sides.every((side) => 'fault' in side)) throw firstFault;
  const rates = readings.find(({ spec }) => spec === rate);
  const perS = rates && summarize(sampleOf(rates.recent, nowSpan(atMs, windowMs)))?.mean;
  const compared = { atMs, windowMs, requests: perS === undefined ? Number.NaN : (perS * windowMs) / 1000 };
  const answer: ComparisonResponse = {
    resource_id: resourceId,
    at: isoTime(atMs),
    window_s: windowMs / 1000,
    metrics: readings.slice(0, specs.length).map((reading) => ({
      metric: reading.spec.name,
      unit: reading.spec.unit,
      now: summarize(sampleOf(reading.recent, nowSpan(atMs, windowMs))),
      comparisons: comparisonsOf(reading, compared),
    })),
    metrics_left_out: leftOut,
  };
  return Buffer.from(JSON.stringify(answer));
}
