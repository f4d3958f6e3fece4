import { DEFAULT_THRESHOLDS } from '@topdeck/protocol';
import { beliefOf, type Signals } from './signals.ts';
import { ROOT_CAUSE } from './tuning.ts';

/** One series that speaks against a service. */
export interface LocalFinding {
  readonly position: number;
  readonly index: number;
  readonly belief: number;
}
/** What a service shows of its own accord, whoever suffers from it. */
export interface LocalEvidence {
  readonly findings: readonly LocalFinding[];
  /** That any of it is real, 0–1: resources by the strongest, since they rise together; lost calls each on its own. */
  readonly belief: number;
}

export function localEvidence(signals: Signals, service: number): LocalEvidence {
  const resources = signals.roles.resources.flatMap((position): LocalFinding[] => {
    const belief = resourceBelief(signals, position, service);
    return belief >= 0.5 ? [{ position, index: service, belief }] : [];
  });
  const lost = lostCallsOf(signals, service);
  const strongest = Math.max(0, ...resources.map(({ belief }) => belief));
  const doubt = lost.reduce((product, { belief }) => product * (1 - belief), 1 - strongest);
  return { findings: [...resources, ...lost], belief: 1 - doubt };
}

/** A share of its limit that has risen to saturation is believed by half, however restless the series is known to be. */
function resourceBelief(signals: Signals, position: number, service: number): number {
  const { value, expected, z } = signals.at(position, service);
  if (!(value > expected) || !signals.matters(position, service)) return 0;
  const isSaturated = signals.spec(position).unit === 'ratio' && value >= DEFAULT_THRESHOLDS.cpu_usage;
  return Math.max(beliefOf(z), isSaturated ? 0.5 : 0);
}

/** That the edge itself delays: what it adds to the called service’s latency is more than before. */
export function networkDelay(signals: Signals, edge: number): number {
  const position = signals.roles.network;
  const belief = beliefOf(signals.at(position, edge).z);
  return belief >= 0.5 && signals.matters(position, edge) ? belief : 0;
}

function lostCallsOf(signals: Signals, service: number): LocalFinding[] {
  const { topology, outOffsets } = signals.graph;
  const { edge: ofEdges, service: ofServices } = signals.roles;
  const end = Math.min(outOffsets[service + 1], outOffsets[service] + ROOT_CAUSE.maxEdges);
  const findings: LocalFinding[] = [];
  for (let edge = outOffsets[service]; edge < end; edge += 1) {
    const belief = lostCalls(signals, edge);
    if (belief === 0) continue;
    const isMeasured = !Number.isNaN(signals.at(ofEdges.requests, edge).z);
    const series = isMeasured
      ? { position: ofEdges.requests, index: edge }
      : { position: ofServices.requests, index: topology.edgeTarget[edge] };
    findings.push({ ...series, belief });
  }
  return findings;
}

/**
 * Belief that the caller of this edge no longer makes calls that it used to make. Against the calls that its own requests
 * would have caused as usual, so that less traffic is no loss; counted as Poisson events in the square-root domain
 * (variance 1/4 each) and by the noise that the series is known for beyond what is Poisson’s or the caller’s own. Calls
 * that fail are still made: the caller has not lost them.
 */
export function lostCalls(signals: Signals, edge: number): number {
  const { topology } = signals.graph;
  const { edge: ofEdges, service: ofServices } = signals.roles;
  const [source, target] = [topology.edgeSource[edge], topology.edgeTarget[edge]];
  const own = signals.at(ofEdges.requests, edge);
  const calls = Number.isNaN(own.z) ? signals.at(ofServices.requests, target) : own;
  const asked = signals.at(ofServices.requests, source);
  if (!(calls.expected > 0) || !(asked.expected > 0) || !(asked.value > 0)) return 0;
  const spanS = calls.count * signals.tickS;
  const usual = Math.min(1, asked.value / asked.expected) * calls.expected * spanS;
  const made = calls.value * spanS;
  if (!(made < usual)) return 0;
  const shared = Math.max(asked.noise ** 2, 1 / (calls.expected * signals.tickS));
  const ownNoise = Math.max(0, calls.noise ** 2 - shared);
  const deviation = Math.sqrt(0.5 + (usual * ownNoise) / 4);
  const belief = beliefOf((Math.sqrt(usual) - Math.sqrt(made)) / deviation);
  if (belief < 0.5) return 0;
  const fails = Math.max(signals.ofEdge('errors', edge).belief, signals.ofService('errors', target).belief);
  return belief * (1 - made / usual) * (1 - fails);
}
