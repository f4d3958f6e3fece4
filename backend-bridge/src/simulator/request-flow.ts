import type { Topology } from '@topdeck/protocol';
import type { FaultEffect } from './faults.ts';
import type { TrafficGraph } from './traffic-graph.ts';

export interface FlowGraph {
  readonly topology: Topology;
  readonly graph: TrafficGraph;
  readonly entryRate: Float64Array;
  readonly callsPerRequest: Float64Array;
}

export interface FlowConditions {
  /** Factor on all entry traffic. */
  readonly load: number;
  /** Relative deviation of the traffic that enters at a resource. */
  readonly entryNoise: (resource: number) => number;
  /** Relative deviation of the calls along an edge. */
  readonly edgeNoise: (edge: number) => number;
  /** Share of a resource's requests that is worked on, and so makes calls, when they come at `rate`. */
  readonly servedShare: (resource: number, rate: number) => number;
  readonly effectOf: (resource: number) => Readonly<FaultEffect>;
}

/** Requests a second. For each resource, `rate` = what enters from outside + what comes along its incoming edges. */
export interface RequestFlow {
  readonly entryRate: Float64Array;
  readonly edgeRate: Float64Array;
  readonly rate: Float64Array;
}

/**
 * One pass, callers before callees. A call that closes a cycle is answered from the callee's own work and makes no
 * further calls; otherwise rates would be the fixed point of a loop, which need not exist.
 */
export function flowRequests(flow: FlowGraph, conditions: FlowConditions): RequestFlow {
  const { topology, graph, callsPerRequest } = flow;
  const { effectOf, edgeNoise } = conditions;
  const entryRate = new Float64Array(graph.order.length);
  const edgeRate = new Float64Array(callsPerRequest.length);
  const forwardRate = new Float64Array(graph.order.length);
  const rate = new Float64Array(graph.order.length);
  for (const node of graph.order) {
    if (flow.entryRate[node] > 0) {
      const arriving = flow.entryRate[node] * conditions.load * (1 + conditions.entryNoise(node));
      entryRate[node] = arriving * effectOf(node).trafficShare;
      forwardRate[node] += entryRate[node];
      rate[node] += entryRate[node];
    }
    const served = forwardRate[node] * conditions.servedShare(node, forwardRate[node]);
    for (let edge = graph.outStart[node]; edge < graph.outStart[node + 1]; edge += 1) {
      const target = topology.edgeTarget[edge];
      const calls = served * callsPerRequest[edge] * (1 + edgeNoise(edge)) * effectOf(target).trafficShare;
      edgeRate[edge] = calls;
      rate[target] += calls;
      if (graph.isBackEdge[edge] === 0) forwardRate[target] += calls;
    }
  }
  return { entryRate, edgeRate, rate };
}
