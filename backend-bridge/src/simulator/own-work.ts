import { NO_EFFECT, type FaultEffect, type FaultEffects } from './faults.ts';
import { queueWaitS } from './latency.ts';
import { channel } from './noise.ts';
import type { RequestFlow } from './request-flow.ts';
import { STREAM, type TrafficModel } from './traffic-model.ts';

/** Largest deviations by noise. */
const SERVICE_TIME_NOISE = 0.06;
const ERROR_NOISE = 0.4;
const CPU_NOISE = 0.04;
const MEMORY_NOISE = 0.015;

const IDLE_CORES = 0.02;
/** Memory in use beside what load brings along. */
const MEMORY_AT_REST = 0.95;
const MEMORY_BY_LOAD = 0.1;
/** A refused connection is told at once. */
const REFUSAL_S = 0.001;
const ADDED_LATENCY_VARIATION = 0.35;

/** Share of its capacity that a resource uses when requests come at `rate`; above 1, the rest is refused. */
export function utilisationOf(
  model: TrafficModel,
  resource: number,
  { rate, effect }: { readonly rate: number; readonly effect: Readonly<FaultEffect> },
): number {
  return Math.max((rate * effect.slowdown) / model.capacity[resource], effect.utilisationFloor);
}

/** What resources do by themselves, before they wait for others. */
export interface Work {
  readonly meanS: Float64Array;
  readonly variance: Float64Array;
  readonly errorShare: Float64Array;
  /** NaN for resources without a container of ours and for those that are down. */
  readonly cpuCores: Float64Array;
  /** NaN like cpuCores. */
  readonly memoryBytes: Float64Array;
}

export interface WorkInput {
  readonly flow: RequestFlow;
  readonly effects: FaultEffects;
  /** Within ±1; see noiseAt. */
  readonly noise: (stream: number) => number;
}

export function doOwnWork(model: TrafficModel, { flow, effects, noise }: WorkInput): Work {
  const size = model.profiles.length;
  const column = (): Float64Array => new Float64Array(size);
  const work = { meanS: column(), variance: column(), errorShare: column(), cpuCores: column(), memoryBytes: column() };
  for (let i = 0; i < size; i += 1) {
    const effect = effects.get(i) ?? NO_EFFECT;
    const profile = model.profiles[i];
    const deviation = (stream: number): number => noise(channel(model.serviceHash[i], stream));
    const utilisation = utilisationOf(model, i, { rate: flow.rate[i], effect });
    const serviceTimeS =
      model.serviceTimeS[i] * effect.slowdown * (1 + SERVICE_TIME_NOISE * deviation(STREAM.serviceTime));
    const waitS = queueWaitS({ utilisation, servers: model.servers[i], serviceTimeS, places: profile.queuePlaces });
    const up = 1 - effect.downShare;
    work.meanS[i] = up * (serviceTimeS + waitS + effect.addedLatencyS) + effect.downShare * REFUSAL_S;
    work.variance[i] =
      up *
      ((profile.variation * serviceTimeS) ** 2 + waitS ** 2 + (ADDED_LATENCY_VARIATION * effect.addedLatencyS) ** 2);
    const failing = Math.min(1, model.errorShare[i] * (1 + ERROR_NOISE * deviation(STREAM.errors)));
    work.errorShare[i] = 1 - ((1 - failing) * (1 - effect.errorShare) * up) / Math.max(1, utilisation);
    const busy = Math.min(1, utilisation);
    const present = profile.container && up > 0;
    work.cpuCores[i] = present
      ? up * (IDLE_CORES + profile.cores * busy * (1 + CPU_NOISE * deviation(STREAM.cpu)))
      : NaN;
    work.memoryBytes[i] = present
      ? up *
        model.memoryBytes[i] *
        effect.memoryFactor *
        (MEMORY_AT_REST + MEMORY_BY_LOAD * busy) *
        (1 + MEMORY_NOISE * deviation(STREAM.memory))
      : NaN;
  }
  return work;
}
