import type { RootCauseSuspect } from '@topdeck/protocol';
import { createEngine } from '../../../backend-bridge/src/engine/engine.ts';
import { METRICS, STEP_MS, type Fault, type NezhaDay } from './read-nezha.ts';

/** Values from so long after the injection on are evidence of it, and so long after it is judged. */
const EVIDENCE_AFTER_MS = 20_000;
const JUDGED_AFTER_MS = 200_000;

export interface FaultOutcome {
  readonly fault: Fault;
  readonly suspects: readonly RootCauseSuspect[];
  /** 1 is first; 0 where the pod is not among the suspects. */
  readonly place: number;
}

/** Each fault, with all pods in question and everything before it learnt; what comes after the judgement is never read. */
export function judgeDay(
  { topology, batches, faults }: NezhaDay,
  judgedAfterMs: number = JUDGED_AFTER_MS,
): FaultOutcome[] {
  const engine = createEngine({ metrics: METRICS, stepMs: STEP_MS, ratioWindowMs: STEP_MS });
  engine.setTopology(topology);
  let next = 0;
  return faults.map((fault) => {
    let diagnosis;
    for (; next < batches.length && batches[next].atMs <= fault.atMs + judgedAfterMs; next += 1) {
      diagnosis = engine.diagnose(batches[next]);
    }
    const sinceMs = fault.atMs + EVIDENCE_AFTER_MS;
    const suspects = diagnosis?.rootCauses.among(topology.resources.keys(), { sinceMs }) ?? [];
    const place = suspects.findIndex(({ resource_id, target_id }) => (target_id ?? resource_id) === fault.pod) + 1;
    return { fault, suspects, place };
  });
}
