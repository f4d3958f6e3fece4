import type { RootCause } from '@topdeck/protocol';
import { createEngine, type Engine } from '../../../backend-bridge/src/engine/engine.ts';
import { METRICS, STEP_MS, type Issue, type PetShop } from './read-petshop.ts';

/** Periods that have begun since the alarm when it is judged: the window of the search less one. */
const JUDGED_AFTER_MS = 2 * STEP_MS;
/** Half a day of normal time is learnt before the first question about it. */
const LEARNT_PERIODS = 144;

export interface IssueOutcome {
  readonly name: string;
  readonly metric: string;
  readonly cause: string;
  readonly answer: RootCause;
  /** 1 is first; 0 where the cause is not among the suspects. */
  readonly place: number;
}

const newEngine = ({ topology }: PetShop): Engine => {
  const engine = createEngine({ metrics: METRICS, stepMs: STEP_MS, ratioWindowMs: STEP_MS });
  engine.setTopology(topology);
  return engine;
};

export const placeOf = (answer: RootCause, cause: string): number =>
  answer.suspects.findIndex(({ resource_id, target_id }) => (target_id ?? resource_id) === cause) + 1;

/**
 * One issue, after all of normal time: its periods are moved to follow it, since the set recorded normal time at another
 * time of the year. What comes after the judgement is never read.
 */
export function judgeIssue(set: PetShop, issue: Issue, judgedAfterMs: number = JUDGED_AFTER_MS): IssueOutcome {
  const { target, cause, name } = issue;
  const engine = newEngine(set);
  for (const batch of set.normal) engine.learn(batch);
  const last = set.normal[set.normal.length - 1].atMs;
  const shiftMs = last + STEP_MS - issue.batches[0].atMs;
  const seen = issue.batches.filter(({ atMs }) => atMs <= target.atMs + judgedAfterMs);
  const diagnoses = seen.map((batch) => engine.diagnose({ ...batch, atMs: batch.atMs + shiftMs }));
  const diagnosis = diagnoses[diagnoses.length - 1];
  const service = set.topology.indexOf.get(target.node) ?? -1;
  const answer = diagnosis.rootCauses.of(service, { metric: target.metric, sinceMs: target.atMs + shiftMs });
  return { name, metric: target.metric, cause, answer, place: placeOf(answer, cause) };
}

export interface Specificity {
  readonly asked: number;
  /** Questions that were answered with a cause although nothing was wrong. */
  readonly wrong: number;
}

/** Normal time: at every period after the learnt ones, and for every metric that alarms in the set, nothing is to be blamed. */
export function judgeNormal(set: PetShop): Specificity {
  const engine = newEngine(set);
  const questions = new Map(set.issues.map(({ target }) => [`${target.node} ${target.metric}`, target]));
  let [asked, wrong] = [0, 0];
  for (const [period, batch] of set.normal.entries()) {
    if (period < LEARNT_PERIODS) {
      engine.learn(batch);
      continue;
    }
    const { rootCauses } = engine.diagnose(batch);
    for (const { node, metric } of questions.values()) {
      const service = set.topology.indexOf.get(node) ?? -1;
      const { verdict } = rootCauses.of(service, { metric, sinceMs: batch.atMs - STEP_MS });
      asked += 1;
      if (verdict === 'explained') wrong += 1;
    }
  }
  return { asked, wrong };
}
