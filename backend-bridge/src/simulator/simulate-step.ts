import { answerRequests, type Answers } from './answers.ts';
import { NO_EFFECT, faultEffects, type Fault } from './faults.ts';
import { loadFactor } from './load-curve.ts';
import { channel, noiseAt } from './noise.ts';
import { doOwnWork, utilisationOf, type Work } from './own-work.ts';
import { flowRequests } from './request-flow.ts';
import { STREAM, type TrafficModel } from './traffic-model.ts';

/** All that the simulated system shows at one time, aligned with the model's topology. Arrays belong to the caller. */
export interface SimulatedStep extends Answers, Pick<Work, 'cpuCores' | 'memoryBytes'> {
  readonly atMs: number;
}

/** Largest relative deviations by noise. */
const ENTRY_NOISE = 0.04;
const CALLS_NOISE = 0.03;

/** The system at `atMs` under the faults: a function of its arguments alone, O(services + edges). */
export function simulateStep(model: TrafficModel, faults: readonly Fault[], atMs: number): SimulatedStep {
  const noise = noiseAt(model.seed, atMs);
  const effects = faultEffects(faults, model.topology.indexOf, atMs);
  const flow = flowRequests(model, {
    load: loadFactor(atMs),
    entryNoise: (i) => ENTRY_NOISE * noise(channel(model.serviceHash[i], STREAM.entryRate)),
    edgeNoise: (e) => CALLS_NOISE * noise(channel(model.edgeHash[e], STREAM.calls)),
    servedShare: (i, rate) => {
      const effect = effects.get(i) ?? NO_EFFECT;
      return (1 - effect.downShare) / Math.max(1, utilisationOf(model, i, { rate, effect }));
    },
    effectOf: (i) => effects.get(i) ?? NO_EFFECT,
  });
  const work = doOwnWork(model, { flow, effects, noise });
  const answers = answerRequests(model, { flow, effects, noise, work });
  return { atMs, ...answers, cpuCores: work.cpuCores, memoryBytes: work.memoryBytes };
}
