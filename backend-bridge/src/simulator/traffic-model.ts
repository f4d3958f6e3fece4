import { edgeKey, type Topology } from '@topdeck/protocol';
import { NO_EFFECT } from './faults.ts';
import { channel, entityHash, hashUnit } from './noise.ts';
import { flowRequests } from './request-flow.ts';
import { resourceProfile, type ResourceProfile } from './resource-profiles.ts';
import { buildTrafficGraph, type TrafficGraph } from './traffic-graph.ts';

/** Streams of draws and noise of one entity; the numbers are part of what a seed means, so they never change. */
export const STREAM = {
  serviceTime: 1,
  servers: 2,
  memory: 3,
  errors: 4,
  utilisation: 5,
  entryRate: 6,
  calls: 7,
  cpu: 8,
  latency: 9,
  network: 10,
} as const;

/** What does not change with time: one column an entry of the topology, drawn from the seed and the entity's id. */
export interface TrafficModel {
  readonly topology: Topology;
  readonly seed: number;
  readonly graph: TrafficGraph;
  readonly profiles: readonly ResourceProfile[];
  readonly serviceHash: Uint32Array;
  readonly edgeHash: Uint32Array;
  /** Mean requests from outside, 1/s; 0 where none enter. */
  readonly entryRate: Float64Array;
  /** Calls of the target that one request to the source makes on average, 0–1. */
  readonly callsPerRequest: Float64Array;
  readonly serviceTimeS: Float64Array;
  readonly servers: Uint16Array;
  /** Requests a second at utilisation 1. */
  readonly capacity: Float64Array;
  readonly memoryBytes: Float64Array;
  readonly errorShare: Float64Array;
}

const ENTRY_RATE = [80, 320] as const;
const CALLS = [0.35, 0.95] as const;
/** Utilisation at mean load; the daily peak of 1.38 times stays below 0.7. */
const PLANNED_UTILISATION = [0.3, 0.48] as const;
/** Along the longest way, requests multiply or dwindle by no more than this; otherwise deep graphs would drown or starve. */
const MAX_GROWTH = 10;
const CALLS_CLOSING_A_CYCLE = 0.05;

/** O(services + edges). Deterministic in (topology, seed); an entity keeps its numbers when others come and go. */
export function buildTrafficModel(topology: Topology, seed: number): TrafficModel {
  const graph = buildTrafficGraph(topology);
  const serviceHash = Uint32Array.from(topology.resources, (r) => entityHash(r.id));
  const edgeHash = Uint32Array.from(topology.dependencies, (d) => entityHash(edgeKey(d.source, d.target)));
  const profiles = topology.resources.map((r) => resourceProfile(r.resource_type));
  const draw = (index: number, stream: number, [min, max]: readonly [number, number]): number =>
    min + (max - min) * hashUnit(seed, channel(serviceHash[index], stream), 0);
  const column = (value: (index: number) => number): Float64Array => Float64Array.from(profiles, (_, i) => value(i));

  const entryRate = column((i) => (graph.isEntry[i] === 1 ? draw(i, STREAM.entryRate, ENTRY_RATE) : 0));
  const callsPerRequest = drawCalls(graph, (edge) => hashUnit(seed, channel(edgeHash[edge], STREAM.calls), 0));
  const meanFlow = flowRequests(
    { topology, graph, entryRate, callsPerRequest },
    { load: 1, entryNoise: () => 0, edgeNoise: () => 0, servedShare: () => 1, effectOf: () => NO_EFFECT },
  );
  return {
    topology,
    seed,
    graph,
    profiles,
    serviceHash,
    edgeHash,
    entryRate,
    callsPerRequest,
    serviceTimeS: column((i) => draw(i, STREAM.serviceTime, profiles[i].serviceTimeS)),
    servers: Uint16Array.from(profiles, (profile, i) => draw(i, STREAM.servers, profile.servers)),
    capacity: column((i) => meanFlow.rate[i] / draw(i, STREAM.utilisation, PLANNED_UTILISATION)),
    memoryBytes: column((i) => draw(i, STREAM.memory, profiles[i].memoryMiB) * 1_048_576),
    errorShare: column((i) => draw(i, STREAM.errors, profiles[i].errorShare)),
  };
}

function drawCalls(graph: TrafficGraph, unit: (edge: number) => number): Float64Array {
  const calls = new Float64Array(graph.isBackEdge.length);
  const longestWay = graph.depth.reduce((longest, depth) => Math.max(longest, depth), 1);
  const mostCalls = MAX_GROWTH ** (1 / longestWay);
  for (let node = 0; node < graph.order.length; node += 1) {
    let sum = 0;
    for (let edge = graph.outStart[node]; edge < graph.outStart[node + 1]; edge += 1) {
      if (graph.isBackEdge[edge] === 1) calls[edge] = CALLS_CLOSING_A_CYCLE;
      else sum += calls[edge] = CALLS[0] + (CALLS[1] - CALLS[0]) * unit(edge);
    }
    const scale = Math.min(Math.max(sum, 1 / mostCalls), mostCalls) / sum;
    for (let edge = graph.outStart[node]; edge < graph.outStart[node + 1]; edge += 1) {
      if (graph.isBackEdge[edge] === 0) calls[edge] *= scale;
    }
  }
  return calls;
}
