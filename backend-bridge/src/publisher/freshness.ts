import type { Freshness, MetricReport, SourceFreshness, TopologyIssues } from '@topdeck/protocol';
import type { Diagnosis } from '../engine/diagnosis.ts';

export interface SourceStates {
  readonly topology: SourceFreshness;
  /** Rows that the newest reading of the topology dropped, which may change while the graph does not. */
  readonly topologyIssues: TopologyIssues;
  readonly metrics: SourceFreshness;
}

/** Counts of series stay out of it: they move with every tick and would fill the deltas of a quiet system. */
function detailOf(report: MetricReport): string | undefined {
  if (report.outcome === 'error') return `${report.code}: ${report.message}`;
  if (report.warnings.length > 0) return report.warnings.join('; ');
  if (report.outcome === 'missing' && report.seriesUnmatched > 0)
    return 'there are series, but none matches the topology';
  return undefined;
}

/** SNAP-4: how much a reader may trust a snapshot. */
export function buildFreshness(states: SourceStates, { topology, columns, warmingUp }: Diagnosis): Freshness {
  const outcomes: Freshness['metric_outcomes'] = {};
  for (const { spec, report } of columns) {
    const detail = detailOf(report);
    const base = { outcome: report.outcome, scope: spec.scope, unit: spec.unit };
    outcomes[`${spec.scope}.${spec.name}`] = detail === undefined ? base : { ...base, detail };
  }
  return {
    topology: states.topology,
    topology_version: topology.version,
    topology_issues: states.topologyIssues,
    metrics: states.metrics,
    metric_outcomes: outcomes,
    warming_up: warmingUp,
  };
}
