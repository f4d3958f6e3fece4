import { NO_EFFECT } from './faults.ts';
import { capLatency, latencyP95, type CappedLatency, type Latency } from './latency.ts';
import { channel } from './noise.ts';
import type { Work, WorkInput } from './own-work.ts';
import { STREAM, type TrafficModel } from './traffic-model.ts';

/** Requests and their answers, as whoever sends them sees them. NaN where no requests are. */
export interface TrafficColumns {
  /** 1/s */
  readonly requestRate: Float64Array;
  /** 0–1 */
  readonly errorRate: Float64Array;
  readonly latencyMeanS: Float64Array;
  /** s² */
  readonly latencyVariance: Float64Array;
  readonly latencyP95S: Float64Array;
}

export interface Answers {
  /** Over all requests to a resource, whoever sent them. */
  readonly services: TrafficColumns;
  readonly edges: TrafficColumns;
  /** Requests from outside; rate 0 and the rest NaN at resources where none enter. */
  readonly entries: TrafficColumns;
}

const NETWORK_NOISE = 0.03;
/** Below this rate no request is likely to fall into a reading. */
const NO_REQUESTS = 1e-6;

function trafficColumns(requestRate: Float64Array): TrafficColumns {
  const column = (): Float64Array => new Float64Array(requestRate.length).fill(NaN);
  return {
    requestRate,
    errorRate: column(),
    latencyMeanS: column(),
    latencyVariance: column(),
    latencyP95S: column(),
  };
}

interface Seen extends Latency {
  readonly errorShare: number;
}

function setSeen(columns: TrafficColumns, index: number, seen: Seen): void {
  columns.errorRate[index] = seen.errorShare;
  columns.latencyMeanS[index] = seen.meanS;
  columns.latencyVariance[index] = seen.variance;
  columns.latencyP95S[index] = latencyP95(seen.meanS, seen.variance);
}

/** Callees before callers: the answer to a caller is made of the callee's own work and of the answers it waited for. */
export function answerRequests(
  model: TrafficModel,
  { flow, effects, noise, work }: WorkInput & { readonly work: Work },
): Answers {
  const { graph, topology } = model;
  const services = trafficColumns(flow.rate);
  const edges = trafficColumns(flow.edgeRate);
  const entries = trafficColumns(flow.entryRate);
  const capped: CappedLatency = { meanS: 0, variance: 0, exceeded: 0 };
  for (let at = graph.order.length - 1; at >= 0; at -= 1) {
    const node = graph.order[at];
    const own: Seen = { meanS: work.meanS[node], variance: work.variance[node], errorShare: work.errorShare[node] };
    const full = withCallees(model, { node, own, work, edges, down: (effects.get(node) ?? NO_EFFECT).downShare });
    const total = new Mixture();
    for (let k = graph.inStart[node]; k < graph.inStart[node + 1]; k += 1) {
      const edge = graph.inEdges[k];
      const seen = graph.isBackEdge[edge] === 1 ? own : full;
      const network = 1 + NETWORK_NOISE * noise(channel(model.edgeHash[edge], STREAM.network));
      const sent = { meanS: seen.meanS * network, variance: seen.variance * network * network };
      capLatency(sent, model.profiles[node].timeoutS, capped);
      const errorShare = 1 - (1 - seen.errorShare) * (1 - capped.exceeded);
      // Set whatever the rate: callers read it even where they call too rarely to be counted.
      setSeen(edges, edge, { meanS: capped.meanS, variance: capped.variance, errorShare });
      total.add(flow.edgeRate[edge], { meanS: capped.meanS, variance: capped.variance, errorShare });
    }
    if (flow.entryRate[node] > NO_REQUESTS) {
      setSeen(entries, node, full);
      total.add(flow.entryRate[node], full);
    }
    if (total.rate > NO_REQUESTS) setSeen(services, node, total.seen());
  }
  for (let edge = 0; edge < topology.dependencies.length; edge += 1) {
    if (flow.edgeRate[edge] <= NO_REQUESTS) setSeen(edges, edge, { meanS: NaN, variance: NaN, errorShare: NaN });
  }
  return { services, edges, entries };
}

interface Calling {
  readonly node: number;
  readonly own: Seen;
  readonly work: Work;
  readonly edges: TrafficColumns;
  readonly down: number;
}

/** Calls are made one after the other, each with its own probability w: mean w·m, variance w·v + w(1−w)·m². */
function withCallees(model: TrafficModel, { node, own, work, edges, down }: Calling): Seen {
  const { graph, topology } = model;
  let { meanS, variance } = own;
  let succeeding = 1 - own.errorShare;
  for (let edge = graph.outStart[node]; edge < graph.outStart[node + 1]; edge += 1) {
    const callee = topology.edgeTarget[edge];
    const w = model.callsPerRequest[edge] * (1 - down);
    // The answer along a back edge is not known yet, but is the callee's own work alone.
    const backEdge = graph.isBackEdge[edge] === 1;
    const m = backEdge ? work.meanS[callee] : edges.latencyMeanS[edge];
    const v = backEdge ? work.variance[callee] : edges.latencyVariance[edge];
    const e = backEdge ? work.errorShare[callee] : edges.errorRate[edge];
    meanS += w * m;
    variance += w * v + w * (1 - w) * m * m;
    succeeding *= 1 - w * e * (1 - model.profiles[callee].fallback);
  }
  return { meanS, variance, errorShare: 1 - succeeding };
}

/** Requests of several senders taken together. */
class Mixture {
  rate = 0;
  #mean = 0;
  #secondMoment = 0;
  #errors = 0;

  add(rate: number, seen: Seen): void {
    this.rate += rate;
    this.#mean += rate * seen.meanS;
    this.#secondMoment += rate * (seen.variance + seen.meanS * seen.meanS);
    this.#errors += rate * seen.errorShare;
  }

  seen(): Seen {
    const meanS = this.#mean / this.rate;
    return {
      meanS,
      variance: Math.max(0, this.#secondMoment / this.rate - meanS * meanS),
      errorShare: this.#errors / this.rate,
    };
  }
}
