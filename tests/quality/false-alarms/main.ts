/**
 * How often the detectors speak of series in which nothing is wrong: `node tests/quality/false-alarms/main.ts`. One JSON
 * line a kind of series and cadence, in events per series and day after two days of learning.
 */
import type { MetricSpec } from '@topdeck/protocol';
import { openingEvidence } from '../../../backend-bridge/src/engine/detectors/surprise.ts';
import { createEngine } from '../../../backend-bridge/src/engine/engine.ts';
import { allocate } from '../../../backend-bridge/src/engine/series-state.ts';
import { Surprise, SURPRISE_LAYOUT } from '../../../backend-bridge/src/engine/surprise/surprise.ts';
import { buildTopology } from '../../../backend-bridge/src/sources/build-topology.ts';
import { KINDS, type CleanSeries } from './clean-series.ts';

const START_MS = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const LEARNING_DAYS = 2;
const METRIC: MetricSpec = { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'both' };
/** Series and days after learning, so that each cadence has some millions of values. */
const CASES = [
  { stepS: 10, series: 40, days: 5 },
  { stepS: 60, series: 100, days: 12 },
  { stepS: 300, series: 200, days: 26 },
] as const;

export interface FalseAlarms {
  readonly kind: string;
  readonly step_s: number;
  readonly series_days: number;
  /** Onsets of the detector as the benchmark counts them. */
  readonly onsets: number;
  /** Values with the evidence that an anomaly needs; expected: 0.01. */
  readonly over_the_bar: number;
  /** Anomalies that the product opened, by the detector that spoke. */
  readonly anomalies: Readonly<Record<string, number>>;
}

export function measureFalseAlarms(kind: string, size: { stepS: number; series: number; days: number }): FalseAlarms {
  const { stepS, series, days } = size;
  const stepMs = stepS * 1000;
  const sources = Array.from({ length: series }, (_, i): CleanSeries => KINDS[kind](i + 1, stepMs));
  const topology = buildTopology(
    sources.map((_, i) => ({ id: `service-${i}`, resource_type: 'service' })),
    [],
  );
  const engine = createEngine({ metrics: [METRIC], stepMs });
  engine.setTopology(topology);
  const surprise = new Surprise(stepMs);
  const state = allocate(SURPRISE_LAYOUT, series);
  const out = { evidence: new Float64Array(series), onset: new Uint8Array(series) };
  const elapsedS = new Float64Array(series).fill(stepS);
  const opening = openingEvidence({ stepMs });
  const anomalies: Record<string, number> = {};
  let [onsets, over] = [0, 0];
  const fromMs = START_MS + LEARNING_DAYS * DAY_MS;
  for (let atMs = START_MS; atMs < fromMs + days * DAY_MS; atMs += stepMs) {
    const values = Float64Array.from(sources, (source) => source(atMs) / 1000);
    const report = { outcome: 'ok', seriesMatched: series, seriesUnmatched: 0, warnings: [] } as const;
    const batch = { atMs, topologyVersion: topology.version, columns: [{ spec: METRIC, values, report }] };
    surprise.step(state, { values: values.map((value) => Math.log(value + 0.002)), elapsedS, atMs }, out);
    const isLearning = atMs < fromMs;
    if (isLearning) engine.learn(batch);
    else {
      for (const event of engine.diagnose(batch).events) {
        if (event.type !== 'anomaly_detected') continue;
        const { detector = '' } = event.data;
        anomalies[detector] = (anomalies[detector] ?? 0) + 1;
      }
      for (let i = 0; i < series; i += 1) {
        onsets += out.onset[i];
        if (out.evidence[i] >= opening) over += 1;
      }
    }
  }
  const perSeriesDay = (count: number): number => Number((count / (series * days)).toPrecision(2));
  return {
    kind,
    step_s: stepS,
    series_days: series * days,
    onsets: perSeriesDay(onsets),
    over_the_bar: perSeriesDay(over),
    anomalies: Object.fromEntries(Object.entries(anomalies).map(([name, count]) => [name, perSeriesDay(count)])),
  };
}

if (import.meta.main) {
  for (const size of CASES) {
    for (const kind of Object.keys(KINDS)) {
      process.stdout.write(`${JSON.stringify(measureFalseAlarms(kind, size))}\n`);
    }
  }
}
