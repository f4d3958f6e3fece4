import type { MetricSpec, RootCauseEvidence, RootCauseSuspect, RootCauseVerdict, Topology } from '@topdeck/protocol';
import { formatValue } from '../alert-text.ts';

interface Reading {
  readonly spec: MetricSpec;
  readonly value: number;
  readonly expected: number;
}

/** `payments: cpu_usage 98.2%, expected 31%`. */
export const evidenceText = (name: string, { spec, value, expected }: Reading): string =>
  `${name}: ${spec.name} ${formatValue(value, spec.unit)}, expected ${formatValue(expected, spec.unit)}`;

/** One sentence about a suspect. */
export function suspectText(
  name: string,
  { evidence, isOnWay }: { evidence: readonly RootCauseEvidence[]; isOnWay: boolean },
): string {
  const readings = evidence.map(({ text }) => text).join('; ');
  if (isOnWay) return `Calls to ${name} are delayed or lost on the way: ${readings}`;
  return readings === '' ? `${name}: its callers’ trouble leads to it` : readings;
}

/** What a person at 3 a.m. reads once. */
export function verdictText(
  topology: Topology,
  service: number,
  { verdict, suspects }: { verdict: RootCauseVerdict; suspects: readonly RootCauseSuspect[] },
): string {
  const { id, name } = topology.resources[service];
  if (verdict === 'healthy') return `Nothing is wrong with ${name}.`;
  if (verdict === 'unknown') return `Nothing that is measured explains the trouble of ${name}.`;
  const [{ resource_id, target_id, resource_name, confidence, text }] = suspects;
  const sure = `${Math.round(confidence * 100)}% sure`;
  if (resource_id === id && target_id === undefined) return `${name} itself is the likely cause (${sure}). ${text}.`;
  return `${resource_name} is the likely cause of the trouble of ${name} (${sure}). ${text}.`;
}
