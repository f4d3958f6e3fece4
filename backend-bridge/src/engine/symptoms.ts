import { WELL_KNOWN_METRICS } from '@topdeck/protocol';
import { formatValue } from './alert-text.ts';
import type { HealthInput, HealthScores } from './health-score.ts';
import { isEvidentRatio } from './measures.ts';
import { floorKeyOf } from './thresholds.ts';

/**
 * Per service that has some: a sentence for each open anomaly and, where no anomaly speaks of that metric, for each
 * crossed floor, in the order of the metrics. Crossed floors are named without the value, so that text stays still.
 */
export function describeSymptoms(input: HealthInput, scores: HealthScores): Map<number, readonly string[]> {
  const sentences = new Map<number, string[]>();
  const say = (service: number, sentence: string): void => {
    const present = sentences.get(service);
    if (present === undefined) sentences.set(service, [sentence]);
    else present.push(sentence);
  };
  for (let i = 0; i < scores.collapsed.length; i += 1) {
    if (scores.collapsed[i] === 1) say(i, 'request_rate is 0 although callers send requests');
  }
  for (const { spec, values, anomalies } of input.columns) {
    for (const [service, anomaly] of anomalies) say(service, anomaly.message);
    const key = floorKeyOf(spec);
    if (key === undefined) continue;
    const floors = input.thresholds[key];
    const requests = spec.name === WELL_KNOWN_METRICS.errorRate ? input.requests : undefined;
    for (let i = 0; i < values.length; i += 1) {
      if (!(values[i] > floors[i]) || anomalies.has(i)) continue;
      const evident = isEvidentRatio(values[i], floors[i], requests?.[i] ?? Number.NaN);
      if (evident) say(i, `${spec.name} above the floor of ${formatValue(floors[i], spec.unit)}`);
    }
  }
  return sentences;
}
