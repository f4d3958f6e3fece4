import type { Graph } from '../graph.ts';
import { ROOT_CAUSE } from './tuning.ts';

export interface Onset {
  readonly service: number;
  readonly onsetMs: number;
}
interface Troubled {
  readonly scope: 'service' | 'edge';
  readonly index: number;
  readonly sinceMs: number;
}

/** The services in trouble that calls join, in either direction, to where the search starts, and who of them was first. */
export function troubledGroup(
  graph: Graph,
  { from, open }: { from: Iterable<number>; open: readonly Troubled[] },
): { readonly services: ReadonlySet<number>; readonly first: Onset | undefined } {
  const { edgeSource, edgeTarget } = graph.topology;
  const onsets = new Map<number, number>();
  const note = (service: number, sinceMs: number): void => {
    onsets.set(service, Math.min(sinceMs, onsets.get(service) ?? Infinity));
  };
  for (const { scope, index, sinceMs } of open) note(scope === 'edge' ? edgeTarget[index] : index, sinceMs);
  const start = new Set(from);
  const neighbours = new Map<number, number[]>();
  const isIn = (service: number): boolean => onsets.has(service) || start.has(service);
  const join = (a: number, b: number): void => {
    const known = neighbours.get(a);
    if (known === undefined) neighbours.set(a, [b]);
    else known.push(b);
  };
  for (let edge = 0; edge < edgeSource.length; edge += 1) {
    const [source, target] = [edgeSource[edge], edgeTarget[edge]];
    if (!isIn(source) || !isIn(target)) continue;
    join(source, target);
    join(target, source);
  }
  const services = new Set(start);
  for (const service of services) for (const next of neighbours.get(service) ?? []) services.add(next);
  let first: Onset | undefined;
  for (const service of services) {
    const onsetMs = onsets.get(service);
    if (onsetMs !== undefined && (first === undefined || onsetMs < first.onsetMs)) first = { service, onsetMs };
  }
  return { services, first };
}

/** Of the services, those that depend on the cause, nearest first. */
export function impactedBy(graph: Graph, cause: number, services: ReadonlySet<number>): number[] {
  const { edgeSource, edgeTarget } = graph.topology;
  const callers = new Map<number, number[]>();
  for (let edge = 0; edge < edgeSource.length; edge += 1) {
    if (!services.has(edgeSource[edge])) continue;
    const known = callers.get(edgeTarget[edge]);
    if (known === undefined) callers.set(edgeTarget[edge], [edgeSource[edge]]);
    else known.push(edgeSource[edge]);
  }
  const reached = new Set([cause]);
  for (const service of reached) for (const caller of callers.get(service) ?? []) reached.add(caller);
  reached.delete(cause);
  return [...reached].slice(0, ROOT_CAUSE.maxImpacted);
}
