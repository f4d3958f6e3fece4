import { STATUSES, type SourceFreshness } from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';
import type { PipelineMetrics } from '../telemetry/metrics.ts';

/** Sets the self-metrics that tell what a tick found. */
export function observeDiagnosis(metrics: PipelineMetrics, diagnosis: Diagnosis, source: SourceFreshness): void {
  const counts = new Array<number>(STATUSES.length).fill(0);
  for (const status of diagnosis.services.status) counts[status] += 1;
  for (const [index, status] of STATUSES.entries()) metrics.servicesByStatus.set({ status }, counts[index]);
  metrics.openAnomalies.set(diagnosis.anomalies.length);
  for (const { type } of diagnosis.events) metrics.events.inc({ type });
  if (source.last_success !== undefined)
    metrics.sourceLastSuccess.set({ source: 'metrics' }, Date.parse(source.last_success) / 1000);
}
